// A node that comes back gets the erasures first, and shows and sends nothing of what they name
// (docs/formats/erasure.md, Announced, Returning; domain.md T3 to T6).
#include <gtest/gtest.h>

#include <algorithm>
#include <string>

#include "tests/unit/core/returning.h"

namespace geflecht::core {
namespace {

// c has been away for 400 days: it shows nothing and sends no body before it has the erasures.
TEST_F(Returning, T3After400DaysTheErasuresComeFirst) {
  const crdt::DocumentId gone = Write(a, kSecret), kept = Write(a, "kept");
  Meet(a, c);
  Part(a, c);
  Retitle(c, kept, "edited offline");
  Retitle(c, gone, kSecret + " edited");
  for (Host* host : {&a, &b, &c}) Pass(*host, 400);
  Erase(a, gone);
  Meet(a, b);
  Part(a, b);
  const auto may = c.node->MayShow(c.now);
  ASSERT_FALSE(may.has_value());
  EXPECT_EQ(may.error().hint, "hint.held-back-offline");
  Join(c, b, ++connection, true);
  WatchedSettle(c, b, gone);
  EXPECT_TRUE(MayShow(c));
  for (Host* host : {&b, &c}) {
    EXPECT_EQ(TitleOf(*host, gone), std::nullopt);
    EXPECT_EQ(TitleOf(*host, kept), "edited offline");
    EXPECT_EQ(host->node->replica()->Log(net.space).missing_bodies(), 0u);
  }
  EXPECT_TRUE(c.node->sessions()[0].all_equal);
  EXPECT_EQ(c.node->replica()->announced_erasures(), 0u);
  c.Load();
  EXPECT_TRUE(MayShow(c)) << "recorded";
}

TEST_F(Returning, WithinTheLimitNothingIsHeldBackAndNothingErasedGoesOut) {
  const crdt::DocumentId gone = Write(a, kSecret);
  Meet(a, c);
  Part(a, c);
  for (Host* host : {&a, &b, &c}) Pass(*host, 89);
  Erase(a, gone);
  Meet(a, b);
  Part(a, b);
  EXPECT_TRUE(MayShow(c));
  EXPECT_EQ(TitleOf(c, gone), kSecret) << "it has not heard of anything";
  Join(c, b, ++connection, true);
  while (!b.sent.empty() || !c.sent.empty()) {
    Host& from = c.sent.empty() ? b : c;
    const Send send = from.sent.front();
    from.sent.pop_front();
    if (&from == &c) {
      EXPECT_FALSE(Carries(send, kSecret));
    }
    (&from == &c ? b : c).Step(Received{send.connection, send.frame});
  }
  EXPECT_EQ(TitleOf(c, gone), std::nullopt);
}

// The connection ends between the erasures and the runs, and the process is killed then.
TEST_F(Returning, WhatIsAnnouncedStaysLockedOverACutAndARestart) {
  const crdt::DocumentId gone = Write(a, kSecret), other = Write(a, "other");
  Meet(a, c);
  Part(a, c);
  Erase(a, gone);
  Join(a, c, ++connection, true);
  // Whoever is further on says so first: greetings and frontiers go to and fro.
  for (int i = 0; i < 20 && c.node->replica()->announced_erasures() == 0; ++i) {
    if (DeliverUpTo<codec::Erasures>(a, c)) break;
    while (!c.sent.empty()) {
      const Send send = c.sent.front();
      c.sent.pop_front();
      a.Step(Received{send.connection, send.frame});
    }
  }
  ASSERT_EQ(c.node->replica()->announced_erasures(), 1u);
  Part(a, c);
  for (int restart = 0; restart < 2; ++restart) {
    EXPECT_EQ(TitleOf(c, gone), std::nullopt) << restart;
    EXPECT_EQ(TitleOf(c, other), "other");
    const auto history = c.node->replica()->History(gone);
    for (const replica::ChangeInfo& change : *history)
      for (const crdt::Edit& edit : change.edits) {
        const auto* set = std::get_if<crdt::SetKey>(&edit);
        const auto* value = set && set->slot ? std::get_if<crdt::Value>(&*set->slot) : nullptr;
        EXPECT_TRUE(value == nullptr || *value != crdt::Value(kSecret));
      }
    c.Load();
  }
  EXPECT_EQ(c.node->replica()->announced_erasures(), 1u);
  // b has heard of nothing: c gives it the locked record's leaves at most.
  Join(c, b, ++connection, true);
  while (!b.sent.empty() || !c.sent.empty()) {
    Host& from = c.sent.empty() ? b : c;
    const Send send = from.sent.front();
    from.sent.pop_front();
    EXPECT_FALSE(Carries(send, kSecret));
    (&from == &c ? b : c).Step(Received{send.connection, send.frame});
  }
  Part(c, b);
  Meet(a, c);
  EXPECT_EQ(c.node->replica()->announced_erasures(), 0u);
  EXPECT_EQ(TitleOf(c, gone), std::nullopt);
  EXPECT_EQ(TitleOf(c, other), "other");
}

// domain.md, T5: what c writes into the record after it is locked is refused; what it wrote before
// without knowing goes with it.
TEST_F(Returning, T5AnEditBesideTheErasureIsNeverSent) {
  const crdt::DocumentId gone = Write(a, "first");
  Meet(a, c);
  Part(a, c);
  Retitle(c, gone, kSecret);
  Erase(a, gone);
  Join(c, a, ++connection, true);
  WatchedSettle(c, a, gone);
  EXPECT_EQ(TitleOf(c, gone), std::nullopt);
  EXPECT_EQ(TitleOf(a, gone), std::nullopt);
  EXPECT_TRUE(c.node->sessions()[0].all_equal);
}

TEST_F(Returning, TwoThatReturnDoNotOpenEachOther) {
  const crdt::DocumentId gone = Write(a, kSecret);
  for (Host* host : {&b, &c}) {
    Meet(a, *host);
    Part(a, *host);
  }
  for (Host* host : {&a, &b, &c}) Pass(*host, 400);
  a.Do([&](Actions& out) { EXPECT_TRUE(a.node->OpenWithoutErasures(a.now, out).has_value()); });
  Erase(a, gone);
  Mesh mesh;
  mesh.hosts = {&a, &b, &c};
  mesh.last = connection;
  mesh.Connect(b, c);
  mesh.RunFor(3'000);
  EXPECT_FALSE(MayShow(b));
  EXPECT_FALSE(MayShow(c));
  // c passes the word on over the connection that the two have.
  mesh.Connect(a, c);
  mesh.RunFor(3'000);
  for (Host* host : {&b, &c}) {
    EXPECT_TRUE(MayShow(*host));
    EXPECT_EQ(TitleOf(*host, gone), std::nullopt);
  }
}

// Nobody met anybody for a summer: there is nobody else to wait for.
TEST_F(Returning, WhereAllWereAwayTheyOpenWhenAllHaveSpoken) {
  const crdt::DocumentId gone = Write(a, kSecret), kept = Write(b, "kept");
  Meet(a, b);
  Part(a, b);
  Meet(a, c);
  Part(a, c);
  Erase(a, gone);
  for (Host* host : {&a, &b, &c}) Pass(*host, 120);
  for (Host* host : {&a, &b, &c}) EXPECT_FALSE(MayShow(*host));
  Mesh mesh;
  mesh.hosts = {&a, &b, &c};
  mesh.last = connection;
  mesh.Connect(b, c);
  mesh.RunFor(3'000);
  for (Host* host : {&b, &c}) EXPECT_FALSE(MayShow(*host)) << "a has not spoken";
  mesh.Connect(a, c);
  mesh.RunFor(3'000);
  for (Host* host : {&a, &b, &c}) {
    EXPECT_TRUE(MayShow(*host));
    EXPECT_EQ(TitleOf(*host, gone), std::nullopt);
    EXPECT_EQ(TitleOf(*host, kept), "kept");
  }
}

// Each has decided something meanwhile: what it proposed counts at the others by its evidence, and
// they need each other's to have equal root spaces. What may be erased of it stays back.
TEST_F(Returning, WhereAllWereAwayWhatEachProposedIsKnown) {
  for (Host* host : {&b, &c}) {
    Meet(a, *host);
    Part(a, *host);
  }
  std::vector<log::EntryId> proposals;
  for (Host* host : {&a, &b, &c}) {
    Pass(*host, 50);
    proposals.push_back(ProposeAndVote(*host));
    Pass(*host, 70);
    EXPECT_FALSE(MayShow(*host));
  }
  Mesh mesh;
  mesh.hosts = {&a, &b, &c};
  mesh.last = connection;
  std::map<Host*, bool> held{{&a, true}, {&b, true}, {&c, true}};
  mesh.watch = [&](Host& from, const Send& send) {
    EXPECT_FALSE(held[&from] && Carries(send, kSecret)) << "sent while held back";
    held[&from] = !MayShow(from);
  };
  mesh.Connect(a, b);
  mesh.Connect(b, c);
  mesh.RunFor(3'000);
  mesh.Connect(a, c);
  mesh.RunFor(3'000);
  for (Host* host : {&a, &b, &c}) {
    EXPECT_TRUE(MayShow(*host));
    for (const log::EntryId& proposal : proposals) {
      const auto body = host->node->replica()->RootBodyOf(proposal);
      ASSERT_TRUE(body.has_value() && body->has_value());
      ASSERT_NE(log::FindField(**body, "note"), nullptr) << "the rest follows once it is open";
      EXPECT_EQ(AsText(*log::FindField(**body, "note")), kSecret + "\n");
    }
  }
}

// A member names a record that it may not erase, signed by its own device; and forges a signature.
TEST_F(Returning, AHostileMemberLocksNothingOfOthers) {
  const crdt::DocumentId of_a = Write(a, "of a");
  Meet(a, b);
  Part(a, b);
  const log::Frontier& frontier = b.node->replica()->Log(net.space).durable_frontier();
  const auto erasure = [&](bool forged) {
    const auto body = log::SayErasure({"request", {}, {log::RecordId{of_a.bytes}}}, net[2].random);
    log::Header header;
    header.net = net.founding.network();
    header.space = net.space;
    header.device = net[2].key.public_key();
    header.life = net[2].life;
    header.seen = {frontier.begin()->second.head};
    header.basis = {log::EntryId{net.founding.network().bytes}};
    header.kind = "erase";
    header.fields = header.evidence = log::kEraseEvidence;
    header.root = log::BodyRoot(*body);
    crypto::Signature signature = *log::Sign(header, net[2].key).signature;
    if (forged) signature.bytes[0] ^= 1;
    return codec::ErasureItem{log::Render(header), signature, *body};
  };
  const auto offer = [&](codec::ErasureItem item) {
    Join(b, c, ++connection, true);
    Settle(b, c);
    const codec::Erasures message{codec::PrefixOf(net.space), true, false, {std::move(item)}};
    b.Step(Received{connection, codec::EncodeFrame(message)});
    b.sent.clear();
    c.sent.clear();
  };
  offer(erasure(false));
  EXPECT_EQ(b.node->replica()->announced_erasures(), 1u) << "kept, it names things of its own";
  EXPECT_EQ(TitleOf(b, of_a), "of a");
  EXPECT_FALSE(b.dropped.contains(connection));
  Part(b, c);
  offer(erasure(true));
  EXPECT_TRUE(b.dropped.contains(connection)) << "a signature that does not hold";
  EXPECT_EQ(TitleOf(b, of_a), "of a");
}

TEST_F(Returning, WhoeverIsAloneIsNotHeldBackAndAPersonCanOpen) {
  const crdt::DocumentId id = Write(a, "mine");
  Pass(a, 400);
  EXPECT_TRUE(MayShow(a)) << "it has met nobody who could have erased anything";
  Meet(a, b);
  Part(a, b);
  Pass(a, 90);
  EXPECT_TRUE(MayShow(a)) << "to the day";
  Pass(a, 1);
  EXPECT_FALSE(MayShow(a));
  a.Load();
  EXPECT_FALSE(MayShow(a)) << "recorded";
  a.now.wall_ms -= 200 * kDayMs;
  EXPECT_FALSE(MayShow(a)) << "turning the clock back opens nothing";
  const auto open = [&] {
    Result<void> opened;
    a.Do([&](Actions& out) { opened = a.node->OpenWithoutErasures(a.now, out); });
    return opened;
  };
  EXPECT_TRUE(open().has_value());
  EXPECT_TRUE(MayShow(a));
  EXPECT_EQ(TitleOf(a, id), "mine");
  EXPECT_EQ(a.node->holding().opened_by_hand_ms(), a.now.wall_ms);
  const auto again = open();
  ASSERT_FALSE(again.has_value());
  EXPECT_EQ(again.error().hint, "hint.not-held-back");
}

TEST(Holding, RecordsComeBack) {
  Holding holding = Holding::Restored(5);
  EXPECT_EQ(*Holding::Decode(holding.Encode()), holding);
  EXPECT_TRUE(holding.NoteExchange(77));
  EXPECT_EQ(*Holding::Decode(holding.Encode()), holding);
  EXPECT_FALSE(holding.NoteExchange(78)) << "known to the hour";
  EXPECT_TRUE(holding.NoteExchange(76)) << "the clock was ahead";
  EXPECT_TRUE(holding.Look(77 + 91 * kDayMs, 90, true));
  EXPECT_TRUE(holding.is_held());
  EXPECT_FALSE(holding.Look(0, 90, true));
  EXPECT_TRUE(holding.Look(0, 90, /*has_partners=*/false));
  EXPECT_FALSE(holding.is_held());
  EXPECT_EQ(Holding::Decode(Bytes(25, 3)).error().code, Code::kCorruption);
  EXPECT_EQ(Holding::Decode(Bytes(24, 0)).error().code, Code::kCorruption);
}

}  // namespace
}  // namespace geflecht::core
