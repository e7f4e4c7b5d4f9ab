#include <gtest/gtest.h>

#include <algorithm>

#include "base/rng.h"
#include "crdt/container_id.h"
#include "crdt/diff.h"
#include "crdt/order_key.h"
#include "crdt/path.h"
#include "crdt/utf8.h"
#include "crdt/varint.h"

namespace geflecht::crdt {
namespace {

TEST(Utf8, TakesWellFormedTextOnly) {
  for (const char* good :
       {"", "a", "\x7F", "\xC2\x80", "\xDF\xBF", "\xE0\xA0\x80", "\xED\x9F\xBF", "\xEE\x80\x80",
        "\xEF\xBF\xBF", "\xF0\x90\x80\x80", "\xF4\x8F\xBF\xBF"}) {
    ASSERT_TRUE(IsUtf8(good)) << good;
    EXPECT_EQ(EncodeUtf8(*DecodeUtf8(good)), good);
    EXPECT_EQ(DecodeUtf8(good)->size(), CountCodePoints(good));
  }
  for (const char* bad : {"\x80", "\xC0\x80", "\xC1\xBF", "\xC2", "\xC2\x41", "\xE0\x9F\xBF",
                          "\xE2\x82", "\xED\xA0\x80", "\xED\xBF\xBF", "\xF0\x8F\xBF\xBF",
                          "\xF4\x90\x80\x80", "\xF5\x80\x80\x80", "\xFF", "a\xF0\x90\x80"}) {
    EXPECT_FALSE(IsUtf8(bad));
    EXPECT_FALSE(DecodeUtf8(bad));
  }
}

std::string Patched(const std::string& before, const std::vector<Splice>& splices) {
  std::u32string text = *DecodeUtf8(before);
  for (const Splice& splice : splices)
    text.replace(static_cast<std::size_t>(splice.position),
                 static_cast<std::size_t>(splice.removed), *DecodeUtf8(splice.inserted));
  return EncodeUtf8(text);
}

TEST(Diff, IsEmptyForEqualTexts) { EXPECT_TRUE(DiffText("gleich", "gleich").empty()); }

TEST(Diff, KeepsWhatIsCommon) {
  EXPECT_EQ(DiffText("Haus", "Maus"), (std::vector<Splice>{{0, 1, "M"}}));
  EXPECT_EQ(DiffText("", "ä"), (std::vector<Splice>{{0, 0, "ä"}}));
  EXPECT_EQ(DiffText("xäx", "xx"), (std::vector<Splice>{{1, 1, ""}}));
  EXPECT_EQ(DiffText("a b c", "a B c D"), (std::vector<Splice>{{2, 1, "B"}, {5, 0, " D"}}));
}

TEST(Diff, IsMinimalAndLeadsToTheNewText) {
  SeededRandom random(17);
  for (int round = 0; round < 400; ++round) {
    std::string texts[2];
    for (std::string& text : texts)
      for (std::uint64_t n = random.Below(12); n > 0; --n)
        text.push_back(static_cast<char>('a' + random.Below(3)));
    const std::vector<Splice> splices = DiffText(texts[0], texts[1]);
    ASSERT_EQ(Patched(texts[0], splices), texts[1]);
    std::uint64_t cost = 0;
    for (const Splice& splice : splices) cost += splice.removed + splice.inserted.size();
    // The longest common subsequence by dynamic programming.
    std::vector<std::vector<std::size_t>> common(13, std::vector<std::size_t>(13, 0));
    for (std::size_t i = 1; i <= texts[0].size(); ++i)
      for (std::size_t j = 1; j <= texts[1].size(); ++j)
        common[i][j] = texts[0][i - 1] == texts[1][j - 1]
                           ? common[i - 1][j - 1] + 1
                           : std::max(common[i - 1][j], common[i][j - 1]);
    ASSERT_EQ(cost,
              texts[0].size() + texts[1].size() - 2 * common[texts[0].size()][texts[1].size()]);
  }
}

TEST(Diff, ReplacesTheMiddleBeyondItsBound) {
  const std::string before = "<" + std::string(3000, 'a') + ">",
                    after = "<" + std::string(3000, 'b') + ">";
  EXPECT_EQ(DiffText(before, after), (std::vector<Splice>{{1, 3000, std::string(3000, 'b')}}));
}

TEST(Varint, HasOneSpelling) {
  for (const std::uint64_t value : {0ull, 127ull, 128ull, 16383ull, 16384ull, ~0ull, 1ull << 63}) {
    Bytes bytes;
    AppendVarint(bytes, value);
    ByteReader in(bytes);
    EXPECT_EQ(in.Varint(), value);
    EXPECT_TRUE(in.AtEnd());
  }
  for (const Bytes& bad :
       {Bytes{}, Bytes{0x80}, Bytes{0x80, 0x00}, Bytes{0xFF, 0x80, 0x00},
        Bytes{0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0x02},
        Bytes{0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0x81, 0x00}}) {
    ByteReader in(bad);
    EXPECT_FALSE(in.Varint());
  }
  for (const std::int64_t value : {INT64_MIN, std::int64_t{-1}, std::int64_t{0}, INT64_MAX})
    EXPECT_EQ(UnZigZag(ZigZag(value)), value);
  EXPECT_EQ(ZigZag(-1), 1u);
}

TEST(ContainerId, HasFourSpellings) {
  const std::string created = "#" + std::string(64, 'a') + ":12";
  for (const std::string& good :
       {std::string(), std::string("/key"), created, std::string("#:0")}) {
    const auto name = ParseContainerId(good);
    ASSERT_TRUE(name) << good;
    EXPECT_EQ(ToContainerId(*name), good);
  }
  for (const char* bad :
       {"/", "x", "#", "#:", "#:01", "#:x", "#:1 ", "#aa:1", "#:18446744073709551616"})
    EXPECT_FALSE(ParseContainerId(bad)) << bad;
}

TEST(Path, IsAJsonPointer) {
  EXPECT_EQ(SplitPath("/a~1b/~0/").value(), (std::vector<std::string>{"a/b", "~", ""}));
  EXPECT_EQ(JoinPath("/x", "a/~"), "/x/a~1~0");
  for (const char* bad : {"a", "/~", "/~2"}) EXPECT_FALSE(SplitPath(bad)) << bad;
}

AgentId Writer(std::uint8_t byte) {
  AgentId id;
  id.bytes.fill(byte);
  return id;
}

TEST(OrderKey, LiesBetweenItsNeighbours) {
  SeededRandom random(23);
  for (int round = 0; round < 50; ++round) {
    std::vector<std::string> keys;
    for (int i = 0; i < 120; ++i) {
      const std::size_t at = static_cast<std::size_t>(random.Below(keys.size() + 1));
      const std::string left = at == 0 ? "" : keys[at - 1];
      const std::string right = at == keys.size() ? "" : keys[at];
      const auto writer = Writer(static_cast<std::uint8_t>(random.Below(3) * 127));
      const auto key = OrderBetween(left, right, writer);
      ASSERT_TRUE(key);
      ASSERT_TRUE(IsOrderKey(*key));
      ASSERT_LT(left, *key);
      ASSERT_TRUE(right.empty() || *key < right);
      keys.insert(keys.begin() + static_cast<std::ptrdiff_t>(at), *key);
    }
  }
}

// Two append a few nodes each at one place without seeing each other.
TEST(OrderKey, WhatTwoAppendAtOnceIsNotInterleaved) {
  const auto first = OrderBetween("", "", Writer(9));
  std::vector<std::pair<std::string, int>> all;
  for (const int writer : {1, 2}) {
    std::string last = *first;
    for (int i = 0; i < 300; ++i) {
      last = *OrderBetween(last, "", Writer(static_cast<std::uint8_t>(writer)));
      EXPECT_LT(last.size(), 16u);
      all.emplace_back(last, writer);
    }
  }
  std::sort(all.begin(), all.end());
  int changes = 0;
  for (std::size_t i = 1; i < all.size(); ++i) changes += all[i].second != all[i - 1].second;
  EXPECT_EQ(changes, 1);
}

TEST(OrderKey, SaysWhenThereIsNoRoom) {
  EXPECT_FALSE(OrderBetween("b", "b", Writer(1)));
  EXPECT_FALSE(OrderBetween("c", "b", Writer(1)));
  EXPECT_FALSE(OrderBetween(std::string(254, 'a'), std::string(254, 'a') + "\x01", Writer(1)));
  for (const std::string& bad : {std::string(), std::string("a\0", 2), std::string(256, 'a')})
    EXPECT_FALSE(IsOrderKey(bad));
  EXPECT_TRUE(IsOrderKey(std::string(255, 'a')));
}

}  // namespace
}  // namespace geflecht::crdt
