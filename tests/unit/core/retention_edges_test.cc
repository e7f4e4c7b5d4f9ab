// Daily runs that are cut off, and two devices of one organisation that run at the same time.
#include <gtest/gtest.h>

#include <set>
#include <string>

#include "node/core/durations.h"
#include "node/replica/records.h"
#include "tests/unit/core/host.h"

namespace geflecht::core {
namespace {

struct RetentionEdges : testing::Test {
  RetentionEdges()
      : net(2),
        laptop(47),
        a(net[0], net.founding),
        b(net[1], net.founding),
        c(laptop, net.founding) {
    for (Host* host : {&a, &b, &c}) {
      host->Do([&](Actions& out) {
        const bool founder = host != &c;
        EXPECT_TRUE(host->node->Join(net.founding, !founder, host->now, out).has_value());
      });
      host->now.wall_ms = *governance::ParseDay("2030-01-01") * kDayMs + 3'600'000;
    }
    const log::Card card =
        log::SignCard("Device", net[0].root, laptop.key.public_key(), laptop.tls.public_key());
    const governance::DeviceAddBody add{card.org(), log::ProveCard(card, laptop.key)};
    a.Do([&](Actions& out) {
      EXPECT_TRUE(a.node->replica()->AddDevice(add, a.now).has_value());
      a.node->Finish(a.now, out);
    });
    Meet(a, b);
    Meet(a, c);
  }
  static void Tick(Host& host) {
    host.now.mono_ms = std::max(host.now.mono_ms, *host.node->retention()->NextDueMs());
    host.Step(TimerFired{});
  }
  static bool IsDone(Host& host) {
    return *host.node->retention()->NextDueMs() >= host.now.mono_ms + 60'000;
  }
  static void Look(Host& host) {
    host.node->EraseDaily(host.now);
    do Tick(host);
    while (!IsDone(host));
  }
  static void NextDay(Host& host) { host.now.wall_ms += kDayMs; }
  crdt::DocumentId Contact(Host& host) {
    Result<crdt::DocumentId> id = Fail(Code::kInternal, "");
    host.Do([&](Actions& out) {
      id = host.node->replica()->Create(
          "contact",
          [&](crdt::Transaction& edit) -> Result<void> {
            TRY(edit.Set("/purpose", std::string("network_coordination")));
            TRY(edit.Set("/legal_basis", std::string("contract")));
            TRY(edit.Set("/retention_class", std::string("L1")));
            TRY(edit.Set("/family_name", std::string("Vormals")));
            return edit.Set("/role_end", std::string("2020-01-01"));
          },
          host.now);
      host.node->Finish(host.now, out);
    });
    CHECK(id.has_value());
    return *id;
  }
  void Meet(Host& one, Host& other) {
    const ConnId connection = ++last;
    Join(one, other, connection, true);
    Settle(one, other);
    EXPECT_TRUE(one.node->sessions()[0].all_equal && other.node->sessions()[0].all_equal);
    for (Host* host : {&one, &other}) host->Step(Closed{connection, "cut"});
  }
  void MeetAll() {
    for (int round = 0; round < 2; ++round) {
      Meet(a, c);
      Meet(a, b);
      Meet(b, c);
    }
  }
  static std::vector<log::EntryId> Erasures(Host& host, const crdt::DocumentId& id) {
    return *host.node->replica()->ErasuresOf(id);
  }
  static std::size_t Confirmed(Host& host, const log::EntryId& erasure) {
    return host.node->replica()->StandingOf(erasure)->confirmed.size();
  }
  static void Rewrite(Host& host) {
    host.now.mono_ms += 30'000;
    host.Step(TimerFired{});
  }
  static std::multiset<RetentionId> Lines(Host& host) {
    std::multiset<RetentionId> documents;
    for (const RetentionLine& line : host.node->retention()->Protocol())
      documents.insert(line.record.id);
    return documents;
  }

  replica::Network net;
  replica::Device laptop;
  Host a, b, c;
  ConnId last = 0;
};

// Neither has heard of what the other has just erased.
TEST_F(RetentionEdges, TwoDevicesOfOneOrganisationEraseAtTheSameTime) {
  std::vector<crdt::DocumentId> ids;
  for (int i = 0; i < 40; ++i) ids.push_back(Contact(a));
  Meet(a, c);
  for (Host* host : {&a, &c})
    for (int day = 0; day < 15; ++day) {
      Look(*host);
      NextDay(*host);
    }
  for (Host* host : {&a, &c}) {
    EXPECT_EQ(Lines(*host).size(), ids.size());
    for (const crdt::DocumentId& id : ids) EXPECT_EQ(Erasures(*host, id).size(), 1u);
  }
  MeetAll();
  for (Host* host : {&a, &b, &c}) Rewrite(*host);
  MeetAll();
  for (Host* host : {&a, &b, &c}) {
    for (const crdt::DocumentId& id : ids) {
      EXPECT_TRUE(*host->node->replica()->IsErased(id));
      ASSERT_EQ(Erasures(*host, id).size(), 2u) << "one of each device";
      for (const log::EntryId& erasure : Erasures(*host, id))
        EXPECT_EQ(Confirmed(*host, erasure), 3u);
    }
    EXPECT_EQ(host->node->replica()->Log(net.space).missing_bodies(), 0u);
  }
  // Each has its own line; nothing is left to announce, erase or confirm.
  const std::uint64_t entries = a.node->replica()->Log(net.space).last_arrival();
  for (Host* host : {&a, &c}) {
    NextDay(*host);
    Look(*host);
    Rewrite(*host);
    EXPECT_EQ(Lines(*host), std::multiset<RetentionId>(ids.begin(), ids.end()));
    EXPECT_TRUE(host->node->retention()->notices().empty());
  }
  MeetAll();
  EXPECT_EQ(a.node->replica()->Log(net.space).last_arrival(), entries);
}

// One hears of the other's erasure between its notice and its own run.
TEST_F(RetentionEdges, OneThatHearsOfTheOthersErasureWritesNone) {
  const crdt::DocumentId id = Contact(a);
  Meet(a, c);
  for (int day = 0; day < 15; ++day) {
    for (Host* host : {&a, &c}) {
      if (day < 14 || host == &a) Look(*host);
      NextDay(*host);
    }
  }
  ASSERT_EQ(c.node->retention()->notices().size(), 1u);
  Meet(a, c);
  Look(c);
  EXPECT_TRUE(c.node->retention()->notices().empty());
  EXPECT_TRUE(Lines(c).empty()) << "it has erased nothing";
  EXPECT_EQ(Lines(a).size(), 1u);
  EXPECT_EQ(Erasures(c, id).size(), 1u);
}

// The process is killed behind each slice of the run of the day: what is erased stands in the
// protocol, once, and the rest follows.
TEST_F(RetentionEdges, ARunThatIsKilledBehindAnySliceIsGoneOnWith) {
  std::vector<crdt::DocumentId> ids;
  for (int i = 0; i < 100; ++i) ids.push_back(Contact(a));
  for (int day = 0; day < 14; ++day) {
    Look(a);
    NextDay(a);
  }
  std::set<std::size_t> left;  // after each kill
  int kills = 0;
  for (bool done = false; !done; ++kills) {
    a.node->EraseDaily(a.now);
    for (int slice = 0; slice <= kills % 8 && !done; ++slice) {
      Tick(a);
      done = IsDone(a);
    }
    a.Load();
    std::multiset<RetentionId> erased;
    for (const crdt::DocumentId& id : ids)
      if (*a.node->replica()->IsErased(id)) erased.insert(id);
    EXPECT_EQ(Lines(a), erased) << "kill " << kills;
    left.insert(ids.size() - erased.size());
  }
  EXPECT_GT(left.size(), 2u) << "kills met the run";
  EXPECT_EQ(*left.begin(), 0u);
  Rewrite(a);
  Rewrite(a);
  for (const crdt::DocumentId& id : ids) {
    ASSERT_EQ(Erasures(a, id).size(), 1u) << "once";
    EXPECT_EQ(Confirmed(a, Erasures(a, id)[0]), 1u);
  }
}

// There is no room when the run comes: nothing is said to be erased until it is.
TEST_F(RetentionEdges, ARunWaitsForSpaceOnTheDisk) {
  const crdt::DocumentId id = Contact(a);
  for (int day = 0; day < 14; ++day) {
    Look(a);
    NextDay(a);
  }
  a.FillDisk();
  a.node->EraseDaily(a.now);
  for (int i = 0; i < 20; ++i) {
    a.now.mono_ms += 5'000;
    a.Step(TimerFired{});
  }
  EXPECT_FALSE(*a.node->replica()->IsErased(id));
  EXPECT_TRUE(Lines(a).empty());
  EXPECT_TRUE(a.waiting.empty());
  a.MakeSpace();
  do {
    a.now.mono_ms += 5'000;
    a.Step(TimerFired{});
  } while (!IsDone(a));
  EXPECT_TRUE(*a.node->replica()->IsErased(id));
  EXPECT_EQ(Lines(a).size(), 1u);
}

}  // namespace
}  // namespace geflecht::core
