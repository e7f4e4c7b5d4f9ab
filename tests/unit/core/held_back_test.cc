// What a node that is held back does not do, and what opens it (docs/formats/erasure.md,
// Returning).
#include <gtest/gtest.h>

#include <string>

#include "tests/unit/core/returning.h"

namespace geflecht::core {
namespace {

// a has announced that it will erase a record of its own, was away since, and another device has
// restricted the record.
struct HeldBackRetention : Returning {
  HeldBackRetention() {
    for (Host* host : {&a, &b, &c})
      host->now.wall_ms = *governance::ParseDay("2030-01-01") * kDayMs;
    a.Do([&](Actions& out) {
      const auto fields = [](crdt::Transaction& edit) -> Result<void> {
        TRY(edit.Set("/purpose", std::string("network_coordination")));
        TRY(edit.Set("/legal_basis", std::string("contract")));
        TRY(edit.Set("/retention_class", std::string("L1")));
        TRY(edit.Set("/family_name", std::string("Vormals")));
        return edit.Set("/role_end", std::string("2020-01-01"));
      };
      id = *a.node->replica()->Create("contact", fields, a.now);
      a.node->Finish(a.now, out);
    });
    Meet(a, b);
    Part(a, b);
    for (int day = 0; day < 8; ++day) {
      RunOf(a);
      for (Host* host : {&a, &b}) Pass(*host, 1);
    }
    for (Host* host : {&a, &b}) Pass(*host, 100);
    b.Do([&](Actions& out) {
      EXPECT_TRUE(b.node->OpenWithoutErasures(b.now, out).has_value());
      const auto restrict = [](crdt::Transaction& edit) {
        return edit.Set("/restricted", std::string("legal_hold"));
      };
      EXPECT_TRUE(b.node->replica()->Edit(id, restrict, b.now).has_value());
      EXPECT_TRUE(b.node->replica()->CutAll(b.now).has_value());
      b.node->Finish(b.now, out);
    });
    a.Load();
    RunOf(a);
    EXPECT_FALSE(MayShow(a));
  }
  // A minute in which the daily run has its time.
  static void RunOf(Host& host) {
    host.node->EraseDaily(host.now);
    Minute(host);
  }
  static void Minute(Host& host) {
    for (int i = 0; i < 600; ++i) {
      host.now.mono_ms += 100;
      host.now.wall_ms += 100;
      host.Step(TimerFired{});
    }
  }
  bool Erased() { return *a.node->replica()->IsErased(id); }

  crdt::DocumentId id;
};

TEST_F(HeldBackRetention, NothingIsErasedBeforeItIsOpen) {
  EXPECT_EQ(a.node->retention()->notices().size(), 1u);
  EXPECT_FALSE(Erased());
  Meet(a, b);
  EXPECT_TRUE(MayShow(a));
  for (int day = 0; day < 20; ++day) {
    Minute(a);
    Pass(a, 1);
    Pass(b, 1);
  }
  EXPECT_FALSE(Erased());
  EXPECT_TRUE(a.node->retention()->notices().empty()) << "it is restricted";
}

// The connection ends behind the erasures: it is open, and the restriction has not come.
TEST_F(HeldBackRetention, WhatWasAnnouncedBeforeIsAnnouncedAnew) {
  Join(a, b, ++connection, true);
  while (!MayShow(a) && (!a.sent.empty() || !b.sent.empty())) {
    Host& from = a.sent.empty() ? b : a;
    const Send send = from.sent.front();
    from.sent.pop_front();
    (&from == &a ? b : a).Step(Received{send.connection, send.frame});
  }
  Part(a, b);
  ASSERT_TRUE(MayShow(a));
  a.Load();
  RunOf(a);
  EXPECT_FALSE(Erased());
  ASSERT_EQ(a.node->retention()->notices().size(), 1u);
  EXPECT_EQ(a.node->retention()->notices().at(id).announced,
            governance::DayOf(a.now.wall_ms / 1000));
  for (int day = 0; day < 20 && !Erased(); ++day) {
    Pass(a, 1);
    RunOf(a);
  }
  EXPECT_TRUE(Erased()) << "nobody has ever brought the restriction";
}

struct HeldBack : Returning {
  void OpenByHand(Host& host) {
    host.Do([&](Actions& out) {
      EXPECT_TRUE(host.node->OpenWithoutErasures(host.now, out).has_value());
    });
  }
  // b proposes to erase a record of a, and the two decide it.
  void DecideToErase(const crdt::DocumentId& id) {
    Mesh mesh;
    mesh.hosts = {&a, &b};
    mesh.last = connection;
    mesh.Connect(a, b);
    log::EntryId proposal;
    const auto act = [&](Host& host, const std::function<Result<void>(replica::Replica&)>& what) {
      host.Do([&](Actions& out) {
        const auto done = what(*host.node->replica());
        EXPECT_TRUE(done.has_value()) << (done ? "" : done.error().detail);
        host.node->Finish(host.now, out);
      });
      mesh.RunFor(300);
    };
    act(b, [&](replica::Replica& replica) -> Result<void> {
      ASSIGN(const auto erasure, replica.ErasureOf(id, std::nullopt, "unlawful"));
      ASSIGN(proposal, replica.Propose({"content", net.space.Hex(), log::RenderErasure(erasure),
                                        std::nullopt, "T", "", ""},
                                       b.now));
      return {};
    });
    for (Host* host : {&a, &b})
      act(*host, [&](replica::Replica& replica) -> Result<void> {
        TRY(replica.Vote(proposal, {governance::Position::kYes, ""}, host->now));
        return {};
      });
    mesh.RunFor(2'000);
    for (Host* host : {&a, &b}) EXPECT_TRUE(*host->node->replica()->IsErased(id));
    mesh.CutAll();
    connection = mesh.last;
  }
};

// The root space has come, and of the network space nothing but what is announced.
TEST_F(HeldBack, WhatADecisionErasesIsLockedWhenItIsAnnounced) {
  const crdt::DocumentId gone = Write(a, kSecret), kept = Write(a, "kept");
  for (Host* host : {&b, &c}) {
    Meet(a, *host);
    Part(a, *host);
  }
  for (Host* host : {&a, &b, &c}) Pass(*host, 400);
  for (Host* host : {&a, &b}) OpenByHand(*host);
  DecideToErase(gone);
  ASSERT_FALSE(MayShow(c));
  Join(c, b, ++connection, true);
  const codec::Prefix network = codec::PrefixOf(net.space);
  while (!b.sent.empty() || !c.sent.empty()) {
    Host& from = c.sent.empty() ? b : c;
    const Send send = from.sent.front();
    from.sent.pop_front();
    const auto message = codec::DecodeFrame(send.frame);
    const auto* run = std::get_if<codec::Run>(&*message);
    const auto* bodies = std::get_if<codec::Bodies>(&*message);
    if ((run != nullptr && run->space == network) ||
        (bodies != nullptr && bodies->space == network))
      continue;
    (&from == &c ? b : c).Step(Received{send.connection, send.frame});
  }
  Part(c, b);
  EXPECT_TRUE(MayShow(c));
  for (int restart = 0; restart < 2; ++restart) {
    EXPECT_EQ(c.node->replica()->announced_erasures(), 1u);
    EXPECT_EQ(TitleOf(c, gone), std::nullopt) << restart;
    EXPECT_EQ(TitleOf(c, kept), "kept");
    c.Load();
  }
  Meet(b, c);
  EXPECT_EQ(c.node->replica()->announced_erasures(), 0u);
  EXPECT_EQ(TitleOf(c, gone), std::nullopt);
}

// The entry of an erasure is here, so nobody announces it, and its body is not.
TEST_F(HeldBack, AnErasureWithoutItsBodyIsWaitedFor) {
  const crdt::DocumentId gone = Write(a, kSecret);
  Meet(a, c);
  Erase(a, gone);
  while (!a.sent.empty()) {
    const Send send = a.sent.front();
    a.sent.pop_front();
    if (!Is<codec::Bodies>(send)) c.Step(Received{send.connection, send.frame});
  }
  Part(a, c);
  ASSERT_EQ(c.node->replica()->Log(net.space).missing_bodies(), 1u);
  for (Host* host : {&a, &c}) Pass(*host, 400);
  OpenByHand(a);
  Join(c, a, ++connection, true);
  WatchedSettle(c, a, gone);
  EXPECT_TRUE(MayShow(c));
  EXPECT_EQ(TitleOf(c, gone), std::nullopt);
}

}  // namespace
}  // namespace geflecht::core
