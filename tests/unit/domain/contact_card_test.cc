#include "node/domain/contact_card.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <string>
#include <string_view>
#include <vector>

#include "base/limits.h"
#include "node/domain/contact.h"
#include "tests/unit/domain/card_files.h"

namespace geflecht::domain {
namespace {

ImportPlan Plan(std::string_view lines, std::string_view version = "3.0") {
  const Result<ImportPlan> plan = PlanCards("BEGIN:VCARD\nVERSION:" + std::string(version) + "\n" +
                                            std::string(lines) + "\nEND:VCARD\n");
  EXPECT_TRUE(plan) << (plan ? "" : plan.error().detail);
  return plan ? *plan : ImportPlan{};
}

std::string Text(const ImportPlan& plan, std::string_view field, std::size_t contact = 0) {
  return contact < plan.contacts.size() ? std::string(TextOf(plan.contacts[contact].record, field))
                                        : "(no contact)";
}

// The columns with this fate that hold values.
std::vector<std::string> Headings(const ImportPlan& plan, ColumnFate fate) {
  std::vector<std::string> headings;
  for (const ColumnReport& column : plan.columns)
    if (column.fate == fate && column.values > 0) headings.push_back(column.heading);
  std::sort(headings.begin(), headings.end());
  return headings;
}

bool Holds(const ImportPlan& plan, std::string_view text) {
  for (const PlannedContact& contact : plan.contacts)
    for (const auto& [field, value] : contact.record)
      if (TextOf(contact.record, field).find(text) != std::string_view::npos) return true;
  return false;
}

TEST(MapCards, OutlooksCardGivesTheContactAndNothingPrivate) {
  const Result<ImportPlan> read = PlanCards(GoldenFile("outlook-2.1.vcf"));
  ASSERT_TRUE(read) << read.error().detail;
  const ImportPlan& plan = *read;
  ASSERT_EQ(plan.contacts.size(), 2u);
  const std::pair<const char*, const char*> expected[] = {
      {"salutation", "Herr"},
      {"prefix", "Dr."},
      {"given_name", "Jörg Maria"},
      {"family_name", "Größner-Weiß"},
      {"suffix", "M.A."},
      {"organisation", "Stadt Auenfelde"},
      {"department", "Jugendamt, Frühe Hilfen"},
      {"function", "Sachgebietsleiter Frühe Hilfen"},
      {"phone", "+49 221 4710-100"},
      {"mobile", "+49 30 23125-500"},
      {"email", "joerg.groessner@auenfelde.example"},
      {"email_2", "fruehe-hilfen@auenfelde.example"},
      {"street", "Mühlentor 4, Haus B"},
      {"postal_code", "62901"},
      {"city", "Auenfelde"}};
  for (const auto& [field, value] : expected) EXPECT_EQ(Text(plan, field), value) << field;
  EXPECT_EQ(Text(plan, "family_name", 1), "Öztürk");
  EXPECT_EQ(Text(plan, "given_name", 1), "Ayşe");
  EXPECT_EQ(plan.values, (std::vector<ValueReport>{{8, "ROLE", "field-has-another-value"}}));
  EXPECT_TRUE(plan.rows.empty());
  EXPECT_EQ(Headings(plan, ColumnFate::kPrivate),
            (std::vector<std::string>{"ADR;HOME city", "ADR;HOME code", "ADR;HOME country",
                                      "ADR;HOME street", "BDAY", "LABEL;HOME", "PHOTO;JPEG",
                                      "TEL;HOME;VOICE", "X-MS-ANNIVERSARY", "X-MS-CHILD",
                                      "X-MS-SPOUSE"}));
  EXPECT_EQ(Headings(plan, ColumnFate::kFreeText), std::vector<std::string>{"NOTE"});
  for (const char* text : {"99999", "Lärchenweg", "62902", "Käthe", "Mia", "1975", "Fußball"})
    EXPECT_FALSE(Holds(plan, text)) << text;
}

TEST(MapCards, TableAndCardOfAPersonMeetInOneContact) {
  const Result<ImportPlan> card = PlanCards(GoldenFile("outlook-2.1.vcf"));
  ASSERT_TRUE(card);
  for (const char* name : {"outlook-de.csv", "outlook-en.csv"}) {
    const Result<ImportPlan> table = PlanTable(GoldenFile(name));
    ASSERT_TRUE(table) << name << table.error().detail;
    ASSERT_GE(table->contacts.size(), 1u);
    EXPECT_EQ(table->contacts[0].key, card->contacts[0].key) << name;
    for (const auto& [field, value] : table->contacts[0].record)
      EXPECT_TRUE(SaysTheSame(field, value, card->contacts[0].record.at(field))) << field;
    EXPECT_EQ(table->contacts[0].record.size(), card->contacts[0].record.size());
    EXPECT_TRUE(table->values.empty());
    for (const char* text : {"99999", "Lärchenweg", "62902", "Käthe", "Mia", "1975", "13.1.2011"})
      EXPECT_FALSE(Holds(*table, text)) << text;
  }
}

TEST(MapCards, LabelsOfAppleSayWhatIsPrivate) {
  const Result<ImportPlan> plan = PlanCards(GoldenFile("apple-3.0.vcf"));
  ASSERT_TRUE(plan) << plan.error().detail;
  EXPECT_EQ(Text(*plan, "email"), "mai.nguyen@klinikum.example");
  EXPECT_EQ(Text(*plan, "email_2"), "");
  EXPECT_EQ(Text(*plan, "family_name"), "Nguyễn");
  EXPECT_EQ(Text(*plan, "given_name"), "Thị Mai");
  EXPECT_EQ(Text(*plan, "salutation"), "Frau");
  EXPECT_EQ(Text(*plan, "function"), "Lotsin, Frühe Hilfen");
  EXPECT_EQ(Text(*plan, "department"), "Geburtshilfe");
  EXPECT_EQ(Headings(*plan, ColumnFate::kPrivate),
            (std::vector<std::string>{"BDAY", "EMAIL;INTERNET;HOME", "PHOTO;JPEG", "TEL;HOME;VOICE",
                                      "X-ABRELATEDNAMES"}));
  EXPECT_FALSE(Holds(*plan, "zuhause"));
  EXPECT_TRUE(plan->values.empty());
}

TEST(MapCards, CardsOfVersion4) {
  const Result<ImportPlan> plan = PlanCards(GoldenFile("nextcloud-4.0.vcf"));
  ASSERT_TRUE(plan) << plan.error().detail;
  EXPECT_EQ(Text(*plan, "family_name"), "Yıldız-Größe");
  EXPECT_EQ(Text(*plan, "given_name"), "Çağrı");
  EXPECT_EQ(Text(*plan, "phone"), "+49-221-4710-400");
  EXPECT_EQ(Text(*plan, "network_role"), "Sprecherin der AG Frühe Hilfen");
  EXPECT_EQ(Text(*plan, "topics"), "Netzwerk, Frühe Hilfen, Familien");
  EXPECT_EQ(Text(*plan, "city"), "Auenfelde");
  EXPECT_TRUE(plan->values.empty());
  EXPECT_EQ(
      Headings(*plan, ColumnFate::kPrivate),
      (std::vector<std::string>{"ANNIVERSARY", "GENDER", "RELATED;SPOUSE", "TEL;HOME;VOICE"}));
}

TEST(MapCards, OrganisationsAndMailboxesInFnAreNoPersons) {
  const ImportPlan org = Plan("FN:BKK Auental\nORG:BKK Auental\nTEL:0221 4710-1");
  EXPECT_EQ(Text(org, "organisation"), "BKK Auental");
  EXPECT_EQ(Text(org, "family_name"), "");
  EXPECT_EQ(Text(Plan("KIND:org\nFN:BKK Auental"), "organisation"), "BKK Auental");
  const ImportPlan mailbox = Plan("FN:info@bkk.example\nORG:BKK\nEMAIL:info@bkk.example");
  EXPECT_EQ(Text(mailbox, "family_name"), "");
  EXPECT_TRUE(mailbox.values.empty());
  const ImportPlan home = Plan("FN:x@home.example\nORG:BKK\nEMAIL;HOME:x@home.example");
  EXPECT_FALSE(Holds(home, "x@home.example"));
  EXPECT_EQ(home.values, (std::vector<ValueReport>{{3, "FN", "not-a-name"}}));
  EXPECT_EQ(Text(Plan("FN:Jana Brandis"), "family_name"), "Brandis");
}

TEST(MapCards, CardsThatAreNoContactsAreNamed) {
  const Result<ImportPlan> plan = PlanCards(
      "BEGIN:VCARD\nKIND:group\nFN:Team\nMEMBER:urn:uuid:1\nEND:VCARD\n"
      "BEGIN:VCARD\nKIND:location\nFN:Saal\nEND:VCARD\n"
      "BEGIN:VCARD\nNOTE:only\nEND:VCARD\n"
      "BEGIN:VCARD\nTEL:110\nEND:VCARD\n"
      "BEGIN:VCARD\nEND:VCARD\nstray\nBEGIN:VCARD\nFN:cut");
  ASSERT_TRUE(plan) << plan.error().detail;
  EXPECT_TRUE(plan->contacts.empty());
  EXPECT_EQ(plan->rows, (std::vector<RowReport>{{1, "a-group-is-no-contact"},
                                                {6, "no-card-of-a-person"},
                                                {10, "no-name-and-no-organisation"},
                                                {13, "no-name-and-no-organisation"},
                                                {16, "no-name-and-no-organisation"},
                                                {18, "outside-of-a-card"},
                                                {19, "card-without-end"}}));
}

TEST(MapCards, NumbersAndAddressesFindTheirPlace) {
  const ImportPlan plan = Plan(
      "FN:Jana Brandis\nTEL;TYPE=FAX:1\nTEL;CELL:0221 1\nTEL;WORK:0221 2\nTEL;WORK;PREF:0221 3\n"
      "TEL;HOME;WORK:0221 4\nTEL;CELL;HOME:0221 5\nTEL:tel:0221 6\n"
      "ADR:;;Weg 1;A;;62901\nADR;WORK:box;;Weg 2;B;;62902\nADR;HOME:;;Weg 3;C;;62903");
  EXPECT_EQ(Text(plan, "mobile"), "0221 1");
  EXPECT_EQ(Text(plan, "phone"), "0221 3") << "the preferred one";
  EXPECT_EQ(Text(plan, "phone_2"), "0221 2");
  EXPECT_EQ(Text(plan, "street"), "Weg 2");
  EXPECT_EQ(Text(plan, "city"), "B");
  EXPECT_FALSE(Holds(plan, "0221 5"));
  std::vector<std::size_t> lines;
  for (const ValueReport& value : plan.values) {
    EXPECT_EQ(value.reason, "field-has-another-value");
    lines.push_back(value.line);
  }
  EXPECT_EQ(lines, (std::vector<std::size_t>{8, 10, 11, 11, 11}));
  EXPECT_EQ(Headings(plan, ColumnFate::kUnknown),
            (std::vector<std::string>{"ADR;WORK box", "TEL;FAX"}));
}

TEST(MapCards, ExtensionsAreReadLikeColumns) {
  const ImportPlan plan = Plan(
      "FN:Jana Brandis\nX-SALUTATION:Frau\nX-DEPUTY:Carla Ebeling\nX-BIRTHDAY:1.1.1980\n"
      "X-RELIGION:ev\nX-WHATEVER:y\nX-EVOLUTION-SPOUSE:z\nX-MS-MANAGER:m\nX-CHILD:c\n"
      "X-ROLE;ENCODING=BASE64:AAAA");
  EXPECT_EQ(Text(plan, "salutation"), "Frau");
  EXPECT_EQ(Text(plan, "deputy"), "Carla Ebeling");
  EXPECT_EQ(
      Headings(plan, ColumnFate::kPrivate),
      (std::vector<std::string>{"X-BIRTHDAY", "X-CHILD", "X-EVOLUTION-SPOUSE", "X-RELIGION"}));
  EXPECT_EQ(plan.values, (std::vector<ValueReport>{{12, "X-ROLE", "binary-value"}}));
}

TEST(MapCards, CaseDataRefusesTheFile) {
  for (const char* lines :
       {"X-DIAGNOSE:F80.1", "X-KIND:Mia", "item1.NOTE:F80\nitem1.X-ABLabel:Diagnose",
        "item1.TEL:0221 1\nitem1.X-ABLabel:Kind"}) {
    const Result<ImportPlan> plan =
        PlanCards("BEGIN:VCARD\nFN:A\n" + std::string(lines) + "\nEND:VCARD\n");
    ASSERT_FALSE(plan) << lines;
    EXPECT_EQ(plan.error().code, Code::kCaseData);
    EXPECT_TRUE(plan.error().detail.ends_with(", line 3")) << plan.error().detail;
  }
}

TEST(MapCards, UnreadableValuesAreNamed) {
  const ImportPlan plan = Plan(
      "FN:Jana Brandis\nTITLE;CHARSET=X-1:a\nbroken line\nEMAIL:keine\nORG:a\xE2\x80\xAE"
      "b");
  EXPECT_EQ(plan.values, (std::vector<ValueReport>{
                             {4, "TITLE", "unknown-character-set"},
                             {5, "?", "not-a-property"},
                             {6, "EMAIL", "not-an-e-mail-address"},
                             {7, "ORG name", "holds-control-characters-or-is-not-UTF-8"}}));
}

TEST(MapCards, KindsOfPropertiesAreLimited) {
  constexpr std::size_t kPerCard = 512;
  static_assert(limits::kVcardHeadingsMax % kPerCard == 0);
  std::string cards;
  for (std::size_t i = 0; i < limits::kVcardHeadingsMax; ++i) {
    if (i % kPerCard == 0) cards += "BEGIN:VCARD\n";
    cards += i % kPerCard == 0 ? "ORG:A\n" : "X-A" + std::to_string(i) + "-B:1\n";
    if (i % kPerCard == kPerCard - 1) cards += "END:VCARD\n";
  }
  const std::string one = "BEGIN:VCARD\nX-ONE:1\nEND:VCARD\n";
  const Result<ImportPlan> full = PlanCards(cards + one);  // ORG is one kind in both cards
  ASSERT_TRUE(full) << full.error().detail;
  EXPECT_EQ(full->columns.size(), limits::kVcardHeadingsMax);
  const Result<ImportPlan> plan = PlanCards(cards + one + "BEGIN:VCARD\nX-TWO:1\nEND:VCARD\n");
  ASSERT_FALSE(plan);
  EXPECT_EQ(plan.error().code, Code::kTooLarge);
}

TEST(MapContacts, ReportsOfWhatIsNotTakenAreLimited) {
  const std::vector<std::string> header = {"Nachname", "E-Mail", "Telefon"};
  std::vector<ImportRow> rows(limits::kImportReportsMax / 2, {1, {"A", "keine", "keine"}});
  EXPECT_TRUE(MapContacts(header, rows, ImportDefaults{}));
  rows.push_back(rows[0]);
  const Result<ImportPlan> plan = MapContacts(header, rows, ImportDefaults{});
  ASSERT_FALSE(plan);
  EXPECT_EQ(plan.error().code, Code::kTooLarge);
}

}  // namespace
}  // namespace geflecht::domain
