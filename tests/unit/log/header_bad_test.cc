#include <gtest/gtest.h>

#include "base/limits.h"
#include "fixture.h"
#include "node/log/header_reader.h"

namespace geflecht::log {
namespace {

using namespace testing;

struct BadHeader {
  const char* name;
  std::string text;
  const char* detail;  // begins with
};

std::string Good() { return Render(ChangeHeader()); }
std::string With(std::string_view from, std::string_view to) { return Replace(Good(), from, to); }

std::string AllCrLf() {
  std::string out;
  for (const char c : Good()) out += c == '\n' ? "\r\n" : std::string(1, c);
  return out;
}

std::string WithoutLine(std::string_view keyword) {
  const std::string text = Good();
  const std::size_t from = text.find("\n" + std::string(keyword)) + 1;
  return text.substr(0, from) + text.substr(text.find('\n', from) + 1);
}

std::string ManySeen(std::size_t count) {
  std::string lines;
  for (std::uint8_t i = 0; i < count; ++i) lines += "seen " + Filled<EntryId>(i).Hex() + "\n";
  return Replace(Good(), "seen " + std::string(64, '3') + "\nseen " + std::string(64, '4') + "\n",
                 lines);
}

const std::string b3(64, '3'), b4(64, '4'), b5(64, '5'), b6(64, '6'), aa(64, 'a');

std::vector<BadHeader> BadText() {
  return {
      {"Empty", "", "line 1: "},
      {"CrLf", AllCrLf(), "line 1: byte 0x0d"},
      {"OneCr", With("seq 7\n", "seq 7\r\n"), "line 6: byte 0x0d"},
      {"ByteOrderMark", "\xef\xbb\xbf" + Good(), "line 1: byte 0xef"},
      {"Tab", With("seq 7", "seq\t7"), "line 6: byte 0x09"},
      {"Nul", With("kind change", std::string_view("kind change\0", 12)), "line 12: byte 0x00"},
      {"NonAscii", With("kind change", "kind ch\xc3\xa4nge"), "line 12: byte 0xc3"},
      {"DoubleSpace", With("seq 7", "seq  7"), "line 6: seq is not"},
      {"TrailingBlank", With("seq 7\n", "seq 7 \n"), "line 6: seq is not"},
      {"TrailingBlankBehindHash", With(b5 + "\n", b5 + " \n"), "line 10: "},
      {"LeadingBlank", " " + Good(), "line 1: "},
      {"NoSpace", With("seq 7", "seq7"), "line 6: \"seq\" and a value"},
      {"NoFinalLineFeed", Good().substr(0, Good().size() - 1), "line 14: no line feed"},
      {"BlankLineAtTheEnd", Good() + "\n", "line 15: nothing may follow"},
      {"BlankLineInside", With("seq 7\n", "\nseq 7\n"), "line 6: \"seq\" and a value"},
      {"Truncated", Good().substr(0, Good().find("kind")), "line 12: the text ends"},
      {"TrailingText", Good() + "x\n", "line 15: nothing may follow"},
      {"OtherVersion", With("@v1", "@v2"), "line 1: \"geflecht-entry@v1\""},
      {"UpperCaseHex", With(aa, std::string(64, 'A')), "line 2: \"-\" or 64"},
      {"OneUpperCaseDigit", With(aa, "A" + std::string(63, 'a')), "line 2: \"-\" or 64"},
      {"ShortHex", With(b5, b5.substr(1)), "line 10: "},
      {"LongHex", With(b5, b5 + "55"), "line 10: "},
      {"HexPrefix", With("life 11", "life 0x"), "line 5: 16 lower-case"},
      {"DashForSpace", With("space " + NetworkSpace(Network()).Hex(), "space -"), "line 3: 32"},
      {"DashForSeen", With("seen " + b3, "seen -"), "line 8: 64"},
      {"LeadingZero", With("seq 7", "seq 07"), "line 6: seq is not"},
      {"PlusSign", With("seq 7", "seq +5"), "line 6: seq is not"},
      {"MinusZero", With("seq 7", "seq -0"), "line 6: seq is not"},
      {"HexSeq", With("seq 7", "seq 0x7"), "line 6: seq is not"},
      {"EmptySeq", With("seq 7", "seq "), "line 6: seq is not"},
      {"SeqTwoToThe53", With("seq 7", "seq 9007199254740992"), "line 6: seq is not"},
      {"SeqTwoToThe64", With("seq 7", "seq 18446744073709551616"), "line 6: seq is not"},
      {"SeqZeroWithPrev", With("seq 7", "seq 0"), "line 7: prev is"},
      {"NoPrevAtSeq7", With("prev " + std::string(64, '2'), "prev -"), "line 7: prev is"},
      {"DateThatIsNot", With("2026-03-02", "2026-02-30"), "line 11: no time"},
      {"Second60", With("12:00:00Z", "12:00:60Z"), "line 11: no time"},
      {"Hour24", With("12:00:00Z", "24:00:00Z"), "line 11: no time"},
      {"FractionOfASecond", With("12:00:00Z", "12:00:00.0Z"), "line 11: no time"},
      {"OtherZone", With("12:00:00Z", "12:00:00+01:00"), "line 11: no time"},
      {"Year1969", With("2026-03-02", "1969-03-02"), "line 11: no time"},
      {"ChangeWithMinutes", With("12:00:00Z", "12:01:00Z"), "line 11: time of this kind"},
      {"ChangeAboutSomething", With("about -", "about " + b3), "line 13: a change is about"},
      {"KindWithUpperCase", With("kind change", "kind Change"), "line 12: no kind"},
      {"KindBeginsWithDigit", With("kind change", "kind 1change"), "line 12: no kind"},
      {"KindOf33Bytes", With("kind change", "kind " + std::string(33, 'k')), "line 12: no kind"},
      {"KindEmpty", With("kind change", "kind "), "line 12: no kind"},
      {"KindMissing", WithoutLine("kind"), "line 12: \"kind\" and a value"},
      {"BasisMissing", WithoutLine("basis"), "line 10: \"basis\" and a value"},
  };
}

std::vector<BadHeader> BadLines() {
  const std::string empty_root = MerkleRoot({}).Hex();
  return {
      {"UnknownLine", With("kind ", "note x\nkind "), "line 12: \"kind\" and a value"},
      {"DuplicateLine", With("seq 7\n", "seq 7\nseq 7\n"), "line 7: \"prev\" and a value"},
      {"DuplicateNet", With("space ", "net -\nspace "), "line 3: \"space\" and a value"},
      {"ReorderedLines", With("kind change\nabout -\n", "about -\nkind change\n"), "line 12: "},
      {"SeenBehindBasis", Replace(WithoutLine("seen"), b5 + "\n", b5 + "\nseen " + b3 + "\n"),
       "line 10: \"time\" and a value"},
      {"SeenUnsorted",
       Replace(With(b3, b4), "seen " + b4 + "\nseen " + b4, "seen " + b4 + "\nseen " + b3),
       "line 9: not strictly"},
      {"SeenTwice", With(b4, b3), "line 9: not strictly"},
      {"SeenNamesPrev", With(b3, std::string(64, '2')), "line 8: prev is of this feed"},
      {"Seen129", ManySeen(129), "line 136: more than 128"},
      {"Basis5",
       With(b5 + "\n", b5 + "\nbasis " + b6 + "\nbasis " + std::string(64, '7') + "\nbasis " +
                           std::string(64, '8') + "\nbasis " + std::string(64, '9') + "\n"),
       "line 14: more than 4"},
      {"BasisUnsorted", With(b5 + "\n", b5 + "\nbasis " + b4 + "\n"), "line 11: not strictly"},
      {"BasisTwice", With(b5 + "\n", b5 + "\nbasis " + b5 + "\n"), "line 11: not strictly"},
      {"BasisDashAndMore", With("basis ", "basis -\nbasis "), "line 11: \"time\" and a value"},
      {"BasisDashOutsideRoot", With("basis " + b5, "basis -"), "line 10: basis missing"},
      {"NetDashOutsideCharter", With("net " + aa, "net -"), "line 3: the charter's space"},
      {"BodyCount4097", With("body 2 1", "body 4097 1"), "line 14: number of fields"},
      {"BodyLeadingZero", With("body 2 1", "body 02 1"), "line 14: number of fields"},
      {"BodyDoubleSpace", With("body 2 1", "body 2  1"), "line 14: number of fields"},
      {"BodyTwoParts", With("body 2 1 ", "body 2 "), "line 14: two numbers"},
      {"BodyFourParts", With("body 2 1 ", "body 2 1 0 "), "line 14: root is not"},
      {"BodyMoreEvidenceThanFields", With("body 2 1", "body 2 3"), "line 14: more evidence"},
      {"BodyEmptyWithRoot", With("body 2 1", "body 0 0"), "line 14: root of a body"},
      {"BodyEmptyWithEvidence", With("body 2 1 " + b6, "body 0 1 " + empty_root),
       "line 14: more evidence"},
      {"TooLong", Good() + std::string(limits::kHeaderBytesMax, 'x') + "\n", "line 1: the header"},
  };
}

std::vector<BadHeader> BadHeaders() {
  std::vector<BadHeader> all = BadText();
  for (BadHeader& bad : BadLines()) all.push_back(std::move(bad));
  return all;
}

class BadHeaderTable : public ::testing::TestWithParam<BadHeader> {};

TEST_P(BadHeaderTable, AreRefusedWithLineAndReason) {
  const Result<Header> parsed = ParseHeader(GetParam().text);
  ASSERT_FALSE(parsed);
  EXPECT_EQ(parsed.error().code, Code::kMalformed);
  EXPECT_TRUE(parsed.error().detail.starts_with(GetParam().detail)) << parsed.error().detail;
}

INSTANTIATE_TEST_SUITE_P(Table, BadHeaderTable, ::testing::ValuesIn(BadHeaders()),
                         [](const auto& row) { return std::string(row.param.name); });

TEST(BadHeader, TheHeaderThatTheTableStartsFromIsGood) {
  EXPECT_TRUE(ParseHeader(Good()));
  EXPECT_TRUE(ParseHeader(With("seq 7", "seq 9007199254740991")));
  EXPECT_TRUE(ParseHeader(ManySeen(34)));  // below 0x22, which is prev
}

std::string Said(HeaderReader& reader, std::string_view text) {
  const Result<Header> header = reader.Read(text);
  return header ? Render(*header) : header.error().detail;
}

TEST(HeaderReader, ReadsTheSameWhateverItReadBefore) {
  std::vector<std::string> texts{Good(), Render(RootHeader("vote")), Render(CharterHeader())};
  Header other = ChangeHeader();
  other.life = Filled<LifeId>(0x77);
  texts.push_back(Render(other));
  for (const BadHeader& bad : BadHeaders()) texts.push_back(bad.text);
  for (const std::string& first : texts)
    for (const std::string& text : texts) {
      HeaderReader fresh, used;
      const std::string expected = Said(fresh, text);
      Said(used, first);
      EXPECT_EQ(Said(used, text), expected) << "first:\n" << first;
      EXPECT_EQ(Said(used, text), expected) << "first:\n" << first << "then again";
    }
}

}  // namespace
}  // namespace geflecht::log
