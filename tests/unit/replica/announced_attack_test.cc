// Announced erasures at their bounds, of decisions that say something else, and beside drafts and
// stores that fail.
#include "base/limits.h"
#include "node/domain/document_types.h"
#include "node/governance/bodies.h"
#include "tests/unit/replica/announcing.h"
#include "tests/unit/replica/unreadable_store.h"

namespace geflecht::replica {
namespace {

struct AnnouncedAttacks : AnnouncedErasures {
  // A device that nobody knows announces what nobody has; net[1] hands it over.
  Outcome SendOfNobody(std::size_t lines, std::uint64_t number) {
    const auto stranger = Newcomer(5'000 + number);
    return Announce(net[2], OnCharter(*stranger, Invented(lines, number)),
                    net[1].key.public_key())
        .outcome;
  }
  std::size_t FillOfNobody(std::size_t lines, std::uint64_t first) {
    for (std::size_t i = 0;; ++i) {
      if (SendOfNobody(lines, first + i) != Outcome::kNew) return i;
      CHECK(net[2].replica->announced_bytes() < 4 * kUnknownBytesMax);
    }
  }
};

TEST_F(AnnouncedAttacks, WhatTheSignersRoomRefusesIsTakenWhenAnEntryHasCome) {
  const crdt::DocumentId own = net[1].MakeNote(kLocked);
  Bring(net[1], net[2]);
  const codec::ErasureItem first = OnCharter(net[1], Invented(log::kEraseTargetsMax, 900));
  ASSERT_EQ(Announce(net[2], first).outcome, Outcome::kNew);
  for (const std::size_t lines : {log::kEraseTargetsMax, std::size_t{1}})
    Fill(net[2], net[1], lines);
  EXPECT_LE(net[2].replica->announced_bytes(), kAnnouncedBytesMax);
  const codec::ErasureItem over = OnCharter(net[1], Whole(own), 9'000);
  for (int again = 0; again < 3; ++again)
    EXPECT_EQ(Announce(net[2], over).outcome, Outcome::kWaiting);
  EXPECT_TRUE(Shows(net[2], own));
  EXPECT_EQ(Give(net[2], net[1], first), Outcome::kNew);
  for (int loads = 0; loads < 2; ++loads) {
    EXPECT_EQ(Announce(net[2], over).outcome, loads == 0 ? Outcome::kNew : Outcome::kKnown);
    EXPECT_FALSE(Shows(net[2], own));
    net[2].Load(net.founding);
  }
}

TEST_F(AnnouncedAttacks, WhatTheSendersRoomRefusesIsTakenWhenADeviceIsKnown) {
  const codec::ErasureItem known =
      Signed(*laptop, Invented(log::kEraseTargetsMax, 900), laptop->replica->council().tips());
  ASSERT_EQ(Announce(net[2], known, net[1].key.public_key()).outcome, Outcome::kNew);
  const std::size_t full = FillOfNobody(log::kEraseTargetsMax, 0);
  EXPECT_LE(net[2].replica->announced_bytes(), kUnknownBytesMax);
  EXPECT_EQ(SendOfNobody(log::kEraseTargetsMax, full), Outcome::kWaiting);
  BringRoot(net[0], net[2]);
  Govern(net[2], 1);  // it is net[0]'s, who answers for it now
  EXPECT_EQ(SendOfNobody(log::kEraseTargetsMax, full), Outcome::kNew);
  EXPECT_EQ(SendOfNobody(log::kEraseTargetsMax, full + 1), Outcome::kWaiting);
  net[2].Load(net.founding);
  EXPECT_EQ(SendOfNobody(log::kEraseTargetsMax, full + 1), Outcome::kWaiting);
}

// One of those that name the record comes, and another one has its place.
TEST_F(AnnouncedAttacks, TheSixtyFifthOfOneRecordIsTakenWhenOneHasCome) {
  id = net[1].MakeNote(kLocked);
  Bring(net[1], net[2]);
  const codec::ErasureItem first = OnCharter(net[1], Whole(id));
  ASSERT_EQ(Announce(net[2], first).outcome, Outcome::kNew);
  for (std::size_t i = 1; i < kAnnouncedOfOneMax; ++i)
    ASSERT_EQ(Announce(net[2], OnCharter(net[1], Whole(id), i)).outcome, Outcome::kNew);
  const codec::ErasureItem over = OnCharter(net[1], Whole(id), kAnnouncedOfOneMax);
  EXPECT_EQ(Announce(net[2], over).outcome, Outcome::kWaiting);
  EXPECT_EQ(Give(net[2], net[1], first), Outcome::kNew);
  EXPECT_EQ(Announce(net[2], over).outcome, Outcome::kNew);
}

// The record is net[0]'s: nothing but the decision lets another member erase it.
TEST_F(AnnouncedAttacks, ADecisionLocksNothingButWhatItNames) {
  const crdt::DocumentId other = net[0].MakeNote(kLocked);
  Meet({&net[0], &net[1], &net[2]});
  const log::Erasure decided = *net[1].replica->ErasureOf(id, "body", "unlawful");
  const log::EntryId proposal =
      Decide({&net[1], &net[2]},
             About(governance::kContent, net.space.Hex(), log::RenderErasure(decided)));
  const log::EntryId charter = net.founding.charter.id;
  const std::vector<log::EntryId> now = net[1].replica->council().tips();
  const auto announce = [&](log::Erasure erasure, const log::EntryId& by,
                            std::vector<log::EntryId> basis, std::uint64_t ahead) {
    erasure.decision = by;
    return Announce(net[2], Signed(net[1], erasure, std::move(basis), ahead)).outcome;
  };
  std::vector<log::Erasure> differ(4, decided);
  differ[0].reason = "mistake";
  differ[1].containers[0].document = {other.bytes};
  differ[2].containers[0].key = "title";
  differ[3].documents = {{other.bytes}};
  for (std::size_t i = 0; i < differ.size(); ++i)
    EXPECT_EQ(announce(differ[i], proposal, now, i + 1), Outcome::kNew) << i;
  EXPECT_EQ(announce(decided, proposal, {charter}, 11), Outcome::kNew) << "not decided there";
  EXPECT_EQ(announce(decided, charter, now, 12), Outcome::kNew) << "no proposal";
  EXPECT_EQ(announce(decided, MadeUp(1), now, 13), Outcome::kNew) << "of nobody";
  for (int loads = 0; loads < 2; ++loads) {
    EXPECT_TRUE(Shows(net[2], id));
    EXPECT_TRUE(Shows(net[2], other));
    EXPECT_EQ(Records(net[2], LockedKey(net.space, 0)), 0u);
    net[2].Load(net.founding);
  }
  EXPECT_EQ(announce(decided, proposal, now, 14), Outcome::kNew);
  EXPECT_FALSE(Shows(net[2], id));
  EXPECT_TRUE(Shows(net[2], other));
}

// The basis is not here, so that today's devices are looked at: the laptop belongs to the eraser's
// organisation. Where the basis lies nobody knew of the laptop.
TEST_F(AnnouncedAttacks, WhatIsJudgedLaterComesBackIfItCountsForNothing) {
  const log::EntryId beside = Propose(net[1], Removal(net[2]));  // has not heard of the laptop
  id = laptop->MakeNote(kLocked);
  BringAll(*laptop, net[2]);
  ASSERT_EQ(Announce(net[2], Signed(net[0], Whole(id), {beside})).outcome, Outcome::kNew);
  const log::Erasure field{"request", {}, {}, {{{id.bytes}, "body"}}};
  const log::EntryId first = (*net[2].Log().EntryOf(id))->entry.id;
  const log::Erasure entry{"request", {*net[2].replica->AllOf(first)}};
  ASSERT_EQ(Announce(net[2], Signed(net[0], field, {beside}, 1)).outcome, Outcome::kNew);
  EXPECT_FALSE(Shows(net[2], id));
  BringRoot(net[1], net[2]);
  Govern(net[2], 1);
  for (int loads = 0; loads < 2; ++loads) {
    EXPECT_TRUE(Shows(net[2], id));
    EXPECT_EQ(Records(net[2], LockedKey(net.space, 0)), 0u);
    net[2].Load(net.founding);
  }
  EXPECT_EQ(Announce(net[2], Signed(net[0], entry, {beside}, 2)).outcome, Outcome::kNew);
  EXPECT_TRUE(Shows(net[2], id)) << "judged at once";
}

// As many texts as one change may have: each is a field.
TEST_F(AnnouncedAttacks, ADraftOfAsManyFieldsAsThereMayBeIsLocked) {
  const auto envelope = [](crdt::Transaction& edit) -> Result<void> {
    TRY(edit.Set("/purpose", std::string("network_coordination")));
    TRY(edit.Set("/legal_basis", std::string("contract")));
    return edit.Set("/retention_class", std::string("L1"));
  };
  const auto meeting = net[0].replica->Create(domain::kMeeting, envelope, {});
  ASSERT_TRUE(meeting.has_value()) << meeting.error().detail;
  net[0].Write();
  BringAll(net[0], net[2]);
  const auto type = [&](std::size_t texts) {
    return net[2].replica->Edit(
        *meeting,
        [&](crdt::Transaction& edit) -> Result<void> {
          const std::vector<crdt::NewSlot> items(texts, crdt::ContainerType::kText);
          TRY(edit.Stage(crdt::InsertItems{"/agenda", 0, items}));
          for (std::size_t i = 0; i < texts; ++i)
            TRY(edit.InsertText("/agenda/" + std::to_string(i), 0, kLocked));
          return {};
        },
        {});
  };
  const auto over = type(limits::kFieldsMax);
  ASSERT_FALSE(over.has_value());
  EXPECT_EQ(over.error().code, Code::kTooLarge);
  EXPECT_FALSE(net[2].replica->HasDraft(*meeting));
  const auto most = type(limits::kFieldsMax - 1);
  ASSERT_TRUE(most.has_value()) << most.error().detail;
  net[2].Write();
  const auto last = [&] {
    return *(*net[2].replica->Open(*meeting))->document.Text("/agenda/4094");
  };
  ASSERT_EQ(last(), kLocked);
  const log::Erasure field{"request", {}, {}, {{{meeting->bytes}, "agenda"}}};
  EXPECT_EQ(Announce(net[2], OnCharter(net[0], field)).outcome, Outcome::kNew);
  for (int loads = 0; loads < 2; ++loads) {
    EXPECT_EQ(last().find(kLocked), std::string::npos);
    net[2].Load(net.founding);
  }
}

// Only a store that fails ends a node: what is locked there nobody could say.
TEST_F(AnnouncedAttacks, AStoreThatCannotBeReadEndsTheNode) {
  const codec::ErasureItem item = OnCharter(net[0], Whole(id));
  auto store = std::make_unique<Unreadable>(std::move(net[2].store));
  Unreadable* const unreadable = store.get();
  net[2].store = std::move(store);
  net[2].Load(net.founding);
  for (const store::Table table : {store::Table::kLog, store::Table::kBodies}) {
    unreadable->table = table;
    EXPECT_DEATH(Announce(net[2], item), "") << static_cast<int>(table);
  }
  unreadable->table.reset();
  EXPECT_EQ(Announce(net[2], item).outcome, Outcome::kNew);
  EXPECT_FALSE(Shows(net[2], id));
}

// Its draft cannot be cut in front of the erasure, which is no failure of the store.
TEST_F(AnnouncedAttacks, ADeviceThatMayNotWriteLocksAndGoesOn) {
  Meet({&net[0], &net[1], &net[2]});
  ASSERT_TRUE(net[2].Type(id, 0, "Entwurf ").has_value());
  Decide({&net[0], &net[1]}, Removal(net[2]));
  BringAll(net[0], net[2]);
  ASSERT_FALSE(net[2].replica->council().IsEntitled(net[2].key.public_key()));
  ASSERT_TRUE(net[2].replica->HasDraft(id));
  const log::Erasure field{"request", {}, {}, {{{id.bytes}, "body"}}};
  EXPECT_EQ(Announce(net[2], OnCharter(net[0], field)).outcome, Outcome::kNew);
  EXPECT_EQ(Announce(net[2], OnCharter(net[0], Whole(id), 1)).outcome, Outcome::kNew);
  for (int loads = 0; loads < 2; ++loads) {
    EXPECT_FALSE(Shows(net[2], id));
    net[2].Load(net.founding);
  }
}

}  // namespace
}  // namespace geflecht::replica
