#include "node/log/frontier.h"

#include <gtest/gtest.h>

#include "fixture.h"

namespace geflecht::log {
namespace {

using namespace testing;

FeedKey Feed(std::uint8_t space, std::uint8_t device, std::uint8_t life) {
  return {Filled<SpaceId>(space), Filled<DeviceId>(device), Filled<LifeId>(life)};
}

TEST(Frontier, EmptyIsTheHashOfNothing) {
  EXPECT_EQ(FingerprintOf({}).Hex(),
            "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
}

TEST(Frontier, FingerprintIsTheHashOfItsFeedsInOrder) {
  const Frontier frontier = {{Feed(2, 1, 1), {0x0102, Filled<EntryId>(8)}},
                             {Feed(1, 9, 9), {7, Filled<EntryId>(7)}}};
  const std::string hex = Filled<SpaceId>(1).Hex() + Filled<DeviceId>(9).Hex() +
                          Filled<LifeId>(9).Hex() + "0000000000000007" + Filled<EntryId>(7).Hex() +
                          Filled<SpaceId>(2).Hex() + Filled<DeviceId>(1).Hex() +
                          Filled<LifeId>(1).Hex() + "0000000000000102" + Filled<EntryId>(8).Hex();
  EXPECT_EQ(FingerprintOf(frontier).Hex(), crypto::Sha256(*FromHex(hex)).Hex());
}

TEST(Frontier, EveryPartCounts) {
  const Frontier base = {{Feed(1, 1, 1), {5, Filled<EntryId>(5)}}};
  const Frontier others[] = {{{Feed(2, 1, 1), {5, Filled<EntryId>(5)}}},
                             {{Feed(1, 2, 1), {5, Filled<EntryId>(5)}}},
                             {{Feed(1, 1, 2), {5, Filled<EntryId>(5)}}},
                             {{Feed(1, 1, 1), {6, Filled<EntryId>(5)}}},
                             {{Feed(1, 1, 1), {5, Filled<EntryId>(6)}}}};
  for (const Frontier& other : others) EXPECT_NE(FingerprintOf(other), FingerprintOf(base));
}

TEST(Frontier, BranchesOfAFeedAreAllOfItsOwnAndNoOthers) {
  FeedKey second = Feed(1, 2, 3), third = Feed(1, 2, 3);
  second.branch = 1;
  third.branch = 2;
  Frontier frontier;
  for (const FeedKey& key : {third, Feed(1, 2, 3), second, Feed(2, 2, 3), Feed(1, 1, 3),
                             Feed(1, 3, 3), Feed(1, 2, 2), Feed(1, 2, 4)})
    frontier[key] = {1, Filled<EntryId>(1)};
  const std::vector<FeedKey> all{Feed(1, 2, 3), second, third};
  for (const FeedKey& key : all) EXPECT_EQ(BranchesOf(frontier, key), all);
  EXPECT_TRUE(BranchesOf(frontier, Feed(9, 9, 9)).empty());
}

}  // namespace
}  // namespace geflecht::log
