// Runs that wait: what releases them, and who pays for the room.
#include "node/replica/pending.h"

#include <gtest/gtest.h>

#include "base/rng.h"
#include "tests/unit/replica/network.h"

namespace geflecht::replica {
namespace {

constexpr std::size_t kMany = 1 << 20;

struct PendingRuns : testing::Test {
  Pending::Item Item(std::uint8_t from, std::size_t entries = 1, std::size_t seen = 0) {
    Pending::Item item;
    item.run.first_seq = ++seq;
    item.run.entries.resize(entries);
    for (codec::EntryPart& part : item.run.entries) part.seen.resize(seen);
    item.run.entries.back().signature = random.Make<crypto::Signature>();
    item.from.bytes[0] = from;
    return item;
  }
  std::vector<codec::ShortId> Ids(std::size_t count) {
    std::vector<codec::ShortId> ids;
    while (ids.size() < count) ids.push_back(random.Make<codec::ShortId>());
    return ids;
  }
  SeededRandom random{1};
  std::uint64_t seq = 0;
};

TEST_F(PendingRuns, AreReleasedByTheirLastMissingEntryAndByNothingElse) {
  Pending pending;
  const auto ids = Ids(3);
  pending.Add(Item(1), {ids[0]});
  pending.Add(Item(1), {ids[0], ids[1]});
  pending.Add(Item(2), {ids[2]});
  EXPECT_TRUE(pending.Arrived(Ids(1)[0]).empty());
  const auto first = pending.Arrived(ids[0]);
  ASSERT_EQ(first.size(), 1u);
  EXPECT_EQ(first[0].run.first_seq, 1u);
  EXPECT_FALSE(pending.Awaits(ids[0]));
  EXPECT_TRUE(pending.Awaits(ids[1]));
  const auto second = pending.Arrived(ids[1]);
  ASSERT_EQ(second.size(), 1u);
  EXPECT_EQ(second[0].run.first_seq, 2u);
  EXPECT_EQ(pending.Arrived(ids[2]).size(), 1u);
  EXPECT_EQ(pending.entries(), 0u);
  EXPECT_EQ(pending.bytes(), 0u);
}

TEST_F(PendingRuns, TheSameRunOfAPeerIsKeptOnceAndThatOfAnotherPeerToo) {
  Pending pending;
  const auto ids = Ids(1);
  Pending::Item item = Item(1);
  pending.Add(item, ids);
  pending.Add(item, ids);
  EXPECT_EQ(pending.entries(), 1u);
  item.from.bytes[0] = 2;
  pending.Add(item, ids);
  EXPECT_EQ(pending.entries(), 2u);
  EXPECT_EQ(pending.Arrived(ids[0]).size(), 2u);
}

TEST_F(PendingRuns, NumberOfEntriesIsLimitedAndTheOldestGoFirst) {
  Pending pending(3, kMany);
  const auto ids = Ids(5);
  for (const codec::ShortId& id : ids) pending.Add(Item(1), {id});
  EXPECT_EQ(pending.entries(), 3u);
  EXPECT_TRUE(pending.Arrived(ids[0]).empty());
  EXPECT_TRUE(pending.Arrived(ids[1]).empty());
  EXPECT_EQ(pending.Arrived(ids[2]).size(), 1u);
}

TEST_F(PendingRuns, BytesAreLimited) {
  Pending pending(1'000, 20'000);
  for (int i = 0; i < 50; ++i) {
    pending.Add(Item(1, 1, 40), Ids(1));
    EXPECT_LE(pending.bytes(), 20'000u);
  }
  EXPECT_GT(pending.entries(), 5u);
  EXPECT_LT(pending.entries(), 50u);
}

TEST_F(PendingRuns, WhatTheyWaitForCountsAsBytes) {
  Pending few(1'000, kMany);
  Pending many(1'000, kMany);
  few.Add(Item(1), Ids(1));
  many.Add(Item(1), Ids(1'000));
  EXPECT_GT(many.bytes(), few.bytes() + 1'000 * 100);
}

TEST_F(PendingRuns, AnAttackerEvictsOnlyItsOwn) {
  Pending pending(100, kMany);
  std::vector<codec::ShortId> honest;
  for (std::uint8_t peer = 2; peer < 5; ++peer)
    for (int i = 0; i < 20; ++i) {
      honest.push_back(Ids(1)[0]);
      pending.Add(Item(peer), {honest.back()});
    }
  for (int i = 0; i < 10'000; ++i) pending.Add(Item(1), Ids(1));
  EXPECT_EQ(pending.entries(), 100u);
  for (const codec::ShortId& id : honest) EXPECT_EQ(pending.Arrived(id).size(), 1u);
}

TEST_F(PendingRuns, AnAttackerOfFewLargeRunsEvictsOnlyItsOwn) {
  Pending pending(1'000'000, 200'000);
  std::vector<codec::ShortId> honest;
  for (int i = 0; i < 50; ++i) {
    honest.push_back(Ids(1)[0]);
    pending.Add(Item(2), {honest.back()});
  }
  for (int i = 0; i < 100; ++i) pending.Add(Item(1, 4, 128), Ids(300));
  EXPECT_LE(pending.bytes(), 200'000u);
  for (const codec::ShortId& id : honest) EXPECT_EQ(pending.Arrived(id).size(), 1u);
}

TEST_F(PendingRuns, FullAtTheLimitsOfTheProduct) {
  Pending pending;
  for (std::size_t i = 0; i < limits::kPendingEntriesMax; ++i) pending.Add(Item(1), Ids(1));
  EXPECT_EQ(pending.entries(), limits::kPendingEntriesMax);
  pending.Add(Item(1), Ids(1));
  EXPECT_EQ(pending.entries(), limits::kPendingEntriesMax);
  for (int i = 0; i < 80; ++i) pending.Add(Item(1, 1, 128), Ids(4'000));
  EXPECT_GT(pending.bytes(), limits::kPendingBytesMax - 2 * 1024 * 1024);
  EXPECT_LE(pending.bytes(), limits::kPendingBytesMax);
}

// A chain of runs comes in the wrong order: each arrival releases the next one, and nothing is
// tried that cannot succeed.
TEST(PendingInAReplica, ARunIsTriedOnceWhenItsCauseArrives) {
  Network net(3);
  const crdt::DocumentId id = net[0].MakeNote("0");
  for (int i = 1; i < 20; ++i) {
    ASSERT_TRUE(net[0].Type(id, 0, std::to_string(i)).has_value());
    ASSERT_TRUE(net[0].replica->CutAll({}).has_value());
    net[0].Write();
  }
  const log::FeedKey feed = net[0].Feed();
  const log::DeviceId from = net[2].key.public_key();
  for (std::uint64_t seq = 19; seq > 0; --seq) {
    const auto admitted = net[1].replica->Admit(net.space, RunOf(net[0], feed, seq, seq), from);
    EXPECT_EQ(admitted.outcome, Outcome::kWaiting);
    ASSERT_EQ(admitted.missing.size(), 1u);
    EXPECT_EQ(net[1].replica->pending_entries(), 20 - seq);
  }
  EXPECT_EQ(net[1].replica->Admit(net.space, RunOf(net[0], feed, 0, 0), from).outcome,
            Outcome::kNew);
  EXPECT_EQ(net[1].replica->pending_entries(), 0u);
  EXPECT_EQ(net[1].Log().Frontier(), net[0].Log().Frontier());
}

}  // namespace
}  // namespace geflecht::replica
