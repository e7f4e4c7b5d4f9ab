#include <gtest/gtest.h>

#include "base/limits.h"
#include "fixture.h"
#include "node/audit/body_file.h"
#include "node/crypto/base64.h"

namespace geflecht::audit {
namespace {

using namespace testing;

const log::EntryId kEntry = Filled<log::EntryId>(0xab);

log::Field FieldOf(Bytes value) { return {Filled<log::Salt>(0x01), "content", std::move(value)}; }

std::string Line(const log::Body& body) {
  std::string line = RenderBodyLine(kEntry, body);
  EXPECT_EQ(line.back(), '\n');
  line.pop_back();
  return line;
}

void ExpectBack(const log::Body& body) {
  const std::string line = Line(body);
  const auto parsed = ParseBodyLine(line);
  ASSERT_TRUE(parsed) << parsed.error().detail << "\n" << line.substr(0, 400);
  EXPECT_EQ(parsed->entry, kEntry);
  EXPECT_EQ(parsed->body, body);
}

TEST(BodyLine, FieldsAndLeavesComeBack) {
  ExpectBack({});
  ExpectBack({{Filled<crypto::Hash256>(0x77), FieldOf(ToBytes("Wert"))}});
  ExpectBack({{FieldOf({})}});
}

TEST(BodyLine, EveryByteAndEveryBoundaryOfUtf8ComesBack) {
  for (unsigned first = 0; first < 256; ++first) {
    ExpectBack({{FieldOf({static_cast<std::uint8_t>(first)})}});
    for (const unsigned second : {0x00u, 0x20u, 0x22u, 0x5cu, 0x7fu, 0x80u, 0xbfu, 0xc0u, 0xffu})
      ExpectBack(
          {{FieldOf({static_cast<std::uint8_t>(first), static_cast<std::uint8_t>(second)})}});
  }
  for (const std::string text :
       {"\xe0\x9f\xbf", "\xe0\xa0\x80", "\xed\x9f\xbf", "\xed\xa0\x80", "\xed\xbf\xbf",
        "\xee\x80\x80", "\xef\xbf\xbe", "\xef\xbf\xbf", "\xf0\x8f\xbf\xbf", "\xf0\x90\x80\x80",
        "\xf4\x8f\xbf\xbf", "\xf4\x90\x80\x80", "\xf8\x88\x80\x80\x80", "\xe2\x80\xa8",
        "\xef\xbb\xbf", "\xc0\x80", "\xc1\xbf", "\xc2\x80"})
    ExpectBack({{FieldOf(ToBytes(text))}});
}

TEST(BodyLine, LargestBodyComesBack) {
  ExpectBack({{FieldOf(Bytes(limits::kFieldBytesMax - 7, 0x01))}});
  log::Body leaves;
  leaves.slots.assign(limits::kFieldsMax, Filled<crypto::Hash256>(1));
  ExpectBack(leaves);
  leaves.slots.push_back(Filled<crypto::Hash256>(1));
  EXPECT_EQ(ParseBodyLine(Line(leaves)).error().code, Code::kTooLarge);
}

TEST(BodyLine, EveryOtherSpellingIsRefused) {
  const std::string line = Line({{Filled<crypto::Hash256>(0xcd), FieldOf(ToBytes("aZ"))}});
  ASSERT_TRUE(ParseBodyLine(line));
  const std::vector<std::pair<std::string, std::string>> changes = {
      {"{\"entry\"", " {\"entry\""},
      {"{\"entry\"", "\xef\xbb\xbf{\"entry\""},
      {"\"slots\":[", "\"slots\": ["},
      {"\"slots\":[", "\"slots\":[],\"slots\":["},
      {"]}", "]}\r"},
      {"]}", "],\"more\":1}"},
      {"abab", "ABab"},
      {"cdcd", "CDcd"},
      {"cdcd", "cd"},
      {"0101", "01"},
      {"aZ", "a\\u005a"},
      {"aZ", "a\x01"},
      {"aZ", "a\xff"},
      {"\"value\":\"aZ\"", "\"base64\":\"YVo=\""},
      {"\"value\":\"aZ\"", "\"base64\":\"/w==\",\"value\":\"aZ\""},
      {"\"value\":\"aZ\"", "\"base64\":\"/x==\""},
      {"\"value\":\"aZ\"", "\"value\":7"},
      {"\"value\":\"aZ\"", "\"value\":[[[[[[[[]]]]]]]]"},
      {"\"name\":\"content\"", "\"name\":\"Content\""},
      {"\"name\":\"content\",", ""},
      {"\"leaf\"", "\"salt\""},
  };
  for (const auto& [from, to] : changes)
    EXPECT_FALSE(ParseBodyLine(log::testing::Replace(line, from, to))) << from << " -> " << to;
  for (const std::string_view text :
       {"", "{}", "[]", "null", "7", "\"", "{\"entry\":1,\"slots\":[]}"})
    EXPECT_FALSE(ParseBodyLine(text)) << text;
  for (std::size_t size = 0; size < line.size(); ++size)
    EXPECT_FALSE(ParseBodyLine(line.substr(0, size))) << size;
}

TEST(BodyLine, FieldOfOneNameTwiceIsRefused) {
  EXPECT_FALSE(ParseBodyLine(Line({{FieldOf({1}), FieldOf({2})}})));
}

TEST(BodyLine, RandomBytesNeverEndTheProcess) {
  const std::uint64_t seed = 5;
  RecordProperty("seed", std::to_string(seed));
  SeededRandom random(seed);
  const std::string line = Line({{Filled<crypto::Hash256>(0xcd), FieldOf(ToBytes("aZ"))}});
  std::size_t accepted = 0;
  for (int i = 0; i < 20'000; ++i) {
    std::string text = line;
    for (std::uint64_t n = random.Below(4) + 1; n > 0; --n)
      text[random.Below(text.size())] = static_cast<char>(random.Below(256));
    const auto parsed = ParseBodyLine(text);
    if (!parsed) continue;
    ++accepted;
    EXPECT_EQ(RenderBodyLine(parsed->entry, parsed->body), text + "\n");
  }
  EXPECT_GT(accepted, 100u);  // changed hexadecimal digits, names and values
}

TEST(BodyLine, DeepNestingIsRefusedWithoutRecursion) {
  EXPECT_FALSE(ParseBodyLine(std::string(2'000'000, '[')));
  EXPECT_FALSE(ParseBodyLine(std::string(8'000'000, ' ')));
}

TEST(BodyLine, WithheldBodyHasTheSameRoot) {
  const log::Body body{{FieldOf({1, 2}), Filled<crypto::Hash256>(9)}};
  const log::Body withheld = Withheld(body);
  EXPECT_EQ(log::BodyRoot(withheld), log::BodyRoot(body));
  for (const log::Slot& slot : withheld.slots)
    EXPECT_TRUE(std::holds_alternative<crypto::Hash256>(slot));
}

}  // namespace
}  // namespace geflecht::audit
