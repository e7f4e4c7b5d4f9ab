// The files of deploy/examples, read the way `contact import` reads them.
#include <gtest/gtest.h>

#include <algorithm>
#include <fstream>
#include <iterator>
#include <map>
#include <set>
#include <string>
#include <vector>

#include "base/bytes.h"
#include "node/domain/contact_import.h"
#include "node/domain/document_types.h"
#include "node/domain/validate.h"
#include "node/formats/csv.h"

namespace geflecht::domain {
namespace {

std::string FileText(const std::string& name) {
  std::ifstream file(std::string(GEFLECHT_SOURCE_DIR) + "/deploy/examples/" + name,
                     std::ios::binary);
  EXPECT_TRUE(file) << name;
  return {std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
}

Result<ImportPlan> PlanOf(const std::string& bytes) {
  ASSIGN(const formats::CsvTable table, formats::ParseCsv(AsBytes(bytes)));
  std::vector<ImportRow> rows;
  for (const formats::CsvRow& row : table.rows) rows.push_back({row.line, row.cells});
  return MapContacts(table.header, rows, ImportDefaults{});
}

TEST(SampleFile, LooksAsExcelSavesIt) {
  const std::string bytes = FileText("kontakte.csv");
  EXPECT_TRUE(bytes.starts_with("\xEF\xBB\xBF"));
  EXPECT_NE(bytes.find("\r\n"), std::string::npos);
  const Result<formats::CsvTable> table = formats::ParseCsv(AsBytes(bytes));
  ASSERT_TRUE(table);
  EXPECT_EQ(table->delimiter, ';');
  EXPECT_EQ(table->encoding, formats::Encoding::kUtf8Bom);
}

TEST(SampleFile, GivesSixtyContactsOfTwelveOrganisations) {
  const Result<ImportPlan> plan = PlanOf(FileText("kontakte.csv"));
  ASSERT_TRUE(plan) << plan.error().detail;
  ASSERT_EQ(plan->contacts.size(), 60u);
  EXPECT_TRUE(plan->values.empty());
  EXPECT_TRUE(plan->rows.empty());
  std::set<std::string> keys;
  std::map<std::string, int> organisations;
  std::map<std::string, std::string> given_by_family;
  bool line_break = false;
  for (const PlannedContact& contact : plan->contacts) {
    EXPECT_TRUE(CheckRecord(*FindSchema(kContact, 1), contact.record)) << contact.line;
    EXPECT_TRUE(contact.more_lines.empty());
    keys.insert(contact.key);
    ++organisations[std::string(TextOf(contact.record, "organisation"))];
    given_by_family[std::string(TextOf(contact.record, "family_name"))] =
        TextOf(contact.record, "given_name");
    line_break =
        line_break || TextOf(contact.record, "availability").find('\n') != std::string::npos;
    for (const char* field : {"email", "email_2"})
      EXPECT_TRUE(TextOf(contact.record, field).empty() ||
                  TextOf(contact.record, field).ends_with(".example"));
    for (const char* field : {"phone", "mobile"}) {
      const std::string_view number = TextOf(contact.record, field);
      EXPECT_TRUE(number.empty() || number.starts_with("0221 4710-") ||
                  number.starts_with("030 23125-") || number.starts_with("+49 30 23125-"));
    }
  }
  EXPECT_EQ(keys.size(), 60u);
  EXPECT_EQ(organisations.size(), 12u);
  EXPECT_TRUE(line_break);
  for (const auto& [family, given] : std::map<std::string, std::string>{{"Öztürk-Müller", "Selin"},
                                                                        {"van der Heide", "Joris"},
                                                                        {"Weiß", "Petra"},
                                                                        {"Weiss", "Petra"},
                                                                        {"O'Brien", "Maeve"},
                                                                        {"Nguyễn", "Thị Mai"}})
    EXPECT_EQ(given_by_family[family], given) << family;
  EXPECT_TRUE(std::any_of(plan->contacts.begin(), plan->contacts.end(), [](const auto& contact) {
    return TextOf(contact.record, "prefix") == "Prof. Dr. med. habil.";
  }));
}

TEST(SampleFile, NamesWhatItDoesNotTake) {
  const Result<ImportPlan> plan = PlanOf(FileText("kontakte.csv"));
  ASSERT_TRUE(plan);
  std::map<ColumnFate, std::vector<std::string>> not_taken;
  for (const ColumnReport& column : plan->columns) {
    if (column.fate == ColumnFate::kTaken) {
      EXPECT_EQ(column.values, column.taken) << column.heading;
      EXPECT_GT(column.taken, 0u) << column.heading;
    } else {
      not_taken[column.fate].push_back(column.heading);
      EXPECT_EQ(column.taken, 0u);
    }
  }
  EXPECT_EQ(not_taken, (std::map<ColumnFate, std::vector<std::string>>{
                           {ColumnFate::kUnknown, {"Parkplatz", "Verteiler Newsletter"}},
                           {ColumnFate::kPrivate, {"Geburtstag"}},
                           {ColumnFate::kFreeText, {"Bemerkung"}}}));
}

TEST(SampleFile, CaseDataIsRefusedByColumnAndLine) {
  const Result<ImportPlan> plan = PlanOf(FileText("kontakte-falldaten.csv"));
  ASSERT_FALSE(plan);
  EXPECT_EQ(plan.error().code, Code::kCaseData);
  EXPECT_EQ(plan.error().detail, "column \"Diagnose\", line 3");
}

}  // namespace
}  // namespace geflecht::domain
