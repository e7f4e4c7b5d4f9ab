// What the readers of the log answer to texts of which something is another: kept as tables.
#include <gtest/gtest.h>

#include "base/limits.h"
#include "fixture.h"
#include "node/log/fork.h"
#include "node/log/lines.h"
#include "node/log/name.h"
#include "tests/golden/golden.h"
#include "tests/unit/edits.h"

namespace geflecht::log {
namespace {

using namespace testing;

void ExpectAnswers(const std::string& name, const std::string& text) {
  ExpectGolden("log/" + name, text);
}

std::string OfHeader(const std::string& text) {
  const auto header = ParseHeader(text);
  if (header) {
    EXPECT_EQ(Render(*header), text);
  }
  return AnswerOf(header);
}

TEST(LogReaders, OfAHeader) {
  ExpectAnswers("header", AnswersTo(Render(ChangeHeader()), OfHeader));
}

TEST(LogReaders, OfAHeaderOfTheRootSpace) {
  Header header = RootHeader("vote");
  header.about = Filled<EntryId>(0x77);
  ExpectAnswers("header-root", AnswersTo(Render(header), OfHeader));
}

TEST(LogReaders, OfAHeaderOfACharterAndAGather) {
  Header gather = ChangeHeader();
  gather.kind = "gather";
  gather.fields = gather.evidence = 0;
  gather.root = MerkleRoot({});
  ExpectAnswers("header-charter", AnswersTo(Render(CharterHeader()), OfHeader));
  ExpectAnswers("header-gather", AnswersTo(Render(gather), OfHeader));
}

CharterText FullText() {
  CharterText text = ThreeFounders();
  std::sort(text.founders.begin(), text.founders.end(),
            [](const Card& a, const Card& b) { return a.org() < b.org(); });
  text.rules_version = 12;
  text.purpose = "Hilfe im Norden.";
  text.review_s = 1'798'761'600;
  text.offline_days = 30;
  text.rules = {{"*", "majority"}, {"money", "consent 3"}, {"role", "two-thirds"}};
  text.points = {"Erstens.", "Zweitens."};
  return text;
}

TEST(LogReaders, OfACharter) {
  ExpectAnswers("charter", AnswersTo(RenderCharterText(FullText()), [](const std::string& text) {
                  const auto read = ParseCharterText(text);
                  if (read) {
                    EXPECT_EQ(RenderCharterText(*read), text);
                  }
                  return AnswerOf(read);
                }));
}

TEST(LogReaders, OfCards) {
  const ProvenCard proven = ProveCard(OrgCard(1), Key(101));
  ExpectAnswers("card", AnswersTo(RenderCard(proven.card), [](const std::string& text) {
                  return AnswerOf(ParseCard(text));
                }));
  ExpectAnswers("proven-card", AnswersTo(RenderProvenCard(proven), [](const std::string& text) {
                  return AnswerOf(ParseProvenCard(text));
                }));
}

TEST(LogReaders, OfAFoundingAndASignatureOfAFounder) {
  const Founding founding = FullFounding();
  const FounderSignature signature = SignatureOf(founding, 2);
  ExpectAnswers("founding", AnswersTo(RenderFounding(founding), [](const std::string& text) {
                  return AnswerOf(ParseFounding(text));
                }));
  ExpectAnswers(
      "founder-signature",
      AnswersTo(RenderFounderSignature(signature.network, signature.root, signature.signature),
                [](const std::string& text) { return AnswerOf(ParseFounderSignature(text)); }));
}

TEST(LogReaders, OfABranch) {
  Header header = ChangeHeader();
  header.time_s += 3600;
  std::string a = RenderBranch({Sign(ChangeHeader(), Key(1))});
  std::string b = RenderBranch({Sign(header, Key(1))});
  if (!CheckFork(Network(), a, b)) std::swap(a, b);
  ASSERT_TRUE(CheckFork(Network(), a, b));
  ExpectAnswers("branch", AnswersTo(b, [&](const std::string& text) {
                  return AnswerOf(CheckFork(Network(), a, text));
                }));
}

TEST(LogReaders, OfTimes) {
  std::string out;
  for (const char* text : {"1969-12-31T23:59:59Z",  "1970-01-01T00:00:00Z",
                           "1970-01-01T00:00:01Z",  "2024-02-29T12:30:59Z",
                           "2023-02-29T12:30:59Z",  "2000-02-29T00:00:00Z",
                           "2100-02-29T00:00:00Z",  "9999-12-31T23:59:59Z",
                           "2026-00-10T00:00:00Z",  "2026-12-31T00:00:00Z",
                           "2026-13-10T00:00:00Z",  "2026-04-31T00:00:00Z",
                           "2026-04-00T00:00:00Z",  "2026-04-30T23:00:00Z",
                           "2026-04-30T24:00:00Z",  "2026-04-30T00:59:00Z",
                           "2026-04-30T00:60:00Z",  "2026-04-30T00:00:59Z",
                           "2026-04-30T00:00:60Z",  "2026-04-30 00:00:00Z",
                           "2026-04-30T00:00:00",   "",
                           "2026-04-30T00:00:00ZZ", "2026-4-30T00:00:00Z",
                           "2026-04-30T0/:00:00Z",  "2026-04-30T0::00:00Z",
                           "0000-01-01T00:00:00Z"}) {
    const auto time_s = ParseTime(text);
    out += std::string(text) + " " + (time_s ? std::to_string(*time_s) : "none") + "\n";
    if (time_s) {
      EXPECT_EQ(RenderTime(*time_s), text);
    }
  }
  for (const std::int64_t time_s : {0L, 59L, 60L, 3599L, 3600L, 86'399L, 86'400L, 951'782'399L,
                                    951'782'400L, 951'868'800L, 253'402'300'799L})
    out += std::to_string(time_s) + " " + RenderTime(time_s) + "\n";
  ExpectAnswers("times", out);
}

// Which bytes may stand in a place, as a list of them.
template <class Fits>
std::string BytesThat(const Fits& fits) {
  std::string out;
  for (int byte = 0; byte < 256; ++byte)
    if (fits(static_cast<char>(byte))) out += " " + std::to_string(byte);
  return out + "\n";
}

TEST(LogReaders, OfTokensNumbersAndRulesTakeTheseBytes) {
  std::string out;
  out += "token, first" + BytesThat([](char c) { return IsToken(std::string{c, 'a'}, 4); });
  out += "token, then" + BytesThat([](char c) { return IsToken(std::string{'a', c}, 4); });
  out += "matter, first" + BytesThat([](char c) { return IsRuleLine({std::string{c, 'a'}, "x"}); });
  out += "matter, alone" + BytesThat([](char c) { return IsRuleLine({std::string{c}, "x"}); });
  out += "matter, then" + BytesThat([](char c) { return IsRuleLine({std::string{'a', c}, "x"}); });
  out += "rule, first" + BytesThat([](char c) { return IsRuleLine({"a", std::string{c, 'x'}}); });
  out += "rule, between" + BytesThat([](char c) {
           return IsRuleLine({"a", std::string{'x', c, 'y'}});
         });
  out += "rule, last" + BytesThat([](char c) { return IsRuleLine({"a", std::string{'x', c}}); });
  out += "printable" +
         BytesThat([](char c) { return CheckPrintableAscii(std::string{c}).has_value(); });
  out += "digit" + BytesThat([](char c) { return ParseDecimal(std::string{c}, 100).has_value(); });
  out += "digit, then" + BytesThat([](char c) {
           return ParseDecimal(std::string{'1', c}, 100).has_value();
         });
  out += "line" + BytesThat([](char c) {
           return CheckLine(std::string{'a', c, 'b'}, 9).has_value();
         });
  out += "line, last" + BytesThat([](char c) {
           return CheckLine(std::string{'a', c}, 9).has_value();
         });
  out += "line, first" + BytesThat([](char c) {
           return CheckLine(std::string{c, 'a'}, 9).has_value();
         });
  out += "text" + BytesThat([](char c) {
           return CheckText(std::string{'a', c, '\n'}, 9).has_value();
         });
  out += "text, last" + BytesThat([](char c) {
           return CheckText(std::string{'a', c}, 9).has_value();
         });
  ExpectAnswers("bytes", out);
}

TEST(LogReaders, OfTokensNumbersAndRulesHaveTheseBounds) {
  EXPECT_FALSE(IsToken("", 3));
  EXPECT_TRUE(IsToken("abc", 3));
  EXPECT_FALSE(IsToken("abcd", 3));
  EXPECT_FALSE(ParseDecimal("", 9));
  EXPECT_EQ(ParseDecimal("0", 9), 0u);
  EXPECT_FALSE(ParseDecimal("00", 9));
  EXPECT_FALSE(ParseDecimal("01", 9));
  EXPECT_EQ(ParseDecimal("9", 9), 9u);
  EXPECT_FALSE(ParseDecimal("10", 9));
  EXPECT_EQ(ParseDecimal("18446744073709551615", UINT64_MAX), UINT64_MAX);
  EXPECT_FALSE(ParseDecimal("18446744073709551616", UINT64_MAX));
  EXPECT_TRUE(IsRuleLine({"*", "x"}));
  EXPECT_FALSE(IsRuleLine({"**", "x"}));
  EXPECT_FALSE(IsRuleLine({"", "x"}));
  EXPECT_FALSE(IsRuleLine({"a", ""}));
  EXPECT_TRUE(IsRuleLine({std::string(kMatterBytesMax, 'a'), "x"}));
  EXPECT_FALSE(IsRuleLine({std::string(kMatterBytesMax + 1, 'a'), "x"}));
  EXPECT_TRUE(IsRuleLine({"a", std::string(kRuleBytesMax, 'x')}));
  EXPECT_FALSE(IsRuleLine({"a", std::string(kRuleBytesMax + 1, 'x')}));
  EXPECT_FALSE(IsRuleLine({"a", "x  y"}));
  EXPECT_TRUE(IsRuleLine({"a", "x y"}));
  EXPECT_TRUE(CheckLine("abc", 3));
  EXPECT_FALSE(CheckLine("abcd", 3));
  EXPECT_FALSE(CheckLine("", 3));
  EXPECT_TRUE(CheckText("", 3));
  EXPECT_TRUE(CheckText("ab\n", 3));
  EXPECT_FALSE(CheckText("abc\n", 3));
  EXPECT_EQ(*ToLine(" \u00a0a b ", 3), "a b");
  EXPECT_FALSE(ToLine("abcd", 3));
  EXPECT_FALSE(ToLine("   ", 3));
  EXPECT_EQ(*ToLine(std::string(16 * 3 - 1, ' ') + "a", 3), "a");
  EXPECT_FALSE(ToLine(std::string(16 * 3, ' ') + "a", 3));
  EXPECT_EQ(*ToText("a\r\n\tb", 9), "a\n    b\n");
  EXPECT_EQ(*ToText("", 3), "");
  EXPECT_EQ(*ToText("ab\n", 3), "ab\n");
  EXPECT_FALSE(ToText("abc", 3));
  EXPECT_FALSE(ToText(std::string(16 * 3 + 1, 'a'), 3));
  EXPECT_FALSE(ToText("\xff", 3));
  EXPECT_EQ(*ToName("A\u0308"), "\u00c4");
  EXPECT_FALSE(CheckName("A\u0308"));
}

TEST(LogReaders, OfLinesSayWhereATextIsNotAsItShouldBe) {
  LineReader lines("one\ntwo words\nthree\n");
  EXPECT_FALSE(lines.NextIs("on"));
  EXPECT_TRUE(lines.NextIs("one"));
  EXPECT_EQ(lines.line(), 1u);
  EXPECT_TRUE(lines.Literal("one"));
  EXPECT_EQ(lines.line(), 2u);
  EXPECT_TRUE(lines.NextIs("two"));
  EXPECT_EQ(*lines.Value("two"), "words");
  EXPECT_EQ(lines.Bad("x").value().detail, "line 2: x");
  EXPECT_EQ(lines.End().error().detail, "line 3: nothing may follow the last line");
  EXPECT_EQ(lines.Value("three").error().detail, "line 3: \"three\" and a value expected");
  EXPECT_TRUE(lines.AtEnd());
  EXPECT_TRUE(lines.End());
  EXPECT_FALSE(lines.NextIs("x"));
  EXPECT_EQ(lines.Line().error().detail, "line 4: the text ends too early");
  EXPECT_EQ(LineReader("x").Line().error().detail, "line 1: no line feed at the end");
  EXPECT_FALSE(LineReader("one").NextIs("one"));
  EXPECT_EQ(*LineReader("k \n").Value("k"), "");
  EXPECT_FALSE(LineReader("k\n").Value("k"));
  EXPECT_FALSE(LineReader("kv\n").Value("k"));
  EXPECT_FALSE(LineReader("kxv\n").Value("k"));
}

// Everything that a header must not say, each with its line.
TEST(LogReaders, OfHeadersNameTheLineThatIsWrong) {
  std::string out;
  const auto add = [&](const std::string& what, Header header) {
    out += what + ": " + AnswerOf(CheckHeader(header)) + "\n";
  };
  const auto ids = [](std::size_t count) {
    std::vector<EntryId> list(count);
    for (std::size_t i = 0; i < count; ++i) {
      list[i].bytes[0] = static_cast<std::uint8_t>(i >> 8);
      list[i].bytes[1] = static_cast<std::uint8_t>(i);
      list[i].bytes[2] = 9;
    }
    return list;
  };
  for (const bool root : {false, true}) {
    const Header good = root ? RootHeader("vote") : ChangeHeader();
    const auto with = [&](const std::string& what, const auto& edit) {
      Header header = good;
      edit(header);
      add((root ? "root " : "") + what, header);
    };
    with("good", [](Header&) {});
    for (const std::size_t count : {0, 1, 127, 128, 129})
      with("seen " + std::to_string(count), [&](Header& h) { h.seen = ids(count); });
    for (const std::size_t count : {0, 1, 4, 5})
      with("basis " + std::to_string(count), [&](Header& h) { h.basis = ids(count); });
    with("seen twice", [](Header& h) { h.seen[1] = h.seen[0]; });
    with("seen descends", [](Header& h) { std::swap(h.seen[1], h.seen[0]); });
    with("prev among seen", [](Header& h) { h.prev = h.seen[1]; });
    with("basis descends", [&](Header& h) {
      h.basis = ids(3);
      std::swap(h.basis[1], h.basis[2]);
    });
    for (const std::uint64_t seq : {std::uint64_t{0}, limits::kSeqMax - 1, limits::kSeqMax})
      with("seq " + std::to_string(seq), [&](Header& h) { h.seq = seq; });
    with("no prev", [](Header& h) { h.prev.reset(); });
    for (const std::int64_t time_s : {std::int64_t{-1}, std::int64_t{0}, kNoon + 1, kNoon + 3599,
                                      kTimeMax / 3600 * 3600, kTimeMax, kTimeMax + 1})
      with("time " + std::to_string(time_s), [&](Header& h) { h.time_s = time_s; });
    for (const std::size_t size : {0, 1, 32, 33})
      with("kind of " + std::to_string(size), [&](Header& h) { h.kind = std::string(size, 'k'); });
    for (const char* kind : {"gather", "charter", "change", "A"})
      with(kind, [&](Header& h) { h.kind = kind; });
    with("about", [](Header& h) { h.about = Filled<EntryId>(1); });
    for (const std::uint32_t fields : {0u, 1u, 4096u, 4097u})
      with("fields " + std::to_string(fields), [&](Header& h) { h.fields = fields; });
    for (const std::uint32_t evidence : {0u, 2u, 3u})
      with("evidence " + std::to_string(evidence), [&](Header& h) { h.evidence = evidence; });
    with("no fields", [](Header& h) {
      h.fields = h.evidence = 0;
      h.root = MerkleRoot({});
    });
    with("space of the charter", [](Header& h) { h.space = SpaceId(); });
  }
  ExpectAnswers("check-header", out);
}

TEST(LogReaders, OfHeadersOfChartersNameTheLineThatIsWrong) {
  std::string out;
  const auto charter = [&](const std::string& what, const auto& edit) {
    Header header = CharterHeader();
    edit(header);
    out += what + ": " + AnswerOf(CheckHeader(header)) + "\n";
  };
  charter("good", [](Header&) {});
  charter("in a space", [](Header& h) { h.space = Filled<SpaceId>(1); });
  charter("seq 1", [](Header& h) {
    h.seq = 1;
    h.prev = Filled<EntryId>(1);
  });
  charter("seen", [](Header& h) { h.seen = {Filled<EntryId>(1)}; });
  charter("basis", [](Header& h) { h.basis = {Filled<EntryId>(1)}; });
  charter("kind", [](Header& h) { h.kind = "vote"; });
  charter("about", [](Header& h) { h.about = Filled<EntryId>(1); });
  charter("about behind basis and seen", [](Header& h) {
    h.about = Filled<EntryId>(1);
    h.net = Network();
  });
  ExpectAnswers("check-charter-header", out);
}

TEST(LogReaders, OfChartersHaveTheseBounds) {
  const auto answer = [](const std::function<void(CharterText&)>& edit) {
    CharterText text = FullText();
    edit(text);
    return AnswerOf(ParseCharterText(RenderCharterText(text)));
  };
  const auto rules = [](std::size_t count) {
    return [count](CharterText& text) {
      text.rules.clear();
      for (std::size_t i = 0; i < count; ++i)
        text.rules.push_back({"m" + std::to_string(1000 + i), "majority"});
    };
  };
  EXPECT_EQ(answer(rules(0)), "accepted");
  EXPECT_EQ(answer(rules(kRulesMax)), "accepted");
  EXPECT_NE(answer(rules(kRulesMax + 1)), "accepted");
  for (const auto& [count, fits] :
       {std::pair{std::size_t{0}, true}, {kPointsMax, true}, {kPointsMax + 1, false}})
    EXPECT_EQ(answer([&](CharterText& text) { text.points.assign(count, "P"); }) == "accepted",
              fits);
  for (const auto& [size, fits] :
       {std::pair{std::size_t{1}, true}, {kPointBytesMax, true}, {kPointBytesMax + 1, false}}) {
    EXPECT_EQ(
        answer([&](CharterText& text) { text.points[1] = std::string(size, 'p'); }) == "accepted",
        fits);
    EXPECT_EQ(
        answer([&](CharterText& text) { text.purpose = std::string(size, 'p'); }) == "accepted",
        fits);
  }
  for (const auto& [days, fits] :
       {std::pair{1u, true}, {kOfflineDaysMax, true}, {kOfflineDaysMax + 1, false}})
    EXPECT_EQ(answer([&](CharterText& text) { text.offline_days = days; }) == "accepted", fits);
  EXPECT_EQ(answer([](CharterText& text) { text.rules_version = UINT32_MAX; }), "accepted");
  EXPECT_NE(answer([](CharterText& text) { text.rules_version = 0; }), "accepted");
  const std::string text = RenderCharterText(FullText());
  EXPECT_FALSE(ParseCharterText(Replace(text, "rules 12", "rules 4294967296")));
  EXPECT_FALSE(ParseCharterText(Replace(text, "offline-days 30", "offline-days 0")));
  EXPECT_NE(answer([](CharterText& t) { t.founders.clear(); }), "accepted");
  EXPECT_NE(answer([](CharterText& t) { t.founders[1] = t.founders[0]; }), "accepted");
  EXPECT_NE(answer([](CharterText& t) { std::swap(t.founders[1], t.founders[2]); }), "accepted");
  // A key of one founder in whatever place of another's card.
  const auto shared = [&](const crypto::PublicKey& device, const crypto::PublicKey& tls) {
    return answer([&](CharterText& t) {
      for (Card& card : t.founders)
        if (card.organisation == "Verein 2 e. V.")
          card = SignCard("Verein 2 e. V.", Key(2), device, tls);
    });
  };
  EXPECT_EQ(shared(Key(102).public_key(), Key(202).public_key()), "accepted");
  for (const int number : {1, 101, 201}) {
    const auto key = static_cast<std::uint8_t>(number);
    EXPECT_NE(shared(Key(key).public_key(), Key(202).public_key()), "accepted");
    EXPECT_NE(shared(Key(102).public_key(), Key(key).public_key()), "accepted");
  }
}

}  // namespace
}  // namespace geflecht::log
