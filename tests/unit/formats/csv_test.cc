#include "node/formats/csv.h"

#include <gtest/gtest.h>

#include <cstdint>
#include <iostream>
#include <string>
#include <string_view>
#include <vector>

#include "base/limits.h"
#include "base/rng.h"

namespace geflecht::formats {
namespace {

using Cells = std::vector<std::string>;

CsvTable Parse(std::string_view text) {
  Result<CsvTable> table = ParseCsv(AsBytes(text));
  EXPECT_TRUE(table) << (table ? "" : table.error().detail);
  return table ? *table : CsvTable{};
}

Error ErrorOf(std::string_view text) {
  const Result<CsvTable> table = ParseCsv(AsBytes(text));
  EXPECT_FALSE(table);
  return table ? Error{} : table.error();
}

TEST(ParseCsv, ReadsSemicolonTabAndComma) {
  for (const char delimiter : {';', '\t', ','}) {
    const std::string d(1, delimiter);
    const CsvTable table = Parse("Name" + d + "Ort\r\nWei\xC3\x9F" + d + "Auenfelde\r\n");
    EXPECT_EQ(table.delimiter, delimiter);
    EXPECT_EQ(table.header, (Cells{"Name", "Ort"}));
    ASSERT_EQ(table.rows.size(), 1u);
    EXPECT_EQ(table.rows[0].cells, (Cells{"Weiß", "Auenfelde"}));
  }
}

TEST(ParseCsv, LooksForTheDelimiterOutsideOfQuotesOnly) {
  const CsvTable table = Parse("\"Name; Vorname\",\"Tel;\nFax\"\na,b\n");
  EXPECT_EQ(table.delimiter, ',');
  EXPECT_EQ(table.header, (Cells{"Name; Vorname", "Tel;\nFax"}));
  EXPECT_EQ(Parse("Name, Vorname;Ort\nx;y\n").header, (Cells{"Name, Vorname", "Ort"}));
}

TEST(ParseCsv, ObeysSeparatorLineAndCountsIt) {
  const CsvTable table = Parse("\xEF\xBB\xBFsep=,\r\nA;B,C\r\n1,2\r\n");
  EXPECT_EQ(table.delimiter, ',');
  EXPECT_EQ(table.header, (Cells{"A;B", "C"}));
  ASSERT_EQ(table.rows.size(), 1u);
  EXPECT_EQ(table.rows[0].line, 3u);
}

TEST(ParseCsv, TakesEveryLineEnd) {
  for (const char* end : {"\n", "\r", "\r\n"}) {
    const std::string e(end);
    const CsvTable table = Parse("A;B" + e + "1;2" + e + "\"3" + e + "3\";4" + e + "5;6");
    ASSERT_EQ(table.rows.size(), 3u);
    EXPECT_EQ(table.rows[1].cells, (Cells{"3\n3", "4"}));
    EXPECT_EQ(table.rows[0].line, 2u);
    EXPECT_EQ(table.rows[1].line, 3u);
    EXPECT_EQ(table.rows[2].line, 5u);
    EXPECT_EQ(table.rows[2].cells, (Cells{"5", "6"}));
  }
}

TEST(ParseCsv, ReadsQuotedFieldsWithDoubledQuotesAndLineBreaks) {
  const CsvTable table = Parse("A;B\n\"sagt \"\"ja\"\"; oder\nnein\";5\" Rohr\n");
  ASSERT_EQ(table.rows.size(), 1u);
  EXPECT_EQ(table.rows[0].cells, (Cells{"sagt \"ja\"; oder\nnein", "5\" Rohr"}));
}

TEST(ParseCsv, DropsTrailingEmptyLinesAndColumnsAndFillsShortRows) {
  const CsvTable table = Parse("A;B;;\n1\n2;3;;;;\n;;;\n\n\n");
  EXPECT_EQ(table.header, (Cells{"A", "B"}));
  ASSERT_EQ(table.rows.size(), 2u);
  EXPECT_EQ(table.rows[0].cells, (Cells{"1", ""}));
  EXPECT_EQ(table.rows[1].cells, (Cells{"2", "3"}));
}

TEST(ParseCsv, KeepsAColumnWithoutHeadingThatHoldsValues) {
  const CsvTable table = Parse("A;;\n1;x\n");
  EXPECT_EQ(table.header, (Cells{"A", ""}));
  EXPECT_EQ(table.rows[0].cells, (Cells{"1", "x"}));
}

TEST(ParseCsv, NormalisesValues) {
  // "u" and a combining diaeresis; a no-break space at the end.
  const CsvTable table = Parse("A;B\n  Mu\xCC\x88hle\xC2\xA0 ;\" x \"\n");
  EXPECT_EQ(table.rows[0].cells, (Cells{"Mühle", "x"}));
}

TEST(ParseCsv, NamesLineAndReasonOfMalformedTables) {
  EXPECT_EQ(ErrorOf("A;B\n1;2\n\"3;4\n5;6\n"),
            (Error{Code::kMalformed, "line 3: a quote is opened and never closed", ""}));
  EXPECT_EQ(ErrorOf("A;B\n1;2\n1;2;3\n"),
            (Error{Code::kMalformed, "line 3: more fields than the header has", ""}));
  EXPECT_EQ(ErrorOf("A;B\n\"1\"x;2\n"),
            (Error{Code::kMalformed, "line 2: text after a closing quote", ""}));
  EXPECT_EQ(ErrorOf(std::string_view("A;B\n1;\0\n", 8)),
            (Error{Code::kMalformed, "line 2: NUL character; this is no text file", ""}));
  EXPECT_EQ(ErrorOf("A;B\n1;\x81\n").detail, "line 2: byte is neither UTF-8 nor Windows-1252");
  EXPECT_EQ(ErrorOf("\xEF\xBB\xBF"
                    "A\n\n\xFC\n")
                .detail,
            "line 3: not UTF-8, although the file says so");
  for (const char* empty : {"", "\n\n", ";;\n;\n", "\xEF\xBB\xBF", "sep=;\n"})
    EXPECT_EQ(ErrorOf(empty).code, Code::kMalformed);
}

TEST(ParseCsv, HoldsItsLimits) {
  EXPECT_EQ(ErrorOf(std::string(limits::kCsvBytesMax + 1, 'a')).code, Code::kTooLarge);
  Parse("A\n" + std::string(kCsvFieldBytesMax, 'a'));
  EXPECT_EQ(ErrorOf("A\n" + std::string(kCsvFieldBytesMax + 1, 'a')).code, Code::kTooLarge);
  EXPECT_EQ(Parse("A" + std::string(kCsvColumnsMax - 1, ';') + "\n1").header.size(), 1u);
  EXPECT_EQ(ErrorOf("A" + std::string(kCsvColumnsMax, ';') + "\n1").code, Code::kTooLarge);

  std::string rows = "A\n";
  for (std::size_t i = 0; i < limits::kCsvRowsMax; ++i) rows += "1\n";
  EXPECT_EQ(Parse(rows).rows.size(), limits::kCsvRowsMax);
  EXPECT_EQ(ErrorOf(rows + "1\n").code, Code::kTooLarge);

  // 100,000 rows of one cell under a header of 256 columns.
  std::string wide;
  for (std::size_t i = 0; i < kCsvColumnsMax; ++i) wide += i == 0 ? "A" : ";A";
  EXPECT_EQ(ErrorOf(wide + rows.substr(1)).code, Code::kTooLarge);
}

TEST(ParseCsv, SurvivesRandomBytes) {
  constexpr std::uint64_t kSeed = 20260301;
  std::cout << "seed " << kSeed << "\n";
  SeededRandom random(kSeed);
  constexpr std::string_view kAlphabet = ";,\t\"\"\r\n\n'=+ aA1\xC3\xA4\xFC\xFF\xFE\x81";
  std::size_t accepted = 0;
  for (int round = 0; round < 20'000; ++round) {
    std::string text;
    if (round % 5 == 0) text = "\xFF\xFE";
    if (round % 5 == 1) text = "\xEF\xBB\xBF";
    const std::uint64_t size = random.Below(120);
    for (std::uint64_t i = 0; i < size; ++i)
      text.push_back(round % 2 == 0 ? kAlphabet[random.Below(kAlphabet.size())]
                                    : static_cast<char>(random.Below(256)));
    const Result<CsvTable> table = ParseCsv(AsBytes(text));
    if (!table) continue;
    ++accepted;
    for (const CsvRow& row : table->rows) ASSERT_EQ(row.cells.size(), table->header.size());
  }
  EXPECT_GT(accepted, 100u);
}

}  // namespace
}  // namespace geflecht::formats
