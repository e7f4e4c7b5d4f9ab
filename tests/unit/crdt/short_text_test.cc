#include "crdt/short_text.h"

#include <gtest/gtest.h>

#include <string>

#include "base/rng.h"

namespace geflecht::crdt {
namespace {

// Two texts that differ late, if at all: by a byte, or because one goes on.
TEST(ShortText, HasTheOrderOfStrings) {
  constexpr std::uint64_t seed = 21;
  SeededRandom random(seed);
  const char bytes[] = {'\0', 'a', 'b', '\x7f', '\x80', '\xff'};
  for (int i = 0; i < 200'000; ++i) {
    std::string left;
    for (std::uint64_t size = random.Below(24); left.size() < size;)
      left.push_back(bytes[random.Below(sizeof(bytes))]);
    std::string right = left.substr(0, random.Below(left.size() + 1) + random.Below(24));
    if (!right.empty() && random.Below(2) == 0)
      right[random.Below(right.size())] = bytes[random.Below(sizeof(bytes))];
    if (random.Below(4) == 0) right.push_back(bytes[random.Below(sizeof(bytes))]);
    ASSERT_EQ(TextLess()(left, right), left < right) << i << " of seed " << seed;
    ASSERT_EQ(TextLess()(right, left), right < left) << i << " of seed " << seed;
    ASSERT_EQ(SameText(left, right), left == right) << i << " of seed " << seed;
  }
}

}  // namespace
}  // namespace geflecht::crdt
