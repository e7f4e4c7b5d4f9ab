#include "tests/fuzz/import_checks.h"

#include <map>
#include <set>
#include <string>

#include "base/check.h"
#include "node/domain/contact.h"
#include "node/domain/document_types.h"
#include "node/domain/validate.h"
#include "node/formats/vcard.h"

namespace geflecht::fuzz {
namespace {

constexpr std::size_t kRoundTripsMax = 8;  // contacts of one input that are exported

// For every column that is taken: values = taken + its reports + its values in refused rows.
void CheckAccount(const domain::ImportPlan& plan) {
  std::map<std::string, std::size_t> reports;
  for (const domain::ValueReport& value : plan.values) ++reports[value.heading];
  std::map<std::string, domain::ColumnReport> columns;  // one heading may stand there twice
  for (const domain::ColumnReport& column : plan.columns) {
    CHECK(column.taken <= column.values);
    if (column.fate != domain::ColumnFate::kTaken) {
      CHECK(column.taken == 0);
      continue;
    }
    domain::ColumnReport& sum = columns[column.heading];
    sum.values += column.values;
    sum.taken += column.taken;
  }
  for (const auto& [heading, column] : columns) {
    const auto found = reports.find(heading);
    const std::size_t accounted = column.taken + (found == reports.end() ? 0 : found->second);
    CHECK(plan.rows.empty() ? accounted == column.values : accounted <= column.values);
  }
}

void CheckExportedRow(const domain::Record& record) {
  const std::string text =
      formats::WriteCsv(domain::ContactRowHeader(), {domain::ContactRow(record)});
  const auto table = formats::ParseCsv(AsBytes(text));
  CHECK(table.has_value());
  const auto plan = PlanOf(*table);
  CHECK(plan.has_value() && plan->contacts.size() == 1 && plan->rows.empty());
  CHECK(plan->contacts[0].record == record);
}

formats::VcardContact CardOf(const domain::Record& record) {
  formats::VcardContact card;
  const auto text = [&](std::string_view key) { return std::string(domain::TextOf(record, key)); };
  const auto list = [&](std::initializer_list<std::string_view> keys) {
    std::vector<std::string> values;
    for (const std::string_view key : keys)
      if (std::string value = text(key); !value.empty()) values.push_back(std::move(value));
    return values;
  };
  card.family_name = text("family_name");
  card.given_name = text("given_name");
  card.prefix = text("prefix");
  card.suffix = text("suffix");
  card.salutation = text("salutation");
  card.organisation = text("organisation");
  card.department = text("department");
  card.title = text("function");
  card.role = text("network_role");
  card.phones = list({"phone", "phone_2"});
  card.mobiles = list({"mobile"});
  card.emails = list({"email", "email_2"});
  card.street = text("street");
  card.postal_code = text("postal_code");
  card.city = text("city");
  card.availability = text("availability");
  card.deputy = text("deputy");
  card.categories = list({"topics"});
  return card;
}

void CheckExportedCard(const domain::Record& record) {
  const std::string text = formats::WriteVcard4({CardOf(record)});
  const auto file = formats::ParseVcards(AsBytes(text));
  CHECK(file.has_value() && file->cards.size() == 1 && file->lost.empty());
  const auto plan = PlanOf(*file);
  CHECK(plan.has_value() && plan->contacts.size() == 1 && plan->rows.empty());
}

}  // namespace

Result<domain::ImportPlan> PlanOf(const formats::CsvTable& table) {
  std::vector<domain::ImportRow> rows;
  for (const formats::CsvRow& row : table.rows) rows.push_back({row.line, row.cells});
  return domain::MapContacts(table.header, rows, {});
}

Result<domain::ImportPlan> PlanOf(const formats::VcardFile& file) {
  std::vector<domain::ImportCard> cards;
  for (const formats::Vcard& card : file.cards) {
    cards.push_back({card.line, card.version == "4.0", {}});
    for (const formats::VcardProperty& from : card.properties)
      cards.back().properties.push_back(
          {from.line, from.group, from.name, from.types, from.parts, from.problem});
  }
  std::vector<domain::RowReport> lost;
  for (const formats::VcardLoss& loss : file.lost) lost.push_back({loss.line, loss.reason});
  return domain::MapCards(cards, lost, {});
}

void CheckPlan(const domain::ImportPlan& plan) {
  const crdt::Schema& schema = *domain::FindSchema(domain::kContact, domain::kSchemaVersion);
  CheckAccount(plan);
  std::set<std::string> keys;
  std::size_t round_trips = 0;
  for (const domain::PlannedContact& contact : plan.contacts) {
    CHECK(domain::CheckRecord(schema, contact.record).has_value());
    CHECK(domain::ContactKey(contact.record) == contact.key);
    CHECK(keys.insert(contact.key).second);
    if (round_trips++ == kRoundTripsMax) continue;
    CheckExportedRow(contact.record);
    CheckExportedCard(contact.record);
  }
}

}  // namespace geflecht::fuzz
