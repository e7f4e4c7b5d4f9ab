#include "crdt/rope.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <string>

#include "base/rng.h"
#include "crdt/utf8.h"

namespace geflecht::crdt {
namespace {

constexpr std::uint64_t kSeed = 20260;

// As many leaves as need three levels of inner nodes.
TEST(Rope, FindsEveryPlaceOfALongText) {
  SeededRandom random(kSeed);
  Rope rope;
  std::string expected;
  for (int i = 0; i < 2500; ++i) {
    const std::string part(500, static_cast<char>('a' + random.Below(26)));
    const std::uint64_t at = random.Below(expected.size() + 1);
    rope.Insert(at, part, part.size());
    expected.insert(at, part);
  }
  EXPECT_EQ(rope.Text() == expected, true);
  for (int i = 0; i < 2000; ++i) {
    const std::uint64_t at = random.Below(expected.size() - 1500);
    const std::uint64_t count = 1 + random.Below(1500);
    std::string here;
    rope.AppendTo(here, at, count);
    ASSERT_EQ(here, expected.substr(at, count)) << i;
    if (i % 4 != 0) continue;
    std::string removed;
    rope.Remove(at, count, &removed);
    ASSERT_EQ(removed, here) << i;
    expected.erase(at, count);
  }
  EXPECT_EQ(rope.Text() == expected, true);
  EXPECT_EQ(rope.length(), expected.size());
  EXPECT_EQ(rope.bytes(), expected.size());
}

// Around the gap of a leaf, with code points of one to four bytes.
TEST(Rope, EditsWhereItWasEditedAndElsewhere) {
  SeededRandom random(kSeed + 1);
  const std::u32string points = U"aäe€ß𝄞";
  Rope rope;
  std::u32string expected;
  std::uint64_t place = 0;
  for (int i = 0; i < 20000; ++i) {
    if (random.Below(8) == 0 || place > expected.size()) place = random.Below(expected.size() + 1);
    const std::uint64_t choice = random.Below(10);
    if (choice < 6 || expected.empty()) {
      const std::u32string part(1 + random.Below(random.Below(9) == 0 ? 400 : 2),
                                points[random.Below(points.size())]);
      rope.Insert(place, EncodeUtf8(part), part.size());
      expected.insert(place, part);
      place += part.size();
      continue;
    }
    const std::uint64_t most = random.Below(40) == 0 ? 700 : 2;
    std::uint64_t count = std::min<std::uint64_t>(expected.size(), 1 + random.Below(most));
    if (choice < 9) place = place > count ? place - count : 0;
    count = std::min<std::uint64_t>(count, expected.size() - place);
    if (count == 0) continue;
    std::string removed;
    rope.Remove(place, count, &removed);
    ASSERT_EQ(removed, EncodeUtf8(expected.substr(place, count))) << i;
    expected.erase(place, count);
    ASSERT_EQ(rope.length(), expected.size());
    if (i % 64 == 0) {
      ASSERT_EQ(rope.Text(), EncodeUtf8(expected)) << i;
    }
  }
  EXPECT_EQ(rope.Text(), EncodeUtf8(expected));
  EXPECT_EQ(rope.bytes(), EncodeUtf8(expected).size());
}

}  // namespace
}  // namespace geflecht::crdt
