// Erasures in the log of which nobody can say yet that they count: how much of one member's is
// kept, and what becomes of the rest.
#include "tests/unit/replica/announcing.h"

namespace geflecht::replica {
namespace {

struct UnjudgedErasures : AnnouncedErasures {
  // In the log of its writer too, whose next entry stands behind it.
  void Tell(Device& to, Device& by, const codec::ErasureItem& item) {
    ASSERT_EQ(Give(to, by, item), Outcome::kNew);
    if (&to != &by) Give(by, by, item);
  }
  // Until a body is refused. How many were kept.
  std::size_t FillLog(Device& to, Device& by, const log::Erasure& with) {
    for (std::size_t i = 0;; ++i) {
      log::Erasure erasure = with;
      for (std::size_t line = 0; line < erasure.targets.size(); ++line)
        erasure.targets[line].entry = MadeUp(100'000 * i + line);
      std::sort(erasure.targets.begin(), erasure.targets.end(),
                [](const auto& a, const auto& b) { return a.entry < b.entry; });
      Tell(to, by, OnCharter(by, erasure));
      if (to.Log().missing_bodies() > 0) return i;
      CHECK(i < 200);
    }
  }
};

TEST_F(UnjudgedErasures, OfOneMemberHaveABoundInLines) {
  const std::size_t kept = FillLog(net[2], net[1], Invented(log::kEraseTargetsMax, 0));
  EXPECT_EQ(kept * log::kEraseTargetsMax, kUnjudgedLinesMax);
  net[2].Load(net.founding);
  // Another member's are kept, and so is what can be judged.
  Tell(net[2], net[0], OnCharter(net[0], Invented(log::kEraseTargetsMax, 7)));
  EXPECT_EQ(net[2].Log().missing_bodies(), 1u);
  const crdt::DocumentId own = net[1].MakeNote(kLocked);
  Bring(net[1], net[2]);
  EXPECT_EQ(net[2].Log().missing_bodies(), 1u);
  Tell(net[2], net[1], OnCharter(net[1], Whole(own)));
  EXPECT_EQ(net[2].Log().missing_bodies(), 1u);
  EXPECT_TRUE(*net[2].replica->IsErased(own));
}

// Few lines with many fields each.
TEST_F(UnjudgedErasures, OfOneMemberHaveABoundInBytes) {
  log::Erasure erasure = Invented(20, 0);
  for (log::EraseTarget& target : erasure.targets)
    for (std::uint32_t field = 2; field < 4'096; ++field) target.fields.push_back(field);
  const std::size_t kept = FillLog(net[2], net[1], erasure);
  const std::size_t bytes = kept * 20 * 8 * 4'095;
  EXPECT_LE(bytes, kUnjudgedBytesMax);
  EXPECT_GT(bytes, kUnjudgedBytesMax / 10 * 9);
}

// What is refused counts as missing and is taken when something of the rest could be judged: the
// same is erased as where there was room.
TEST_F(UnjudgedErasures, ThatHadNoRoomAreTakenWhenThereIsSome) {
  const crdt::DocumentId own = net[1].MakeNote(kLocked);
  Bring(net[1], net[2]);
  const crdt::DocumentId late = net[0].MakeNote(kLocked);  // not at net[2] yet
  log::Erasure first = Invented(log::kEraseTargetsMax, 900);
  first.targets[0].entry = (*net[0].Log().EntryOf(late))->entry.id;
  std::sort(first.targets.begin(), first.targets.end(),
            [](const auto& a, const auto& b) { return a.entry < b.entry; });
  Tell(net[2], net[1], OnCharter(net[1], first));
  FillLog(net[2], net[1], Invented(log::kEraseTargetsMax, 0));
  log::Erasure mixed = Whole(own);
  mixed.targets = Invented(1, 901).targets;
  const codec::ErasureItem item = OnCharter(net[1], mixed);
  const auto admit = [&] {
    const std::uint64_t seq = log::ParseHeader(item.header)->seq;
    const log::FeedKey feed = net[1].Feed();
    net[2].replica->AdmitBodies(
        net.space, {codec::PrefixOf(net.space), feed.device, feed.life, {{seq, item.body}}}, {});
    net[2].Write();
  };
  Tell(net[2], net[1], item);
  for (int loads = 0; loads < 2; ++loads) {
    admit();
    EXPECT_FALSE(*net[2].replica->IsErased(own));
    EXPECT_EQ(net[2].Log().missing_bodies(), 2u);
    net[2].Load(net.founding);
  }
  BringAll(net[0], net[2]);  // net[1] may not erase that: one line less
  EXPECT_TRUE(Shows(net[2], late));
  admit();
  EXPECT_TRUE(*net[2].replica->IsErased(own));
  EXPECT_EQ(net[2].Log().missing_bodies(), 1u);
  // Where it came in another order there was room for the same.
  Bring(net[2], net[0]);
  EXPECT_TRUE(*net[0].replica->IsErased(own));
}

// Nothing behind it may wait for an erasure of the root space, so that none is refused there. Each
// names a proposal that nobody has, which is looked for at every line.
TEST_F(UnjudgedErasures, OfTheRootSpaceHoldUpNothingBehindThem) {
  const log::SpaceId root = net[1].replica->members().root_space();
  for (std::size_t i = 0; i <= kUnjudgedLinesMax / log::kEraseTargetsMax; ++i) {
    log::Erasure erasure = Invented(log::kEraseTargetsMax, i);
    erasure.decision = MadeUp(i);
    ASSERT_TRUE(net[1].replica->Erase(root, erasure, {}).has_value());
    net[1].Write();
  }
  const log::EntryId behind = Propose(net[1], Removal(net[2]));
  BringRoot(net[1], net[2]);
  EXPECT_EQ(net[2].Log(root).missing_bodies(), 0u);
  for (int loads = 0; loads < 2; ++loads) {
    EXPECT_TRUE(net[2].replica->council().Counts(behind));
    net[2].Load(net.founding);
  }
}

}  // namespace
}  // namespace geflecht::replica
