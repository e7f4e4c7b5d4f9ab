// Erasures that are announced and not in the log: what becomes of what they lock, and how much room
// one member, many, and devices of nobody take with them.
#include "tests/unit/replica/announcing.h"

namespace geflecht::replica {
namespace {

// The record is of a device that the erasure's basis does not know. That basis is known here, so
// that it is judged when it is announced; the value stays as it was, also over a restart.
TEST_F(AnnouncedErasures, ThatCountForNothingLockNothing) {
  id = laptop->MakeNote(kLocked);
  const log::EntryId first = (*laptop->Log().EntryOf(id))->entry.id;
  BringAll(*laptop, net[2]);
  const Bytes before = codec::EncodeBody(**net[2].Log().BodyOf(**net[2].Log().EntryOf(id)));
  const std::vector<log::Erasure> all = {Whole(id),
                                         {"request", {*laptop->replica->AllOf(first)}},
                                         {"request", {}, {}, {{{id.bytes}, "body"}}}};
  for (std::size_t i = 0; i < all.size(); ++i) {
    for (const bool restart : {false, true}) {
      SCOPED_TRACE(std::to_string(i) + (restart ? " with restarts" : ""));
      const codec::ErasureItem item = OnCharter(net[0], all[i]);
      EXPECT_EQ(Announce(net[2], item).outcome, Outcome::kNew);
      if (restart) net[2].Load(net.founding);
      EXPECT_TRUE(Shows(net[2], id));
      EXPECT_EQ(Records(net[2], LockedKey(net.space, 0)), 0u);
      EXPECT_EQ(Give(net[2], net[0], item), Outcome::kNew);
      Give(net[0], net[0], item);  // its own next one stands behind it
      for (int loads = 0; loads < 2; ++loads) {
        EXPECT_TRUE(Shows(net[2], id));
        EXPECT_EQ(codec::EncodeBody(**net[2].Log().BodyOf(**net[2].Log().EntryOf(id))), before);
        EXPECT_EQ(Records(net[2], LockedKey(net.space, 0)), 0u);
        EXPECT_EQ(Records(net[2], AnnouncedKey(net.space, 0)), 0u);
        EXPECT_EQ(net[2].replica->announced_erasures(), 0u);
        if (restart) net[2].Load(net.founding);
      }
    }
  }
  // It is edited as before.
  ASSERT_TRUE(net[2].Type(id, 0, "nachher ").has_value());
  EXPECT_TRUE(Shows(net[2], id));
}

// Of two that lock one value one counts for nothing: the other one holds it.
TEST_F(AnnouncedErasures, OfWhichOneCountsHoldTheValue) {
  id = laptop->MakeNote(kLocked);
  BringAll(*laptop, net[2]);
  const codec::ErasureItem refused = OnCharter(net[0], Whole(id));
  const codec::ErasureItem counts = Signed(*laptop, Whole(id), laptop->replica->council().tips());
  Announce(net[2], refused);
  Announce(net[2], counts);
  Give(net[2], net[0], refused);
  EXPECT_FALSE(Shows(net[2], id));
  net[2].Load(net.founding);
  EXPECT_FALSE(Shows(net[2], id));
  EXPECT_EQ(net[2].replica->announced_erasures(), 1u);
  EXPECT_EQ(Give(net[2], *laptop, counts), Outcome::kNew);
  EXPECT_FALSE(Shows(net[2], id));
  EXPECT_TRUE(*net[2].replica->IsErased(id));
  EXPECT_EQ(Records(net[2], LockedKey(net.space, 0)), 0u);
}

TEST_F(AnnouncedErasures, OfADeviceThatBecomesKnownLaterLockThen) {
  const codec::ErasureItem item = Signed(*laptop, Whole(id), laptop->replica->council().tips());
  Announce(net[2], item);
  net[2].Load(net.founding);
  Govern(net[2], 1);
  EXPECT_TRUE(Shows(net[2], id)) << "nobody here knows whose the device is";
  const log::FeedKey feed{net[0].replica->members().root_space(), net[0].key.public_key(),
                          net[0].life};
  const std::uint64_t last = net[0].Log(feed.space).Head(feed).next_seq - 1;
  net[2].replica->Admit(feed.space, RunOf(net[0], feed, last, last));
  net[2].replica->AdmitBodies(feed.space, BodiesOf(net[0], feed, last, last), {});
  Govern(net[2], 2);
  for (int loads = 0; loads < 2; ++loads) {
    EXPECT_FALSE(Shows(net[2], id));
    EXPECT_EQ(Records(net[2], LockedKey(net.space, 0)), 1u);
    net[2].Load(net.founding);
  }
  EXPECT_EQ(Give(net[2], *laptop, item), Outcome::kNew);
  EXPECT_TRUE(*net[2].replica->IsErased(id));
  EXPECT_EQ(Records(net[2], LockedKey(net.space, 0)), 0u);
}

// net[1] announces as much as it may; the others' still lock, and its own have effect with their
// runs.
TEST_F(AnnouncedErasures, OfAMemberThatFillsItsRoomTakeNobodyElses) {
  const crdt::DocumentId own = net[1].MakeNote(kLocked);
  Bring(net[1], net[2]);
  const std::size_t full = Fill(net[2], net[1], log::kEraseTargetsMax);
  EXPECT_GT(full, 10u);
  // A small one may still fit.
  const std::size_t rest = Fill(net[2], net[1], 1);
  const codec::ErasureItem over = OnCharter(net[1], Whole(own));
  for (int loads = 0; loads < 2; ++loads) {
    EXPECT_EQ(Announce(net[2], over).outcome, Outcome::kWaiting);
    EXPECT_TRUE(Shows(net[2], own));
    EXPECT_EQ(net[2].replica->announced_erasures(), full + rest);
    EXPECT_LE(net[2].replica->announced_bytes(), kAnnouncedBytesMax);
    net[2].Load(net.founding);
  }
  EXPECT_EQ(Announce(net[2], OnCharter(net[0], Whole(id))).outcome, Outcome::kNew);
  EXPECT_FALSE(Shows(net[2], id));
  EXPECT_EQ(Give(net[2], net[1], over), Outcome::kNew);
  EXPECT_TRUE(*net[2].replica->IsErased(own));
  EXPECT_FALSE(Shows(net[2], own));
}

// One long line each: what is kept is counted in bytes, not in lines.
TEST_F(AnnouncedErasures, OfFewLongLinesFillTheSameRoom) {
  log::Erasure one = Invented(1, 0);
  for (std::uint32_t field = 2; field < 4'096; ++field) one.targets[0].fields.push_back(field);
  std::size_t kept = 0;
  while (Announce(net[2], OnCharter(net[1], one, kept + 1)).outcome == Outcome::kNew) {
    one.targets[0].entry = MadeUp(++kept);
    ASSERT_LT(kept, 3'000u);
  }
  EXPECT_LE(net[2].replica->announced_bytes(), kAnnouncedBytesMax);
  EXPECT_LE(StoredBytes(net[2]), kAnnouncedBytesMax);
  EXPECT_GT(StoredBytes(net[2]), kAnnouncedBytesMax / 2);
}

// Anybody can make up devices: whose devices hand them over answers for them, and nobody's own room
// gets less.
TEST_F(AnnouncedErasures, OfDevicesOfNobodyTakeTheRoomOfTheirSender) {
  const auto send = [&](std::uint64_t seed, const log::Erasure& erasure, Device& from) {
    const auto stranger = Newcomer(seed);
    return Announce(net[2], OnCharter(*stranger, erasure), from.key.public_key()).outcome;
  };
  std::size_t kept = 0;
  while (send(900 + kept, Invented(log::kEraseTargetsMax, kept), net[1]) == Outcome::kNew) ++kept;
  EXPECT_GT(kept, 1u);
  EXPECT_LE(net[2].replica->announced_bytes(), kUnknownBytesMax);
  for (int loads = 0; loads < 2; ++loads) {
    EXPECT_EQ(net[2].replica->announced_erasures(), kept);
    EXPECT_EQ(send(1'900, Invented(log::kEraseTargetsMax, kept), net[1]), Outcome::kWaiting);
    net[2].Load(net.founding);
  }
  // Another member brings one of a device that is not known here yet, and one of its own.
  const codec::ErasureItem item = Signed(*laptop, Whole(id), laptop->replica->council().tips());
  EXPECT_EQ(Announce(net[2], item, net[0].key.public_key()).outcome, Outcome::kNew);
  EXPECT_TRUE(Shows(net[2], id));
  BringRoot(net[0], net[2]);
  Govern(net[2], 1);
  EXPECT_FALSE(Shows(net[2], id));
  const log::Erasure whole = Whole(net[1].MakeNote(kLocked));
  EXPECT_EQ(Announce(net[2], OnCharter(net[1], whole), net[1].key.public_key()).outcome,
            Outcome::kNew);
}

// A member names one record of its own over and over again: so many are looked at, whatever comes.
TEST_F(AnnouncedErasures, OfOneRecordAreFew) {
  id = net[1].MakeNote(kLocked);
  for (int i = 0; i < 20; ++i) {
    ASSERT_TRUE(net[1].Type(id, 0, kLocked).has_value());
    ASSERT_TRUE(net[1].replica->CutAll({}).has_value());
    net[1].Write();
  }
  Bring(net[1], net[2]);
  const log::EntryId first = (*net[1].Log().EntryOf(id))->entry.id;
  const log::Erasure fields{"request", {*net[1].replica->AllOf(first)}};
  for (std::size_t i = 0; i < 4 * kAnnouncedOfOneMax; ++i) {
    const Outcome expected = i < 2 * kAnnouncedOfOneMax ? Outcome::kNew : Outcome::kWaiting;
    const log::Erasure erasure = i % 2 == 0 ? Whole(id) : fields;
    EXPECT_EQ(Announce(net[2], OnCharter(net[1], erasure, i + 1)).outcome, expected) << i;
  }
  EXPECT_EQ(net[2].replica->announced_erasures(), 2 * kAnnouncedOfOneMax);
  EXPECT_FALSE(Shows(net[2], id));
  // Those of the other members who have written there keep their room.
  EXPECT_EQ(Announce(net[2], OnCharter(net[0], Whole(id))).outcome, Outcome::kNew);
  const codec::ErasureItem counts = OnCharter(net[1], Whole(id));
  EXPECT_EQ(Announce(net[2], counts).outcome, Outcome::kWaiting);
  EXPECT_EQ(Give(net[2], net[1], counts), Outcome::kNew);
  EXPECT_TRUE(*net[2].replica->IsErased(id));
}

// Devices become known whose organisation has no room left: what is recorded stays recorded.
TEST_F(AnnouncedErasures, ThatWereRecordedAreThereAfterARestart) {
  const std::size_t full = Fill(net[2], net[0], log::kEraseTargetsMax);
  const codec::ErasureItem item = Signed(*laptop, Whole(id), net[0].replica->council().tips());
  EXPECT_EQ(Announce(net[2], item).outcome, Outcome::kNew);
  BringRoot(net[0], net[2]);
  Govern(net[2], 1);
  for (int loads = 0; loads < 2; ++loads) {
    EXPECT_EQ(net[2].replica->announced_erasures(), full + 1);
    EXPECT_FALSE(Shows(net[2], id));
    net[2].Load(net.founding);
  }
  // What comes later for the record is locked like the rest.
  ASSERT_TRUE(net[0].Type(id, 0, "Seekuhwanderung again ").has_value());
  ASSERT_TRUE(net[0].replica->CutAll({}).has_value());
  net[0].Write();
  Bring(net[0], net[2]);
  EXPECT_FALSE(Shows(net[2], id));
}

}  // namespace
}  // namespace geflecht::replica
