#include "node/formats/unicode.h"

#include <gtest/gtest.h>

#include <string>
#include <string_view>

#include "node/formats/csv.h"

namespace geflecht::formats {
namespace {

TEST(DecodeText, KnowsTheEncodingsOfExcel) {
  const auto decoded = [](std::string_view bytes) {
    const Result<DecodedText> text = DecodeText(AsBytes(bytes));
    EXPECT_TRUE(text);
    return text ? *text : DecodedText{};
  };
  EXPECT_EQ(decoded("Mühle").encoding, Encoding::kUtf8);
  EXPECT_EQ(decoded("\xEF\xBB\xBFMühle").encoding, Encoding::kUtf8Bom);
  EXPECT_EQ(decoded("\xEF\xBB\xBFMühle").text, "Mühle");
  EXPECT_EQ(decoded("M\xFChle").encoding, Encoding::kWindows1252);
  EXPECT_EQ(decoded("M\xFChle").text, "Mühle");
  EXPECT_EQ(decoded("\x80 \x84x\x93 \x96 \x9A\x8E\x9F").text, "€ „x“ – šŽŸ");
  const DecodedText little = decoded(std::string_view("\xFF\xFEM\0\xFC\0=\xD8\0\xDE", 10));
  EXPECT_EQ(little.encoding, Encoding::kUtf16Le);
  EXPECT_EQ(little.text, "Mü😀");
  const DecodedText big = decoded(std::string_view("\xFE\xFF\0M\0\xFC", 6));
  EXPECT_EQ(big.encoding, Encoding::kUtf16Be);
  EXPECT_EQ(big.text, "Mü");
}

TEST(DecodeText, RefusesHalfCharactersOfUtf16) {
  for (const std::string_view bytes :
       {std::string_view("\xFF\xFEM\0\xFC", 5), std::string_view("\xFF\xFE=\xD8M\0", 6),
        std::string_view("\xFF\xFE\0\xDE", 4), std::string_view("\xFF\xFE=\xD8", 4),
        std::string_view("\xFF\xFE\0\0", 4), std::string_view("M\0", 2)}) {
    const Result<DecodedText> text = DecodeText(AsBytes(bytes));
    ASSERT_FALSE(text);
    EXPECT_EQ(text.error().code, Code::kMalformed);
  }
}

TEST(DecodeText, EveryEncodingGivesTheSameTable) {
  const std::string utf8 = "Name;Straße\r\nÖztürk-Müller;\"Größe\r\n„ä“\"\r\n";
  std::string windows;
  for (std::size_t i = 0; i < utf8.size(); ++i) {
    if (utf8.compare(i, 3, "„") == 0 || utf8.compare(i, 3, "“") == 0) {
      windows.push_back(utf8.compare(i, 3, "„") == 0 ? '\x84' : '\x93');
      i += 2;
    } else if ((utf8[i] & '\xE0') == '\xC0') {
      windows.push_back(static_cast<char>((utf8[i] & 3) << 6 | (utf8[i + 1] & 63)));
      ++i;
    } else {
      windows.push_back(utf8[i]);
    }
  }
  const Result<CsvTable> expected = ParseCsv(AsBytes(utf8));
  ASSERT_TRUE(expected);
  EXPECT_EQ(expected->rows[0].cells[0], "Öztürk-Müller");
  for (const std::string& bytes : {windows, "\xEF\xBB\xBF" + utf8}) {
    const Result<CsvTable> table = ParseCsv(AsBytes(bytes));
    ASSERT_TRUE(table) << table.error().detail;
    EXPECT_EQ(table->header, expected->header);
    EXPECT_EQ(table->rows, expected->rows);
  }
  EXPECT_EQ(ParseCsv(AsBytes(windows))->encoding, Encoding::kWindows1252);
}

TEST(NormaliseValue, ComposesTrimsAndUnifiesLineEnds) {
  EXPECT_EQ(NormaliseValue("\t A\xCC\x8A\r\nb\rc \xC2\xA0\n"), "Å\nb\nc");
  EXPECT_EQ(NormaliseValue(" \xE3\x80\x80 "), "");
}

}  // namespace
}  // namespace geflecht::formats
