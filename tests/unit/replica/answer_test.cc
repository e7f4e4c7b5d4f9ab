// What a node writes so that audits see that nothing is missing.
#include <gtest/gtest.h>

#include "base/check.h"
#include "node/governance/kinds.h"
#include "node/replica/answers.h"
#include "tests/unit/replica/network.h"

namespace geflecht::replica {
namespace {

constexpr std::int64_t kHourMs = 3600 * 1000;
constexpr std::int64_t kOneDayMs = 24 * kHourMs;

log::EntryId Id(std::uint8_t n) { return {{n}}; }
log::OrgId Org(std::uint8_t n) { return {{n}}; }

TEST(AnswersTest, FourADayForEachOrganisationThatAsks) {
  Answers answers;
  EXPECT_FALSE(answers.NextDueMs());
  EXPECT_FALSE(answers.TakeDue({0, 0}));
  for (std::uint8_t i = 0; i < 4; ++i) {
    answers.Asked(Id(i), Org(1));
    EXPECT_EQ(answers.NextDueMs(), 0);
    EXPECT_TRUE(answers.TakeDue({i * kHourMs, 0}));
    answers.Close([](const log::EntryId&) { return true; });
    EXPECT_FALSE(answers.NextDueMs());
  }
  answers.Asked(Id(4), Org(1));
  EXPECT_FALSE(answers.TakeDue({5 * kHourMs, 0}));
  EXPECT_EQ(answers.NextDueMs(), kOneDayMs);
  // Somebody else's request is answered, and that answers the others' too.
  answers.Asked(Id(5), Org(2));
  EXPECT_EQ(answers.NextDueMs(), 0);
  EXPECT_TRUE(answers.TakeDue({6 * kHourMs, 0}));
  EXPECT_TRUE(answers.TakeDue({kOneDayMs, 0})) << "a day after the first one";
  // The first one has spent its share again, the other has two left.
  const Time later{kOneDayMs + kHourMs - 1, 0};
  EXPECT_TRUE(answers.TakeDue(later));
  EXPECT_TRUE(answers.TakeDue(later));
  EXPECT_FALSE(answers.TakeDue(later));
}

TEST(AnswersTest, WhatWasWrittenBeforeAStartCountsForAll) {
  Answers answers;
  answers.Recall({-5 * kHourMs, -4 * kHourMs, -2 * kHourMs, 0});
  answers.Asked(Id(1), Org(1));
  EXPECT_FALSE(answers.TakeDue({kHourMs, 0}));
  EXPECT_EQ(answers.NextDueMs(), kOneDayMs - 5 * kHourMs);
  EXPECT_TRUE(answers.TakeDue({kOneDayMs - 5 * kHourMs, 0}));
}

struct Answering : testing::Test {
  void Govern(Device& device, std::int64_t now_ms) {
    for (int i = 0;
         i < 10 && device.replica->NextGovernMs() && *device.replica->NextGovernMs() <= now_ms; ++i)
      CHECK(device.replica->Govern({now_ms, now_ms}).has_value());
    device.Write();
  }
  void Ask(Device& device, const std::string& nonce) {
    CHECK(device.replica->RequestAudit({nonce, {}}, {}).has_value());
    device.Write();
  }
  std::uint64_t RootEntries(const Device& device) const {
    const log::FeedKey feed{device.replica->members().root_space(), device.key.public_key(),
                            device.replica->life()};
    return device.Log(feed.space).Head(feed).next_seq;
  }
  bool HasAnswered(Device& device, Device& other) const {
    const Council& council = device.replica->council();
    const auto last =
        device.Log(device.replica->members().root_space()).LastOf(other.key.public_key());
    return council.Covers((*last)->entry.id, council.OfKind(governance::kAuditRequest).back());
  }
  Network net{3};
};

TEST_F(Answering, AnEntryOfItsOwnAnswersOnce) {
  for (std::size_t i = 0; i < 3; ++i) Govern(net[i], 1);
  Ask(net[0], std::string(32, 'a'));
  BringRoot(net[0], net[1]);
  const std::uint64_t before = RootEntries(net[1]);
  Govern(net[1], 2);
  EXPECT_EQ(RootEntries(net[1]), before + 1);
  EXPECT_TRUE(HasAnswered(net[1], net[1]));
  Govern(net[1], 3);
  net[1].Load(net.founding);
  Govern(net[1], 4);
  EXPECT_EQ(RootEntries(net[1]), before + 1) << "also after a restart";
  Govern(net[0], 5);
  EXPECT_EQ(RootEntries(net[0]), 1u) << "its own request is an answer";
}

TEST_F(Answering, ARequestThatCameBeforeARestartIsAnswered) {
  Ask(net[0], std::string(32, 'a'));
  BringRoot(net[0], net[1]);
  net[1].Load(net.founding);
  Govern(net[1], 1);
  EXPECT_TRUE(HasAnswered(net[1], net[1]));
}

TEST_F(Answering, AnythingThatIsWrittenAnyhowIsEnough) {
  Ask(net[0], std::string(32, 'a'));
  BringRoot(net[0], net[1]);
  const auto id = net[1].replica->Propose({"money", "", "", std::nullopt, "Miete", "", ""}, {});
  ASSERT_TRUE(id);
  const std::uint64_t before = RootEntries(net[1]);
  Govern(net[1], 1);
  EXPECT_EQ(RootEntries(net[1]), before);
}

TEST_F(Answering, AFloodOfRequestsCostsFourEntriesADay) {
  for (int i = 0; i < 40; ++i) {
    Ask(net[0], std::string(30, 'a') + (i < 10 ? "0" : "") + std::to_string(i));
    BringRoot(net[0], net[1]);
    Govern(net[1], 1 + i);
  }
  EXPECT_EQ(RootEntries(net[1]), 4u);
  EXPECT_FALSE(HasAnswered(net[1], net[1]));
  EXPECT_EQ(net[1].replica->NextGovernMs(), 1 + kOneDayMs);
  Govern(net[1], 1 + kOneDayMs);
  EXPECT_EQ(RootEntries(net[1]), 5u);
  EXPECT_TRUE(HasAnswered(net[1], net[1]));
}

TEST_F(Answering, AFloodCostsNoMoreOverARestart) {
  for (int i = 0; i < 8; ++i) {
    Ask(net[0], std::string(30, 'a') + "0" + std::to_string(i));
    BringRoot(net[0], net[1]);
    net[1].Load(net.founding);
    Govern(net[1], 1 + i);
  }
  EXPECT_EQ(RootEntries(net[1]), 4u);
  Govern(net[1], 9 + kOneDayMs);
  EXPECT_TRUE(HasAnswered(net[1], net[1]));
}

TEST_F(Answering, UnknownSpacesAreRefused) {
  EXPECT_EQ(
      net[0].replica->RequestAudit({std::string(32, 'a'), {log::SpaceId{{9}}}}, {}).error().code,
      Code::kNotFound);
}

}  // namespace
}  // namespace geflecht::replica
