#include "node/domain/contact_import.h"

#include <gtest/gtest.h>

#include <string>
#include <string_view>
#include <vector>

#include "node/domain/document_types.h"
#include "node/domain/validate.h"

namespace geflecht::domain {
namespace {

using Cells = std::vector<std::string>;

ImportPlan Plan(const Cells& header, const std::vector<Cells>& rows) {
  std::vector<ImportRow> numbered;
  for (std::size_t i = 0; i < rows.size(); ++i) numbered.push_back({i + 2, rows[i]});
  const Result<ImportPlan> plan = MapContacts(header, numbered, ImportDefaults{});
  EXPECT_TRUE(plan) << (plan ? "" : plan.error().detail);
  return plan ? *plan : ImportPlan{};
}

Error Refusal(const Cells& header, const std::vector<ImportRow>& rows) {
  const Result<ImportPlan> plan = MapContacts(header, rows, ImportDefaults{});
  EXPECT_FALSE(plan);
  return plan ? Error{} : plan.error();
}

std::string Text(const ImportPlan& plan, std::size_t contact, std::string_view field) {
  return contact < plan.contacts.size() ? std::string(TextOf(plan.contacts[contact].record, field))
                                        : "(no contact)";
}

TEST(MapContacts, EveryContactGetsTheDefaultsUnlessItsRowSaysOtherwise) {
  const ImportPlan plan = Plan({"Name", "Rechtsgrundlage", "Löschklasse"},
                               {{"Jana Brandis", "", ""}, {"Nele Trautwein", "consent", "L6"}});
  ASSERT_EQ(plan.contacts.size(), 2u);
  EXPECT_EQ(Text(plan, 0, "purpose"), "network_coordination");
  EXPECT_EQ(Text(plan, 0, "legal_basis"), "legitimate_interest");
  EXPECT_EQ(Text(plan, 0, "retention_class"), "L1");
  EXPECT_EQ(Text(plan, 0, "source"), "import");
  EXPECT_EQ(Text(plan, 0, "visibility"), "space");
  EXPECT_EQ(plan.contacts[0].record.at("restricted"), crdt::Value(false));
  EXPECT_EQ(Text(plan, 1, "legal_basis"), "consent");
  EXPECT_EQ(Text(plan, 1, "retention_class"), "L6");
  for (const PlannedContact& contact : plan.contacts)
    EXPECT_TRUE(CheckRecord(*FindSchema(kContact, 1), contact.record));
}

TEST(MapContacts, RefusesDefaultsThatAreNoAllowedValues) {
  for (std::string ImportDefaults::*field :
       {&ImportDefaults::purpose, &ImportDefaults::legal_basis, &ImportDefaults::retention_class,
        &ImportDefaults::visibility, &ImportDefaults::source}) {
    ImportDefaults defaults;
    defaults.*field = "whatever";
    const Result<ImportPlan> plan = MapContacts({"Name"}, {{2, {"Brandis"}}}, defaults);
    ASSERT_FALSE(plan);
    EXPECT_EQ(plan.error().code, Code::kUsage);
  }
}

TEST(MapContacts, SplitsNamesInOneColumn) {
  const ImportPlan plan =
      Plan({"Name", "Organisation"}, {{"Auerswald, Prof. Dr. med. habil. Konrad", "Klinikum"},
                                      {"Frau Nguyễn Thị Mai", "Klinikum"}});
  EXPECT_EQ(Text(plan, 0, "family_name"), "Auerswald");
  EXPECT_EQ(Text(plan, 0, "given_name"), "Konrad");
  EXPECT_EQ(Text(plan, 0, "prefix"), "Prof. Dr. med. habil.");
  EXPECT_EQ(Text(plan, 1, "family_name"), "Nguyễn");
  EXPECT_EQ(Text(plan, 1, "given_name"), "Thị Mai");
  EXPECT_EQ(Text(plan, 1, "salutation"), "Frau");
}

TEST(MapContacts, NameBesideGivenNameIsTheFamilyName) {
  const ImportPlan plan =
      Plan({"Name", "Vorname"}, {{"Dr. van der Heide", "Joris"}, {"Ibanez Lopez", "Rafael"}});
  EXPECT_EQ(Text(plan, 0, "family_name"), "van der Heide");
  EXPECT_EQ(Text(plan, 0, "given_name"), "Joris");
  EXPECT_EQ(Text(plan, 0, "prefix"), "Dr.");
  EXPECT_EQ(Text(plan, 1, "family_name"), "Ibanez Lopez");
  EXPECT_EQ(Text(plan, 1, "given_name"), "Rafael");
  EXPECT_TRUE(plan.values.empty());
}

TEST(MapContacts, FullNameBesideBothPartsIsComparedWithThem) {
  const ImportPlan plan =
      Plan({"Anzeigename", "Nachname", "Vorname"},
           {{"Brandis, Jana", "Brandis", "Jana"}, {"Nele Trautwein", "Ibanez", "Rafael"}});
  EXPECT_EQ(plan.contacts.size(), 2u);
  EXPECT_EQ(plan.values, (std::vector<ValueReport>{{3, "Anzeigename", "field-has-another-value"}}));
  EXPECT_EQ(Text(plan, 1, "family_name"), "Ibanez");
}

TEST(MapContacts, ReadsOutlookTitleColumnsByWhatTheyHold) {
  const ImportPlan plan = Plan({"Title", "First Name", "Middle Name", "Last Name"},
                               {{"Dr. med.", "Ines", "Maria", "Gerstenberg"},
                                {"Frau", "Jana", "", "Brandis"},
                                {"Herr Dr.", "Ulf", "", "Holm"},
                                {"Leiterin", "Ute", "", "Holm"}});
  EXPECT_EQ(Text(plan, 0, "prefix"), "Dr. med.");
  EXPECT_EQ(Text(plan, 0, "given_name"), "Ines Maria");
  EXPECT_EQ(Text(plan, 1, "salutation"), "Frau");
  EXPECT_EQ(Text(plan, 2, "salutation"), "Herr");
  EXPECT_EQ(Text(plan, 2, "prefix"), "Dr.");
  EXPECT_EQ(Text(plan, 3, "function"), "Leiterin");
  const ImportPlan german =
      Plan({"Anrede", "Nachname"}, {{"Schwester", "Overbeck"}, {"Dr.", "Holm"}});
  EXPECT_EQ(Text(german, 0, "salutation"), "Schwester");
  EXPECT_EQ(Text(german, 1, "prefix"), "Dr.");
}

TEST(MapContacts, TakesAddressesApart) {
  const ImportPlan plan = Plan({"Name", "Adresse"}, {{"A", "Mühlentor 2, 62901 Auenfelde"},
                                                     {"B", "Mühlentor 2\nHaus 3\n62901 Auenfelde"},
                                                     {"C", "Rathaus"},
                                                     {"D", "Mühlentor 2 62901 Bad Auenfelde"}});
  EXPECT_EQ(Text(plan, 0, "street"), "Mühlentor 2");
  EXPECT_EQ(Text(plan, 0, "postal_code"), "62901");
  EXPECT_EQ(Text(plan, 0, "city"), "Auenfelde");
  EXPECT_EQ(Text(plan, 1, "street"), "Mühlentor 2, Haus 3");
  EXPECT_EQ(Text(plan, 1, "city"), "Auenfelde");
  EXPECT_EQ(Text(plan, 2, "street"), "Rathaus");
  EXPECT_EQ(Text(plan, 3, "city"), "Bad Auenfelde");
  EXPECT_EQ(Text(Plan({"Name", "PLZ/Ort"}, {{"A", "62901 Auenfelde"}}), 0, "city"), "Auenfelde");
}

TEST(MapContacts, SecondNumbersAndAddressesFindTheirPlace) {
  const ImportPlan plan = Plan({"Name", "Telefon", "Telefon dienstlich", "Durchwahl", "E-Mail"},
                               {{"A", "0221 4710-100", "0221 4710-101", "0221 4710-102",
                                 "mailto:a@x.example; B <b@x.example>"}});
  EXPECT_EQ(Text(plan, 0, "phone"), "0221 4710-100");
  EXPECT_EQ(Text(plan, 0, "phone_2"), "0221 4710-101");
  EXPECT_EQ(Text(plan, 0, "email"), "a@x.example");
  EXPECT_EQ(plan.values.size(), 2u);  // the third number; the name in front of the second address
}

TEST(MapContacts, NamesEveryColumnThatIsNotTaken) {
  const ImportPlan plan = Plan({"Name", "Parkplatz", "Geburtstag", "Bemerkung", "Diagnose", ""},
                               {{"Brandis", "Hof", "1.1.1980", "nett", "", "x"}});
  ASSERT_EQ(plan.columns.size(), 6u);
  const ColumnFate fates[] = {ColumnFate::kTaken,    ColumnFate::kUnknown, ColumnFate::kPrivate,
                              ColumnFate::kFreeText, ColumnFate::kCase,    ColumnFate::kUnknown};
  for (std::size_t i = 0; i < 6; ++i) EXPECT_EQ(plan.columns[i].fate, fates[i]) << i;
  EXPECT_EQ(plan.columns[1].heading, "Parkplatz");
  EXPECT_EQ(plan.columns[1].values, 1u);
  EXPECT_EQ(plan.columns[1].taken, 0u);
  EXPECT_EQ(plan.columns[4].values, 0u);
  for (const auto& [field, value] : plan.contacts[0].record)
    for (const char* private_value : {"Hof", "1.1.1980", "1980-01-01", "nett", "x"})
      EXPECT_NE(value, crdt::Value(private_value)) << field;
}

TEST(MapContacts, RefusesTheFileWhenAColumnOfCaseDataHoldsAValue) {
  const Error error = Refusal({"Name", "Diagnose", "Kind"},
                              {{2, {"Brandis", "", ""}}, {5, {"Trautwein", "F80.1", "Mia"}}});
  EXPECT_EQ(error.code, Code::kCaseData);
  EXPECT_EQ(error.detail, "column \"Diagnose\", line 5");
  // Also in a row that would not be taken, and behind unknown columns.
  EXPECT_EQ(Refusal({"Name", "X", "Familie"}, {{2, {"", "", "y"}}}).code, Code::kCaseData);
}

TEST(MapContacts, CaseDataColumnsWithoutValuesAndLikeNamedOnesAreHarmless) {
  const ImportPlan plan = Plan({"Name", "Kind", "Kita", "Kinderschutz", "Kindergarten"},
                               {{"Brandis", "", "Regenbogen", "ja", "ja"}});
  EXPECT_EQ(plan.contacts.size(), 1u);
  EXPECT_EQ(Text(plan, 0, "organisation"), "Regenbogen");
  EXPECT_EQ(plan.columns[3].fate, ColumnFate::kUnknown);
}

TEST(MapContacts, LongHeadingsDoNotReachTheErrorMessage) {
  const Error error = Refusal({"Name", "D\xE2\x80\xAE" + std::string(5'000, '-') + "iagnose"},
                              {{2, {"Brandis", "x"}}});
  EXPECT_EQ(error.code, Code::kCaseData);
  EXPECT_LT(error.detail.size(), 120u);
}

TEST(MapContacts, NamesRowsAndValuesThatCannotBeTaken) {
  const ImportPlan plan = Plan({"Nachname", "Organisation", "E-Mail", "Telefon", "bestätigt am"},
                               {{"", "", "a@x.example", "", ""},
                                {"Brandis", "", "keine", "4,92214E+11", "gestern"},
                                {"", "BKK Auental", "", "0221 4710-100", "1.3.2026"},
                                {"", "", "", "", ""}});
  EXPECT_EQ(plan.rows, (std::vector<RowReport>{{2, "no-name-and-no-organisation"}}));
  EXPECT_EQ(plan.values,
            (std::vector<ValueReport>{{3, "E-Mail", "not-an-e-mail-address"},
                                      {3, "Telefon", "not-a-telephone-number"},
                                      {3, "bestätigt am", "not-a-date-(YYYY-MM-DD)"}}));
  ASSERT_EQ(plan.contacts.size(), 2u);
  EXPECT_EQ(Text(plan, 1, "verified_at"), "2026-03-01");
}

TEST(MapContacts, RefusesAListWithoutNames) {
  EXPECT_EQ(Refusal({"Telefon", "Parkplatz"}, {{2, {"110", "x"}}}).code, Code::kMalformed);
  EXPECT_EQ(Refusal({}, {}).code, Code::kMalformed);
}

TEST(MapContacts, MergesRowsOfOneContactAndReportsWhatDiffers) {
  const ImportPlan plan = Plan({"Name", "E-Mail", "Telefon", "Ort"},
                               {{"Jana Brandis", "J@x.example", "0221 4710-100", ""},
                                {"Nele Trautwein", "n@x.example", "", ""},
                                {"Jana Brandis", "J@x.example", "0221 4710-999", "Auenfelde"},
                                {"Jana Brandis", "J@x.example", "0221 4710-100", ""}});
  ASSERT_EQ(plan.contacts.size(), 2u);
  EXPECT_EQ(plan.contacts[0].line, 2u);
  EXPECT_EQ(plan.contacts[0].more_lines, (std::vector<std::size_t>{4, 5}));
  EXPECT_EQ(Text(plan, 0, "city"), "Auenfelde");
  EXPECT_EQ(Text(plan, 0, "phone"), "0221 4710-100");
  EXPECT_EQ(plan.values, (std::vector<ValueReport>{{4, "Telefon", "differs-from-line-2"}}));
}

TEST(MapContacts, PeopleWhoShareAMailboxOrANameStayApart) {
  const ImportPlan plan =
      Plan({"Name", "E-Mail", "Organisation"}, {{"Jessica Kowalke", "praxis@p.example", "Praxis"},
                                                {"Aylin Demirel", "praxis@p.example", "Praxis"},
                                                {"Petra Weiß", "p.weiss@a.example", "A"},
                                                {"Petra Weiss", "petra@b.example", "B"},
                                                {"Jana Brandis", "", "Praxis"},
                                                {"Jana Brandis", "", "Klinikum"}});
  EXPECT_EQ(plan.contacts.size(), 6u);
}

TEST(MapContacts, SameRowsGiveTheSamePlan) {
  const Cells header = {"Name", "E-Mail", "Telefon"};
  const std::vector<Cells> rows = {{"Jana Brandis", "j@x.example", "110"},
                                   {"Nele Trautwein", "", ""}};
  const ImportPlan one = Plan(header, rows);
  const ImportPlan two = Plan(header, rows);
  ASSERT_EQ(one.contacts.size(), two.contacts.size());
  for (std::size_t i = 0; i < one.contacts.size(); ++i) {
    EXPECT_EQ(one.contacts[i].key, two.contacts[i].key);
    EXPECT_EQ(one.contacts[i].record, two.contacts[i].record);
  }
}

TEST(MapContacts, CellsOfAnySizeAreAccountedFor) {
  const ImportPlan plan =
      Plan({"Name", "Funktion", "Adresse"},
           {{"Brandis", std::string(60'000, 'x'), std::string(60'000, ' ') + "y"},
            {std::string(60'000, 'a'), "", ""}});
  EXPECT_EQ(plan.contacts.size(), 1u);
  EXPECT_EQ(plan.values.size(), 2u);
  EXPECT_EQ(plan.rows.size(), 1u);
}

}  // namespace
}  // namespace geflecht::domain
