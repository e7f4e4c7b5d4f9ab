#include "base/rng.h"

#include <gtest/gtest.h>

#include <set>

namespace geflecht {
namespace {

using Token = StrongId<struct TokenTag, 16>;

TEST(SeededRandom, FollowsTheReferenceSequence) {
  // First outputs of SplitMix64 for seed 0, least significant byte first.
  SeededRandom random(0);
  Bytes out(16);
  random.Fill(out);
  EXPECT_EQ(ToHex(out), "afcd1d7b39a820e2f465b9a16a9e786e");
}

TEST(SeededRandom, OneSeedIsOneSequence) {
  SeededRandom first(7), again(7), other(8);
  const Token token = first.Make<Token>();
  EXPECT_EQ(token, again.Make<Token>());
  EXPECT_NE(token, other.Make<Token>());
  EXPECT_NE(token, first.Make<Token>());
}

TEST(SeededRandom, FillsLengthsThatAreNoMultipleOfEight) {
  for (std::size_t size = 1; size <= 17; ++size) {
    SeededRandom random(3);
    Bytes out(size + 1, 0xEE);
    random.Fill(std::span(out).first(size));
    EXPECT_EQ(out[size], 0xEE) << size;
    SeededRandom whole(3);
    Bytes reference(24);
    whole.Fill(reference);
    EXPECT_TRUE(std::equal(out.begin(), out.end() - 1, reference.begin())) << size;
  }
}

TEST(SeededRandom, BelowReachesEveryValueAndNoOther) {
  SeededRandom random(11);
  std::set<std::uint64_t> seen;
  for (int i = 0; i < 200; ++i) seen.insert(random.Below(5));
  EXPECT_EQ(seen, (std::set<std::uint64_t>{0, 1, 2, 3, 4}));
}

}  // namespace
}  // namespace geflecht
