#include "node/domain/contact_import.h"

#include <algorithm>
#include <cstddef>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

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

class Planner {
 public:
  Planner(const std::vector<std::string>& header, const std::vector<ColumnPlan>& columns,
          Record defaults)
      : header_(header), columns_(columns), defaults_(std::move(defaults)) {
    for (std::size_t i = 0; i < header.size(); ++i)
      plan_.columns.push_back({header[i], FateOf(columns[i]), 0, 0});
  }

  void Add(const ImportRow& row) {
    for (std::size_t i = 0; i < columns_.size(); ++i)
      if (Filled(row, i)) ++plan_.columns[i].values;
    RowReading reading = ReadContactRow(columns_, row.cells);
    if (TextOf(reading.record, "family_name").empty() &&
        TextOf(reading.record, "given_name").empty() &&
        TextOf(reading.record, "organisation").empty()) {
      if (HasTakenValue(row)) plan_.rows.push_back({row.line, "no-name-and-no-organisation"});
      return;
    }
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

  ImportPlan Take() { return std::move(plan_); }

 private:
  // Whether the row says anything at all in the columns that are taken.
  bool HasTakenValue(const ImportRow& row) const {
    for (std::size_t i = 0; i < columns_.size(); ++i)
      if (plan_.columns[i].fate == ColumnFate::kTaken && Filled(row, i)) return true;
    return false;
  }

  void Merge(std::size_t index, std::size_t line, RowReading& reading) {
    PlannedContact& contact = plan_.contacts[index];
    contact.more_lines.push_back(line);
    for (const auto& [field, value] : reading.record) {
      const auto [kept, added] = from_row_[index].try_emplace(field, value);
      if (added) {
        contact.record[field] = value;
      } else if (kept->second != value) {
        for (const std::size_t column : reading.origins[field])
          reading.refused.try_emplace(column, "differs-from-line-" + std::to_string(contact.line));
      }
    }
  }

  void Account(const ImportRow& row, const RowReading& reading) {
    for (std::size_t i = 0; i < columns_.size(); ++i) {
      if (plan_.columns[i].fate != ColumnFate::kTaken || !Filled(row, i)) continue;
      const auto refused = reading.refused.find(i);
      if (refused == reading.refused.end()) {
        ++plan_.columns[i].taken;
      } else {
        plan_.values.push_back({row.line, header_[i], refused->second});
      }
    }
  }

  const std::vector<std::string>& header_;
  const std::vector<ColumnPlan>& columns_;
  Record defaults_;
  ImportPlan plan_;
  std::map<std::string, std::size_t> places_;  // key -> index in plan_.contacts
  std::vector<Record> from_row_;               // what the file says of each, without defaults
};

}  // namespace

Result<ImportPlan> MapContacts(const std::vector<std::string>& header,
                               const std::vector<ImportRow>& rows, const ImportDefaults& defaults) {
  const std::vector<ColumnPlan> columns = PlanColumns(header);
  TRY(RefuseCaseData(header, columns, rows));
  if (std::none_of(columns.begin(), columns.end(), NamesContact))
    return Fail(Code::kMalformed, "no column holds a name or an organisation");
  ASSIGN(Record record, DefaultRecord(defaults));
  Planner planner(header, columns, std::move(record));
  for (const ImportRow& row : rows) planner.Add(row);
  return planner.Take();
}

}  // namespace geflecht::domain
