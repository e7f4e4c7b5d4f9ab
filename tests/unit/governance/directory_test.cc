#include "node/governance/directory.h"

#include <gtest/gtest.h>

#include <algorithm>

#include "tests/unit/log/fixture.h"

namespace geflecht::governance {
namespace {

using log::testing::Filled;
using log::testing::OrgCard;

TEST(DirectoryTest, ADeviceOnSeveralCardsSignsForTheLowestThatThePastHolds) {
  const DeviceId device = Filled<DeviceId>(0x77);
  const EntryId low_by = Filled<EntryId>(1), high_by = Filled<EntryId>(2);
  const auto low = Filled<OrgId>(0x10), high = Filled<OrgId>(0x20);
  log::Card card = OrgCard(9);
  card.device = device;
  for (const bool low_first : {true, false}) {
    Directory directory(log::testing::FullFounding());
    directory.Note(low_first ? low : high, low_first ? low_by : high_by, card);
    directory.Note(low_first ? high : low, low_first ? high_by : low_by, card);
    const auto only = [&](const EntryId& said) {
      return directory.OrgOfDevice(device, [said](const EntryId& past) { return past == said; });
    };
    EXPECT_EQ(directory.OrgOfDevice(device, [](const EntryId&) { return true; }), low);
    EXPECT_EQ(only(high_by), high);
    EXPECT_EQ(only(low_by), low);
    EXPECT_FALSE(only(Filled<EntryId>(3)));
  }
}

// The card of the root key that the organisation began with comes first, then the lowest entry.
TEST(DirectoryTest, AnOrganisationIsNamedTheSameWhateverCameFirst) {
  const log::Card own = OrgCard(9), other = OrgCard(8);
  const OrgId org = own.org();
  struct Claim {
    EntryId by;
    log::Card card;
  };
  std::vector<Claim> claims = {{Filled<EntryId>(3), own},
                               {Filled<EntryId>(2), own},
                               {Filled<EntryId>(1), other},
                               {Filled<EntryId>(4), other}};
  claims[0].card.organisation = "Drei";
  claims[1].card.organisation = "Zwei";
  const auto named = [&](std::size_t count, const std::vector<std::size_t>& order) {
    Directory directory(log::testing::FullFounding());
    for (std::size_t i = 0; i < count; ++i)
      directory.Note(org, claims[order[i]].by, claims[order[i]].card);
    return directory.NameOf(org);
  };
  std::vector<std::size_t> order = {0, 1, 2, 3};
  do {
    EXPECT_EQ(named(4, order), "Zwei") << order[0] << order[1] << order[2];
  } while (std::next_permutation(order.begin(), order.end()));
  claims[3].card.organisation = "Vier";
  for (const auto& pair : {std::vector<std::size_t>{2, 3}, {3, 2}})
    EXPECT_EQ(named(2, pair), other.organisation);
}

TEST(DirectoryTest, AKeyOnNoCardSignsForNobody) {
  const Directory directory(log::testing::FullFounding());
  const auto always = [](const EntryId&) { return true; };
  EXPECT_FALSE(directory.OrgOfDevice(Filled<DeviceId>(0x78), always));
  EXPECT_TRUE(directory.ClaimsOn(Filled<DeviceId>(0x78)).empty());
  EXPECT_EQ(directory.OrgOfDevice(OrgCard(2).device, always), OrgCard(2).org());
}

}  // namespace
}  // namespace geflecht::governance
