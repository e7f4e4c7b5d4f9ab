// What is let in, what waits, what is refused.
#include <gtest/gtest.h>

#include "tests/unit/replica/network.h"

namespace geflecht::replica {
namespace {

Outcome AdmitRun(Device& device, const codec::Run& run) {
  const Outcome outcome = device.replica->Admit(device.Log().space(), run).outcome;
  device.Write();
  return outcome;
}

// Device 0 has written three entries.
struct Admission : testing::Test {
  Admission() : net(3), id(net[0].MakeNote("one")) {
    for (const char* text : {"two", "three"}) {
      EXPECT_TRUE(net[0].Type(id, 0, text).has_value());
      EXPECT_TRUE(net[0].replica->CutAll({}).has_value());
      net[0].Write();
    }
    feed = net[0].Feed();
  }
  Network net;
  crdt::DocumentId id;
  log::FeedKey feed;
};

TEST_F(Admission, RefusesDeviceOfNoMember) {
  codec::Run run = RunOf(net[0], feed, 0, 0);
  run.device = Device(99).key.public_key();
  EXPECT_EQ(AdmitRun(net[1], run), Outcome::kRejected);
  EXPECT_EQ(net[1].Log().last_arrival(), 0u);
}

TEST_F(Admission, RefusesForeignSignature) {
  codec::Run run = RunOf(net[0], feed, 0, 0);
  run.device = net[2].key.public_key();
  EXPECT_EQ(AdmitRun(net[1], run), Outcome::kRejected);
}

TEST_F(Admission, RefusesFlippedBitInEveryPartOfAnEntry) {
  for (int what = 0; what < 4; ++what) {
    codec::Run run = RunOf(net[0], feed, 0, 0);
    codec::EntryPart& part = run.entries[0];
    if (what == 0) part.root.bytes[3] ^= 1;
    if (what == 1) part.signature->bytes[3] ^= 1;
    if (what == 2) part.time_s += 3600;
    if (what == 3) part.fields += 1;
    EXPECT_EQ(AdmitRun(net[1], run), Outcome::kRejected) << what;
  }
}

TEST_F(Admission, RefusesUnknownKindAndUnknownSpace) {
  codec::Run run = RunOf(net[0], feed, 0, 0);
  EXPECT_EQ(net[1].replica->Admit(net[1].random.Make<log::SpaceId>(), run).outcome,
            Outcome::kRejected);
  EXPECT_EQ(net[1].replica->Admit(net[1].replica->members().root_space(), run).outcome,
            Outcome::kRejected);
  run.entries[0].kind = "vote";
  EXPECT_EQ(AdmitRun(net[1], run), Outcome::kRejected);
}

TEST_F(Admission, RunBehindAGapWaitsAndIsReleased) {
  EXPECT_EQ(AdmitRun(net[1], RunOf(net[0], feed, 1, 2)), Outcome::kWaiting);
  EXPECT_EQ(net[1].replica->pending_entries(), 2u);
  EXPECT_EQ(AdmitRun(net[1], RunOf(net[0], feed, 0, 0)), Outcome::kNew);
  EXPECT_EQ(net[1].replica->pending_entries(), 0u);
  EXPECT_EQ(net[1].Log().Frontier(), net[0].Log().Frontier());
}

TEST_F(Admission, RunWithUnknownCauseWaits) {
  Bring(net[0], net[1]);
  EXPECT_TRUE(net[1].Type(id, 0, "x").has_value());
  EXPECT_TRUE(net[1].replica->CutAll({}).has_value());
  net[1].Write();
  EXPECT_EQ(AdmitRun(net[2], RunOf(net[1], net[1].Feed(), 0, 0)), Outcome::kWaiting);
  EXPECT_EQ(AdmitRun(net[2], RunOf(net[0], feed, 0, 2)), Outcome::kNew);
  EXPECT_EQ(net[2].Log().Frontier(), net[1].Log().Frontier());
}

TEST_F(Admission, EntryAboutSomethingUnknownWaits) {
  // A verifier calls a bundle with a dangling reference invalid, so no node may take one in.
  log::Header header;
  header.net = net[1].replica->members().network();
  header.space = net.space;
  header.device = net[2].key.public_key();
  header.life = net[2].life;
  header.kind = "gather";
  header.basis = {log::EntryId{net.founding.charter.id}};
  header.about = net[2].random.Make<log::EntryId>();
  header.root = log::BodyRoot({});
  const log::Run run{log::Sign(header, net[2].key)};
  EXPECT_EQ(AdmitRun(net[1], codec::PartsOf({}, run, 0)), Outcome::kWaiting);
  EXPECT_EQ(net[1].Log().last_arrival(), 0u);
  Bring(net[0], net[1]);
  header.about = net[0].Log().Head(feed).head;
  const log::Run known{log::Sign(header, net[2].key)};
  EXPECT_EQ(AdmitRun(net[1], codec::PartsOf({}, known, 0)), Outcome::kNew);
}

TEST_F(Admission, KnownRunIsKnownAndOverlapGivesTheRest) {
  EXPECT_EQ(AdmitRun(net[1], RunOf(net[0], feed, 0, 1)), Outcome::kNew);
  EXPECT_EQ(AdmitRun(net[1], RunOf(net[0], feed, 0, 1)), Outcome::kKnown);
  EXPECT_EQ(AdmitRun(net[1], RunOf(net[0], feed, 0, 2)), Outcome::kNew);
  EXPECT_EQ(net[1].Log().Frontier(), net[0].Log().Frontier());
}

// It may be that of a branch that is not here yet: its sender is not to blame.
TEST_F(Admission, BodyThatDoesNotGiveTheRootIsDiscarded) {
  AdmitRun(net[1], RunOf(net[0], feed, 0, 0));
  codec::Bodies bodies = BodiesOf(net[0], feed, 0, 0);
  std::get<log::Field>(bodies.items[0].body.slots[1]).value[0] ^= 1;
  EXPECT_EQ(net[1].replica->AdmitBodies(net.space, bodies, {}).outcome, Outcome::kKnown);
  EXPECT_EQ(net[1].Log().missing_bodies(), 1u);
}

TEST_F(Admission, BodyWithWithheldFieldCountsAsMissing) {
  AdmitRun(net[1], RunOf(net[0], feed, 0, 0));
  codec::Bodies bodies = BodiesOf(net[0], feed, 0, 0);
  log::Slot& slot = bodies.items[0].body.slots[1];
  slot = log::FieldLeaf(std::get<log::Field>(slot));
  EXPECT_NE(net[1].replica->AdmitBodies(net.space, bodies, {}).outcome, Outcome::kRejected);
  EXPECT_EQ(net[1].Log().missing_bodies(), 1u);
  net[1].replica->AdmitBodies(net.space, BodiesOf(net[0], feed, 0, 0), {});
  EXPECT_EQ(net[1].Log().missing_bodies(), 0u);
  EXPECT_EQ(net[1].Log().durable_missing_bodies(), 1u) << "partners are told what is on the disk";
  net[1].Write();
  EXPECT_EQ(net[1].Log().durable_missing_bodies(), 0u);
}

// Each of two who give a body has left out another part of it, in either order.
TEST_F(Admission, WhatTwoGiveOfABodyIsPutTogether) {
  AdmitRun(net[1], RunOf(net[0], feed, 0, 2));
  AdmitRun(net[2], RunOf(net[0], feed, 0, 2));
  const auto give = [&](Device& to, std::uint64_t seq, std::size_t left_out) {
    codec::Bodies bodies = BodiesOf(net[0], feed, seq, seq);
    log::Slot& slot = bodies.items[0].body.slots[left_out];
    slot = log::FieldLeaf(std::get<log::Field>(slot));
    to.replica->AdmitBodies(net.space, bodies, {});
  };
  for (const std::size_t first : {0u, 1u}) {
    Device& device = net[1 + first];
    for (const std::uint64_t seq : {0u, 1u, 2u}) {
      give(device, seq, first);
      EXPECT_EQ(device.Log().missing_bodies(), 3 - seq);
      give(device, seq, 1 - first);
      EXPECT_EQ(device.Log().missing_bodies(), 2 - seq);
    }
    const auto open = device.replica->Open(id);
    ASSERT_TRUE(open.has_value()) << first;
    EXPECT_EQ((*open)->document.heads(), (*net[0].replica->Open(id))->document.heads());
  }
}

// The first entry of a feed; one with another `number` begins another branch of it.
codec::Run FirstEntry(const Network& network, const Device& device, const log::LifeId& life,
                      std::int64_t number = 0) {
  log::Header header;
  header.net = network.founding.network();
  header.space = network.space;
  header.device = device.key.public_key();
  header.life = life;
  header.time_s = number * 3600;
  header.kind = "gather";
  header.basis = {log::EntryId{network.founding.charter.id}};
  header.root = log::BodyRoot({});
  return codec::PartsOf({}, {log::Sign(header, device.key)}, 0);
}

TEST_F(Admission, ASeventeenthLifeIsRefused) {
  for (std::size_t life = 0; life <= limits::kLivesMax; ++life) {
    EXPECT_EQ(AdmitRun(net[1], FirstEntry(net, net[2], net[2].random.Make<log::LifeId>())),
              life < limits::kLivesMax ? Outcome::kNew : Outcome::kWaiting)
        << life;
  }
}

TEST_F(Admission, BranchesOfADeviceCountInAllItsLives) {
  const log::LifeId second = net[2].random.Make<log::LifeId>();
  const std::int64_t half = limits::kBranchesMax / 2;
  for (std::int64_t i = 0; i <= half; ++i)
    ASSERT_EQ(AdmitRun(net[1], FirstEntry(net, net[2], net[2].life, i)), Outcome::kNew) << i;
  for (std::int64_t i = 0; i <= half; ++i)
    EXPECT_EQ(AdmitRun(net[1], FirstEntry(net, net[2], second, i)),
              i < half ? Outcome::kNew : Outcome::kWaiting)
        << i;
}

TEST(AdmissionOfMany, BranchesLeaveRoomForFeeds) {
  const std::size_t forking = limits::kBranchRoomMax / limits::kBranchesMax + 1;
  Network net(forking + 2);
  Device& holder = net[0];
  std::size_t refused = 0;
  for (std::size_t device = 1; device <= forking; ++device) {
    for (std::int64_t i = 0; i < static_cast<std::int64_t>(limits::kBranchesMax); ++i) {
      const bool room = i == 0 || holder.Log().feed_count() < limits::kBranchRoomMax;
      ASSERT_EQ(AdmitRun(holder, FirstEntry(net, net[device], net[device].life, i)),
                room ? Outcome::kNew : Outcome::kWaiting);
      refused += room ? 0 : 1;
    }
  }
  EXPECT_GT(refused, 0u);
  EXPECT_EQ(AdmitRun(holder, FirstEntry(net, net[forking + 1], net[forking + 1].life)),
            Outcome::kNew);
}

// Members that use all their lives leave no room for others' feeds: a device that has not written
// yet goes on, and what it has open is cut.
TEST(AdmissionOfMany, ASpaceThatOthersHaveFilledTakesOwnEntries) {
  const std::size_t filling =
      limits::kBranchRoomMax / limits::kBranchesMax +
      (limits::kFeedsPerSpaceMax - limits::kBranchRoomMax) / limits::kLivesMax;
  Network net(filling + 1);
  Device& holder = net[0];
  const auto fill = [&](std::size_t device, bool branches) {
    const std::size_t times = branches ? limits::kBranchesMax : limits::kLivesMax;
    for (std::size_t i = 0; i < times; ++i) {
      const log::LifeId life = branches ? net[device].life : net[device].random.Make<log::LifeId>();
      holder.replica->Admit(net.space,
                            FirstEntry(net, net[device], life, static_cast<std::int64_t>(i)));
    }
  };
  for (std::size_t device = 1; device <= filling; ++device)
    fill(device, device <= limits::kBranchRoomMax / limits::kBranchesMax);
  holder.Write();
  ASSERT_EQ(holder.Log().feed_count(), limits::kFeedsPerSpaceMax);
  EXPECT_EQ(holder.Text(holder.MakeNote("written")), "written");
}

}  // namespace
}  // namespace geflecht::replica
