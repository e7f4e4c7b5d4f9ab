// POST /api/v1/contacts/import
#include "node/domain/contact_import.h"

#include <algorithm>
#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <charconv>
#include <cstddef>
#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "node/api/context.h"
#include "node/api/handlers/contact_list.h"
#include "node/api/handlers/spaces.h"
#include "node/domain/case_guard/case_guard.h"
#include "node/domain/contact.h"
#include "node/domain/document_types.h"
#include "node/domain/envelope.h"
#include "node/formats/csv.h"
#include "node/formats/file_kind.h"
#include "node/formats/vcard_read.h"

namespace geflecht::api {
namespace {

using boost::json::array;
using boost::json::object;

// Rows that one call imports at most, so that the loop is never held up for long.
constexpr std::size_t kRowsPerCallMax = 1000;

Result<std::size_t> NumberOf(const Request& request, std::string_view key, std::size_t otherwise) {
  const auto it = request.query.find(std::string(key));
  if (it == request.query.end()) return otherwise;
  std::size_t number = 0;
  const char* end = it->second.data() + it->second.size();
  const auto parsed = std::from_chars(it->second.data(), end, number);
  if (parsed.ec != std::errc() || parsed.ptr != end)
    return Fail(Code::kUsage, "\"" + std::string(key) + "\" is no number");
  return number;
}

std::string_view FateName(domain::ColumnFate fate) {
  switch (fate) {
    case domain::ColumnFate::kTaken:
      return "taken";
    case domain::ColumnFate::kUnknown:
      return "unknown";
    case domain::ColumnFate::kPrivate:
      return "private";
    case domain::ColumnFate::kFreeText:
      return "free-text";
    case domain::ColumnFate::kCase:
      return "case";
  }
  return "unknown";
}

object ReportJson(const domain::ImportPlan& plan) {
  array columns;
  for (const domain::ColumnReport& column : plan.columns)
    columns.push_back(object{{"heading", column.heading},
                             {"fate", FateName(column.fate)},
                             {"values", column.values},
                             {"taken", column.taken}});
  array values;
  for (const domain::ValueReport& value : plan.values)
    values.push_back(
        object{{"line", value.line}, {"heading", value.heading}, {"reason", value.reason}});
  array rows;
  for (const domain::RowReport& row : plan.rows)
    rows.push_back(object{{"line", row.line}, {"reason", row.reason}});
  return {
      {"columns", std::move(columns)}, {"values", std::move(values)}, {"rows", std::move(rows)}};
}

// The error with a sentence that says what to do about the file, if it has none yet.
Error OfFile(Error error, const char* hint) {
  if (error.code == Code::kCaseData) error.hint = "hint.import-case-data";
  if (error.code == Code::kTooLarge) error.hint = "hint.import-too-large";
  if (error.code == Code::kMalformed) error.hint = hint;
  return error;
}

struct FilePlan {
  domain::ImportPlan plan;
  std::string_view format;
};

Result<FilePlan> PlanOfTable(ByteView bytes, const domain::ImportDefaults& defaults) {
  Result<formats::CsvTable> table = formats::ParseCsv(bytes);
  if (!table) return Fail(OfFile(table.error(), "hint.import-line"));
  std::vector<domain::ImportRow> rows;
  for (formats::CsvRow& row : table->rows) rows.push_back({row.line, std::move(row.cells)});
  Result<domain::ImportPlan> plan = domain::MapContacts(table->header, rows, defaults);
  if (!plan) return Fail(OfFile(plan.error(), "hint.import-no-names"));
  return FilePlan{*std::move(plan), "csv"};
}

Result<FilePlan> PlanOfCards(ByteView bytes, const domain::ImportDefaults& defaults) {
  Result<formats::VcardFile> file = formats::ParseVcards(bytes);
  if (!file) return Fail(OfFile(file.error(), "hint.import-line"));
  std::vector<domain::ImportCard> cards;
  for (formats::Vcard& card : file->cards) {
    cards.push_back({card.line, card.version == "4.0", {}});
    for (formats::VcardProperty& from : card.properties)
      cards.back().properties.push_back({from.line, std::move(from.group), std::move(from.name),
                                         std::move(from.types), std::move(from.parts),
                                         std::move(from.problem)});
  }
  std::vector<domain::RowReport> lost;
  for (const formats::VcardLoss& loss : file->lost) lost.push_back({loss.line, loss.reason});
  Result<domain::ImportPlan> plan = domain::MapCards(cards, lost, defaults);
  if (!plan) return Fail(OfFile(plan.error(), "hint.import-line"));
  return FilePlan{*std::move(plan), "vcard"};
}

Result<FilePlan> PlanOf(const Request& request, const Context& context) {
  domain::ImportDefaults defaults;
  defaults.owner_org = context.card.organisation;
  const auto take = [&](const char* key, std::string& into) {
    const auto it = request.query.find(key);
    if (it != request.query.end()) into = it->second;
  };
  take("purpose", defaults.purpose);
  take("legal_basis", defaults.legal_basis);
  take("retention", defaults.retention_class);
  const ByteView bytes = AsBytes(request.body);
  switch (formats::DetectFileKind(bytes)) {
    case formats::FileKind::kVcards:
      return PlanOfCards(bytes, defaults);
    case formats::FileKind::kTable:
      return PlanOfTable(bytes, defaults);
    case formats::FileKind::kOther:
      break;
  }
  return Fail(Code::kMalformed, "neither a table as text nor a file of cards",
              "hint.import-other-file");
}

// The case guard of what stands in free fields, after that of the columns' headings: such a value
// is left out and reported.
void LeaveCaseDataOut(domain::ImportPlan& plan) {
  for (domain::PlannedContact& contact : plan.contacts)
    for (const char* key :
         {"function", "network_role", "topics", "availability", "deputy", "department"}) {
      if (!domain::CheckText(domain::TextOf(contact.record, key)).flagged()) continue;
      contact.record.erase(key);
      plan.values.push_back({contact.line, key, "case-data"});
    }
}

bool IsEnvelopeKey(std::string_view key) {
  const auto& fields = domain::EnvelopeFields();
  return std::any_of(fields.begin(), fields.end(),
                     [&](const crdt::FieldSpec& field) { return field.key == key; });
}

enum class Taken { kNew, kChanged, kSame };

// Writes what the row says differently; what it does not mention stays.
Result<Taken> TakeContact(replica::Replica& replica, const domain::PlannedContact& planned,
                          const std::map<std::string, Contact>& known,
                          const std::optional<log::SpaceId>& space, Time now) {
  const auto it = known.find(planned.key);
  domain::Record edits;
  for (const auto& [key, value] : planned.record) {
    if (it != known.end()) {
      const auto current = it->second.record.find(key);
      if (current != it->second.record.end() &&
          (domain::SaysTheSame(key, current->second, value) || IsEnvelopeKey(key)))
        continue;
    }
    edits[key] = value;
  }
  if (edits.empty()) return Taken::kSame;
  const auto set = [&](crdt::Transaction& transaction) -> Result<void> {
    for (const auto& [key, value] : edits) TRY(transaction.Set("/" + key, value));
    return {};
  };
  if (it == known.end()) {
    TRY(replica.Create(domain::kContact, set, now, space));
    return Taken::kNew;
  }
  TRY(replica.Edit(it->second.id, set, now));
  TRY(replica.Cut(it->second.id, now));
  return Taken::kChanged;
}

}  // namespace

Answer ImportContacts(const Request& request, const Arguments&, Context& context) {
  ASSIGN(replica::Replica* const replica, ReplicaOf(context));
  if (const auto name = request.query.find("file"); name != request.query.end())
    if (domain::CheckText(name->second).flagged())
      return Fail(Code::kCaseData, "the name of the file", "hint.import-case-name");
  ASSIGN(FilePlan file, PlanOf(request, context));
  LeaveCaseDataOut(file.plan);
  const domain::ImportPlan& plan = file.plan;
  ASSIGN(const std::size_t from, NumberOf(request, "from", 0));
  ASSIGN(const std::size_t wanted, NumberOf(request, "limit", kRowsPerCallMax));
  ASSIGN(const std::optional<log::SpaceId> space, SpaceOfQuery(request, *replica));
  const log::SpaceId into = space.value_or(replica->members().network_space());
  ASSIGN(const auto contacts, Contacts(*replica));
  std::map<std::string, Contact> known;
  // What is meant for one space changes nothing in another.
  for (const Contact& contact : contacts)
    if (replica->SpaceOf(contact.id) == into)
      known.emplace(domain::ContactKey(contact.record), contact);

  const std::size_t first = std::min(from, plan.contacts.size());
  const std::size_t count = std::min({wanted, kRowsPerCallMax, plan.contacts.size() - first});
  std::int64_t added = 0;
  std::int64_t changed = 0;
  for (std::size_t i = first; i < first + count; ++i) {
    ASSIGN(const Taken taken, TakeContact(*replica, plan.contacts[i], known, space, context.now));
    added += taken == Taken::kNew ? 1 : 0;
    changed += taken == Taken::kChanged ? 1 : 0;
  }
  object answer = ReportJson(plan);
  answer["format"] = file.format;
  answer["total"] = plan.contacts.size();
  answer["next"] = first + count;
  answer["new"] = added;
  answer["changed"] = changed;
  answer["unchanged"] = static_cast<std::int64_t>(count) - added - changed;
  return answer;
}

}  // namespace geflecht::api
