// What an organisation that left the network has written is erased by those who are there.
#include <gtest/gtest.h>

#include "tests/unit/core/retained.h"

namespace geflecht::core {
namespace {

using governance::RetentionState;

struct RetainedOfFormer : RetentionHosts {
  RetainedOfFormer()
      : net(3),
        a(net[0], net.founding),
        b(net[1], net.founding),
        c(net[2], net.founding) {
    mesh.hosts = {&a, &b, &c};
    for (Host* host : mesh.hosts) {
      EXPECT_TRUE(host->Join().has_value());
      SetDay(*host, "2030-01-01");
    }
  }
  void Meet() {
    mesh.Connect(a, b);
    mesh.Connect(a, c);
    mesh.RunFor(2'000);
    mesh.CutAll();
  }
  void LeavesB() {
    b.Do([&](Actions& out) {
      EXPECT_TRUE(b.node->replica()->Leave(b.now).has_value());
      b.node->Finish(b.now, out);
    });
    Meet();
  }
  static std::string UntilOf(Host& host, const crdt::DocumentId& id) {
    const auto listed = List(host);
    for (const RetentionItem& item : *listed)
      if (item.record.id == RetentionId(id)) return governance::RenderDay(item.record.until);
    return "-";
  }

  replica::Network net;
  Host a, b, c;
  Mesh mesh;
};

TEST_F(RetainedOfFormer, WhatWasOverBeforeItLeftIsAnnouncedAndErased) {
  const auto id = Contact(b, "2020-01-01"), own = Contact(a, "2020-01-01");
  Meet();
  LookFor(a, 20);
  EXPECT_TRUE(Erased(a, own));
  EXPECT_FALSE(Erased(a, id));
  SetDay(b, "2030-01-21");
  SetDay(c, "2030-01-21");
  LeavesB();
  Look(a);
  EXPECT_EQ(AnnouncedOf(a, id), Today(a));
  EXPECT_FALSE(List(a)->front().own);
  EXPECT_TRUE(List(a)->front().record.former);
  LookFor(a, 14);
  EXPECT_FALSE(Erased(a, id));
  Look(a);
  EXPECT_TRUE(Erased(a, id));
  EXPECT_EQ(a.node->retention()->Protocol().size(), 2u);
}

TEST_F(RetainedOfFormer, LeavingEndsAFunctionThatNobodyHasEnded) {
  const auto open = Contact(b, ""), later = Contact(b, "2045-01-01"),
             decided = Write(b, "note", {{"title", "Beschluss"}, {"retention_class", "L4"}}),
             task = Write(b, "task", {{"title", "Offen"}, {"status", "open"},
                                      {"retention_class", "L3"}}),
             of_a = Contact(a, "");
  Meet();
  LeavesB();
  SetDay(a, "2030-04-01");
  for (const auto& id : {open, later}) EXPECT_EQ(UntilOf(a, id), "-") << "a day is left";
  SetDay(a, "2030-04-02");
  for (const auto& id : {open, later}) EXPECT_EQ(UntilOf(a, id), "2030-04-01");
  EXPECT_EQ(ByHand(a)->erased.size(), 2u);
  SetDay(a, "2100-01-01");
  EXPECT_EQ(UntilOf(a, task), "2035-12-31");
  for (const auto& id : {decided, of_a}) EXPECT_EQ(UntilOf(a, id), "-");
}

// The day counts on which the decision is carried out, and not that of the proposal.
TEST_F(RetainedOfFormer, ARemovalByDecisionEndsFunctionsToo) {
  const auto open = Contact(b, ""), of_c = Contact(c, "");
  Meet();
  const log::OrgId gone = b.node->replica()->members().EverByDevice(b.node->replica()->self())->org;
  log::EntryId proposal;
  const auto act = [&](Host& host, const auto& what) {
    host.Do([&](Actions& out) {
      const Result<log::EntryId> id = what(*host.node->replica());
      ASSERT_TRUE(id.has_value()) << id.error().detail;
      proposal = proposal == log::EntryId{} ? *id : proposal;
      host.node->Finish(host.now, out);
    });
  };
  act(a, [&](replica::Replica& replica) {
    return replica.Propose({"remove", gone.Hex(), "", std::nullopt, "T", "", ""}, a.now);
  });
  Meet();
  for (Host* host : mesh.hosts) SetDay(*host, "2030-03-10");
  const auto vote = [&](Host& host) {
    act(host, [&](replica::Replica& replica) {
      return replica.Vote(proposal, {governance::Position::kYes, ""}, host.now);
    });
  };
  for (Host* host : {&a, &c}) vote(*host);
  Meet();
  Meet();
  SetDay(a, "2030-06-10");
  EXPECT_EQ(UntilOf(a, open), "-") << "a day is left";
  SetDay(a, "2030-06-11");
  EXPECT_EQ(UntilOf(a, open), "2030-06-10");
  EXPECT_EQ(UntilOf(a, of_c), "-");
  EXPECT_EQ(ByHand(a)->erased.size(), 1u);
  EXPECT_TRUE(Erased(a, open));
}

TEST_F(RetainedOfFormer, AnAgreementGoesOnForItsOtherParties) {
  const auto ends = Write(b, "agreement", {{"title", "Lotsen"}, {"end", "2040-05-05"},
                                           {"retention_class", "L5"}}),
             open = Write(b, "agreement", {{"title", "Rahmen"}, {"retention_class", "L5"}});
  Meet();
  LeavesB();
  SetDay(a, "2050-01-01");
  EXPECT_EQ(UntilOf(a, ends), "2043-12-31");
  EXPECT_EQ(UntilOf(a, open), "2033-12-31");
}

TEST_F(RetainedOfFormer, MostlyOneErasesAndBothAtOnceConverge) {
  const auto id = Contact(b, "2020-01-01");
  Meet();
  LeavesB();
  for (Host* host : {&a, &c}) LookFor(*host, 15);  // neither hears of the other
  EXPECT_TRUE(Erased(a, id) && Erased(c, id));
  for (Host* host : {&a, &c}) EXPECT_EQ(host->node->retention()->Protocol().size(), 1u);
  Meet();
  for (Host* host : {&a, &c}) {
    EXPECT_TRUE(Erased(*host, id));
    EXPECT_TRUE(List(*host)->empty());
    EXPECT_EQ(ByHand(*host)->erased.size(), 0u);
  }
  EXPECT_EQ(a.node->replica()->Log(net.space).last_arrival(),
            c.node->replica()->Log(net.space).last_arrival());
}

TEST_F(RetainedOfFormer, EachWaitsForATimeOfItsOwn) {
  Contact(b, "2020-01-01");
  Meet();
  LeavesB();
  std::set<std::int64_t> waits;
  for (Host* host : {&a, &c}) {
    host->node->EraseDaily(host->now);
    std::int64_t longest = 0;
    for (int step = 0; step < 10; ++step) {
      const std::int64_t due = *host->node->retention()->NextDueMs();
      const std::int64_t wait = due - host->now.mono_ms;
      if (wait < 60'000) longest = std::max(longest, wait);
      host->now.mono_ms = std::max(host->now.mono_ms, due);
      host->Step(TimerFired{});
    }
    EXPECT_GE(longest, 10'000);
    waits.insert(longest);
  }
  EXPECT_EQ(waits.size(), 2u);
}

TEST_F(RetainedOfFormer, ARestrictedRecordStaysAndAPauseHolds) {
  const auto held = Contact(b, "2020-01-01"), id = Contact(b, "2020-01-01"),
             own = Organisation(a, "no");
  Set(b, held, "restricted", std::string("legal_hold"));
  Meet();
  LeavesB();
  Set(a, own, "retention_pause", std::string("open"));
  LookFor(a, 20);
  EXPECT_FALSE(Erased(a, held) || Erased(a, id));
  Set(a, own, "retention_pause", std::string("2030-01-22"));
  LookFor(a, 5);
  EXPECT_TRUE(Erased(a, id)) << Today(a);
  EXPECT_FALSE(Erased(a, held));
  EXPECT_EQ(List(a)->front().state, RetentionState::kRestricted);
}

TEST_F(RetainedOfFormer, WhoeverLeftErasesNothingOfOthers) {
  const auto id = Contact(a, "2020-01-01");
  Meet();
  LeavesB();
  LookFor(b, 20);
  EXPECT_FALSE(Erased(b, id));
  EXPECT_TRUE(b.node->retention()->notices().empty());
}

}  // namespace
}  // namespace geflecht::core
