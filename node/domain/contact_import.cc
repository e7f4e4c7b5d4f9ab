#include "node/domain/contact_import.h"

#include <algorithm>
#include <cstddef>
#include <map>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/limits.h"
#include "node/domain/contact.h"
#include "node/domain/contact_columns.h"
#include "node/domain/contact_row_reader.h"
#include "node/domain/document_types.h"
#include "node/domain/envelope.h"
#include "node/domain/text.h"
#include "node/domain/validate.h"

namespace geflecht::domain {
namespace {

constexpr std::size_t kHeadingBytesShown = 64;

// A heading for an error message: one line of bounded length.
std::string Shown(std::string_view heading) {
  std::string line = OneLine(heading);
  if (line.size() <= kHeadingBytesShown && IsCleanText(line, false)) return line;
  return FoldHeading(line).substr(0, kHeadingBytesShown);
}

bool Filled(const ImportRow& row, std::size_t column) {
  return column < row.cells.size() && !row.cells[column].empty();
}

Result<void> RefuseCaseData(const std::vector<std::string>& header,
                            const std::vector<ColumnPlan>& columns,
                            const std::vector<ImportRow>& rows) {
  for (const ImportRow& row : rows)
    for (std::size_t i = 0; i < columns.size(); ++i)
      if (columns[i].rule && columns[i].rule->use == ColumnUse::kCase && Filled(row, i))
        return Fail(Code::kCaseData,
                    "column \"" + Shown(header[i]) + "\", line " + std::to_string(row.line));
  return {};
}

ColumnFate FateOf(const ColumnPlan& column) {
  if (!column.rule) return ColumnFate::kUnknown;
  switch (column.rule->use) {
    case ColumnUse::kPrivate:
      return ColumnFate::kPrivate;
    case ColumnUse::kFreeText:
      return ColumnFate::kFreeText;
    case ColumnUse::kCase:
      return ColumnFate::kCase;
    default:
      return ColumnFate::kTaken;
  }
}

Result<Record> DefaultRecord(const ImportDefaults& defaults) {
  Record record;
  record[std::string(kPurpose)] = defaults.purpose;
  record[std::string(kLegalBasis)] = defaults.legal_basis;
  record[std::string(kRetentionClass)] = defaults.retention_class;
  record[std::string(kVisibility)] = defaults.visibility;
  record[std::string(kSource)] = defaults.source;
  record[std::string(kRestricted)] = false;
  record["info_status"] = std::string("open");
  if (!defaults.owner_org.empty()) record[std::string(kOwnerOrg)] = defaults.owner_org;
  const crdt::Schema& schema = *FindSchema(kContact, kSchemaVersion);
  for (const auto& [key, value] : record) TRY(CheckField(schema, key, value));
  return record;
}

// A row with what is needed to account for it. The spans are parallel.
struct PlannedRow {
  std::size_t line = 0;
  std::span<const ColumnPlan> columns;
  std::span<const std::string> cells;   // missing ones at the end count as empty
  std::span<const std::size_t> places;  // in the report; without any: column i stands at i
  std::span<const std::size_t> lines;   // without any: all stand in `line`
  const std::map<std::size_t, std::string>* refused = nullptr;  // without being read
  bool is_card = false;

  bool Filled(std::size_t i) const { return i < cells.size() && !cells[i].empty(); }
  std::size_t Place(std::size_t i) const { return places.empty() ? i : places[i]; }
  std::size_t Line(std::size_t i) const { return lines.empty() ? line : lines[i]; }
};

class Planner {
 public:
  explicit Planner(Record defaults) : defaults_(std::move(defaults)) {}

  // Returns the place of a new column in the report.
  std::size_t AddColumn(const std::string& heading, ColumnFate fate) {
    plan_.columns.push_back({heading, fate, 0, 0});
    return plan_.columns.size() - 1;
  }

  void RefuseRow(const PlannedRow& row, std::string reason) {
    Count(row);
    plan_.rows.push_back({row.line, std::move(reason)});
  }

  void Add(const PlannedRow& row) {
    RowReading reading = Read(row);
    if (TextOf(reading.record, "family_name").empty() &&
        TextOf(reading.record, "given_name").empty() &&
        TextOf(reading.record, "organisation").empty()) {
      if (row.is_card || HasTakenValue(row)) return RefuseRow(row, "no-name-and-no-organisation");
      return Count(row);
    }
    Count(row);
    const std::string key = ContactKey(reading.record);
    const auto [place, is_new] = places_.try_emplace(key, plan_.contacts.size());
    if (is_new) {
      Record record = defaults_;
      for (const auto& [field, value] : reading.record) record[field] = value;
      plan_.contacts.push_back({key, row.line, {}, std::move(record)});
      from_row_.push_back(reading.record);
    } else {
      Merge(place->second, row.line, reading);
    }
    Account(row, reading);
  }

  ImportPlan Take() {
    const auto by_line = [](const auto& a, const auto& b) { return a.line < b.line; };
    std::stable_sort(plan_.rows.begin(), plan_.rows.end(), by_line);
    std::stable_sort(plan_.values.begin(), plan_.values.end(), by_line);
    return std::move(plan_);
  }

  // A file of which so little can be taken is no list of contacts.
  Result<void> CheckSize(std::size_t line) const {
    if (plan_.values.size() + plan_.rows.size() <= limits::kImportReportsMax) return {};
    return Fail(Code::kTooLarge, "line " + std::to_string(line) + ": more than " +
                                     std::to_string(limits::kImportReportsMax) +
                                     " values and rows cannot be taken");
  }

  void AddLost(const RowReport& lost) { plan_.rows.push_back(lost); }

 private:
  static RowReading Read(const PlannedRow& row) {
    if (row.refused == nullptr) return ReadContactRow(row.columns, row.cells);
    std::vector<ColumnPlan> columns(row.columns.begin(), row.columns.end());
    for (const auto& [column, reason] : *row.refused) columns[column].rule = nullptr;
    RowReading reading = ReadContactRow(columns, row.cells);
    reading.refused.insert(row.refused->begin(), row.refused->end());
    return reading;
  }

  void Count(const PlannedRow& row) {
    for (std::size_t i = 0; i < row.columns.size(); ++i)
      if (row.Filled(i)) ++plan_.columns[row.Place(i)].values;
  }

  // Whether the row says anything at all in the columns that are taken.
  bool HasTakenValue(const PlannedRow& row) const {
    for (std::size_t i = 0; i < row.columns.size(); ++i)
      if (plan_.columns[row.Place(i)].fate == ColumnFate::kTaken && row.Filled(i)) return true;
    return false;
  }

  void Merge(std::size_t index, std::size_t line, RowReading& reading) {
    PlannedContact& contact = plan_.contacts[index];
    contact.more_lines.push_back(line);
    for (const auto& [field, value] : reading.record) {
      const auto [kept, added] = from_row_[index].try_emplace(field, value);
      if (added) {
        contact.record[field] = value;
      } else if (!SaysTheSame(field, kept->second, value)) {
        for (const std::size_t column : reading.origins[field])
          reading.refused.try_emplace(column, "differs-from-line-" + std::to_string(contact.line));
      }
    }
  }

  void Account(const PlannedRow& row, const RowReading& reading) {
    for (std::size_t i = 0; i < row.columns.size(); ++i) {
      ColumnReport& column = plan_.columns[row.Place(i)];
      if (!row.Filled(i)) continue;
      const auto refused = reading.refused.find(i);
      if (refused != reading.refused.end()) {
        plan_.values.push_back({row.Line(i), column.heading, refused->second});
      } else if (column.fate == ColumnFate::kTaken) {
        ++column.taken;
      }
    }
  }

  Record defaults_;
  ImportPlan plan_;
  std::map<std::string, std::size_t> places_;  // key -> index in plan_.contacts
  std::vector<Record> from_row_;               // what the file says of each, without defaults
};

Result<void> RefuseCaseCard(const CardRow& row) {
  for (std::size_t i = 0; i < row.columns.size(); ++i)
    if (row.columns[i].rule && row.columns[i].rule->use == ColumnUse::kCase)
      return Fail(Code::kCaseData,
                  "property \"" + row.headings[i] + "\", line " + std::to_string(row.lines[i]));
  return {};
}

// Columns of a report that grows while cards are read.
class CardHeadings {
 public:
  Result<std::vector<std::size_t>> PlacesOf(const CardRow& row, Planner& planner) {
    std::vector<std::size_t> places;
    for (std::size_t i = 0; i < row.columns.size(); ++i) {
      const ColumnFate fate = FateOf(row.columns[i]);
      const auto [place, is_new] = places_.try_emplace({row.headings[i], fate}, places_.size());
      if (is_new && places_.size() > limits::kVcardHeadingsMax)
        return Fail(Code::kTooLarge, "line " + std::to_string(row.lines[i]) + ": more than " +
                                         std::to_string(limits::kVcardHeadingsMax) +
                                         " kinds of properties");
      if (is_new) planner.AddColumn(row.headings[i], fate);
      places.push_back(place->second);
    }
    return places;
  }

 private:
  std::map<std::pair<std::string, ColumnFate>, std::size_t> places_;
};

}  // namespace

Result<ImportPlan> MapContacts(const std::vector<std::string>& header,
                               const std::vector<ImportRow>& rows, const ImportDefaults& defaults) {
  const std::vector<ColumnPlan> columns = PlanColumns(header);
  TRY(RefuseCaseData(header, columns, rows));
  if (std::none_of(columns.begin(), columns.end(), NamesContact))
    return Fail(Code::kMalformed, "no column holds a name or an organisation");
  ASSIGN(Record record, DefaultRecord(defaults));
  Planner planner(std::move(record));
  for (std::size_t i = 0; i < header.size(); ++i) planner.AddColumn(header[i], FateOf(columns[i]));
  for (const ImportRow& row : rows) {
    planner.Add({row.line, columns, row.cells, {}, {}});
    TRY(planner.CheckSize(row.line));
  }
  return planner.Take();
}

Result<ImportPlan> MapCards(const std::vector<ImportCard>& cards,
                            const std::vector<RowReport>& lost, const ImportDefaults& defaults) {
  ASSIGN(Record record, DefaultRecord(defaults));
  Planner planner(std::move(record));
  CardHeadings headings;
  for (const ImportCard& card : cards) {
    const CardRow row = RowOfCard(card);
    TRY(RefuseCaseCard(row));
    ASSIGN(const std::vector<std::size_t> places, headings.PlacesOf(row, planner));
    const PlannedRow planned{card.line, row.columns,  row.cells, places,
                             row.lines, &row.refused, true};
    if (row.refusal.empty()) {
      planner.Add(planned);
    } else {
      planner.RefuseRow(planned, row.refusal);
    }
    TRY(planner.CheckSize(card.line));
  }
  for (const RowReport& report : lost) planner.AddLost(report);
  return planner.Take();
}

}  // namespace geflecht::domain
