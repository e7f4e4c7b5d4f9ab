#include <gtest/gtest.h>

#include <cstdint>
#include <iostream>
#include <string>
#include <string_view>
#include <vector>

#include "base/rng.h"
#include "node/formats/csv.h"

namespace geflecht::formats {
namespace {

using Cells = std::vector<std::string>;

constexpr std::string_view kMark = "\xEF\xBB\xBF";

// The line of one written value.
std::string Written(const std::string& value) {
  const std::string all = WriteCsv({"A"}, {{value}});
  EXPECT_TRUE(all.starts_with(std::string(kMark) + "A\r\n"));
  return all.substr(kMark.size() + 3);
}

TEST(WriteCsv, WritesWhatGermanExcelOpens) {
  EXPECT_EQ(WriteCsv({"Name", "Ort"}, {{"Weiß", "A;B"}, {"sagt \"ja\"", "x\ny"}}),
            std::string(kMark) + "Name;Ort\r\nWeiß;\"A;B\"\r\n\"sagt \"\"ja\"\"\";\"x\ny\"\r\n");
}

TEST(WriteCsv, TakesTheFormulaOutOfValues) {
  EXPECT_EQ(Written("=HYPERLINK(\"http://x.example\")"),
            "\"'=HYPERLINK(\"\"http://x.example\"\")\"\r\n");
  EXPECT_EQ(Written("@SUM(A1)"), "'@SUM(A1)\r\n");
  EXPECT_EQ(Written("-2+3+cmd|' /C calc'!A0"), "'-2+3+cmd|' /C calc'!A0\r\n");
  EXPECT_EQ(Written("+cmd|' /C calc'!A0"), "'+cmd|' /C calc'!A0\r\n");
  EXPECT_EQ(Written("\tx"), "\"'\tx\"\r\n");
  EXPECT_EQ(Written("\rx"), "\"'\rx\"\r\n");
  EXPECT_EQ(Written("'=1"), "''=1\r\n");
  EXPECT_EQ(Written("'n Abend"), "'n Abend\r\n");
  EXPECT_EQ(Written("a=1"), "a=1\r\n");
}

TEST(WriteCsv, KeepsPhoneNumbersAndLeadingZerosReadable) {
  EXPECT_EQ(Written("+49 221 4710-100"), "\"\t+49 221 4710-100\"\r\n");
  EXPECT_EQ(Written("02214710100"), "\"\t02214710100\"\r\n");
  EXPECT_EQ(Written("01067"), "\"\t01067\"\r\n");
  EXPECT_EQ(Written("62901"), "62901\r\n");
}

TEST(WriteCsv, GuardedValuesAreReadBack) {
  for (const std::string value :
       {"=1+1", "'=1", "''=1", "'", "''", "'a", "+49 221 4710-100", "+cmd", "01067", "-", "@x",
        "sep=;", "a,b", "a\tb", "\"", "\"\"", "a\nb", "=\"x\"\n;y", "Nguyễn Thị Mai"}) {
    const Result<CsvTable> table = ParseCsv(AsBytes(WriteCsv({value}, {{value}})));
    ASSERT_TRUE(table) << value;
    EXPECT_EQ(table->header, Cells{value});
    ASSERT_EQ(table->rows.size(), 1u) << value;
    EXPECT_EQ(table->rows[0].cells, Cells{value});
  }
}

TEST(ParseCsv, AValueBehindAGuardBeginsWithoutWhiteSpace) {
  const CsvTable table = *ParseCsv(AsBytes("A;B\n\"'\tx\";\"'\n\n=\"\n"));
  ASSERT_EQ(table.rows.size(), 1u);
  EXPECT_EQ(table.rows[0].cells, (Cells{"x", "="}));
}

std::string RandomValue(SeededRandom& random) {
  static const std::vector<std::string> kPieces = {
      ";", ",",  "\t", "\"", "\n", "'", "=", "+", "-", "@", "0",    "49", " ",   "sep=",
      "a", "Öz", "ß",  "ễ",  "漢", "😀", ".", "(", "/", "x", "\"\"", "'=", "\r\n"};
  std::string value;
  const std::uint64_t count = random.Below(7);
  for (std::uint64_t i = 0; i < count; ++i) value += kPieces[random.Below(kPieces.size())];
  return NormaliseValue(value);
}

TEST(WriteCsv, ParseCsvReturnsRandomTables) {
  constexpr std::uint64_t kSeed = 4711;
  std::cout << "seed " << kSeed << "\n";
  SeededRandom random(kSeed);
  for (int round = 0; round < 5'000; ++round) {
    const std::uint64_t columns = 1 + random.Below(5);
    Cells header;
    for (std::uint64_t i = 0; i < columns; ++i) header.push_back(RandomValue(random));
    if (header.back().empty()) header.back() = "H";
    std::vector<Cells> rows;
    for (std::uint64_t i = random.Below(5); i > 0; --i) {
      Cells row;
      for (std::uint64_t j = 0; j < columns; ++j) row.push_back(RandomValue(random));
      if (row == Cells(columns)) row[0] = "1";
      rows.push_back(row);
    }
    const std::string written = WriteCsv(header, rows);
    const Result<CsvTable> table = ParseCsv(AsBytes(written));
    ASSERT_TRUE(table) << table.error().detail << "\n" << written;
    ASSERT_EQ(table->header, header) << "round " << round << "\n" << written;
    ASSERT_EQ(table->rows.size(), rows.size()) << "round " << round << "\n" << written;
    for (std::size_t i = 0; i < rows.size(); ++i)
      ASSERT_EQ(table->rows[i].cells, rows[i]) << "round " << round << "\n" << written;
    EXPECT_EQ(table->encoding, Encoding::kUtf8Bom);
    EXPECT_EQ(table->delimiter, columns > 1 ? ';' : table->delimiter);
  }
}

}  // namespace
}  // namespace geflecht::formats
