// Who stands for an organisation that is gone: only for what it can have written before it went.
#include "node/domain/document_types.h"
#include "tests/unit/replica/deciding.h"
#include "tests/unit/replica/forge.h"

namespace geflecht::replica {
namespace {

// The fourth organisation comes after the founding. A founder's device with another program begins
// a life whose first entry relies on what it likes.
struct EraseGone : Decisions {
  EraseGone() : late(Newcomer(100)), admission(Decide(Founders(), Admission(*late))) {
    late->Load(net.founding);
    BringAll(net[0], *late);
  }
  std::vector<Device*> Founders() { return {&net[0], &net[1], &net[2]}; }
  std::vector<Device*> All() { return {&net[0], &net[1], &net[2], late.get()}; }
  crdt::DocumentId NoteOf(Device& device) {
    const crdt::DocumentId id = device.MakeNote("Mondkalb");
    Meet(All());
    return id;
  }
  static log::Erasure Whole(const crdt::DocumentId& id) {
    return {"request", {}, {log::RecordId{id.bytes}}};
  }
  static bool Shows(Device& device, const crdt::DocumentId& id) {
    return device.Text(id).find("Mondkalb") != std::string::npos;
  }
  void ExpectAdmitted(Device& device, const ForgedErasure& erasure) {
    const log::FeedKey feed{erasure.space, erasure.run.device, erasure.run.life};
    ASSERT_TRUE(device.Log(erasure.space).HasFeed(feed));
  }
  // Leaves, and whoever is left knows.
  std::vector<log::EntryId> Leave() {
    CHECK(late->replica->Leave({}).has_value());
    late->Write();
    for (Device* device : Founders()) BringRoot(*late, *device);
    return net[0].replica->council().tips();
  }
  bool IsOpen(Device& device, const log::EntryId& entry) {
    const SpaceLog& root = device.Log(Root());
    const auto body = root.BodyOf(**root.EntryOf(entry));
    return std::holds_alternative<log::Field>((*body)->slots[0]);
  }
  log::SpaceId Root() { return net[0].replica->members().root_space(); }

  std::unique_ptr<Device> late;
  log::EntryId admission;  // its proposal
};

// Between the proposal, which holds the card, and the certificate an organisation is known and no
// member: not yet, which is not the same as gone.
TEST_F(EraseGone, AnOrganisationThatIsNotAdmittedYetIsNotGone) {
  const crdt::DocumentId id = NoteOf(*late);
  const log::EntryId first = (*net[0].Log().EntryOf(id))->entry.id;
  const std::vector<log::Erasure> asked = {
      Whole(id),
      {"request", {}, {}, {{log::RecordId{id.bytes}, "body"}}},
      {"request", {{first, {1}}}},
  };
  for (const log::Erasure& erasure : asked) {
    const ForgedErasure forged = ForgeErasure(net[0], net.space, erasure, {admission});
    for (Device* device : All()) {
      forged.To(*device);
      ExpectAdmitted(*device, forged);
      EXPECT_TRUE(Shows(*device, id));
      EXPECT_FALSE(*device->replica->IsErased(id));
    }
  }
}

TEST_F(EraseGone, NorInTheRootSpace) {
  const auto comment = late->replica->Comment(admission, "Mondkalb\n", {});
  ASSERT_TRUE(comment);
  late->Write();
  Meet(All());
  const log::Erasure erasure{"request", {{*comment, {0}}}};
  const ForgedErasure early = ForgeErasure(net[0], Root(), erasure, {admission});
  for (Device* device : All()) {
    early.To(*device);
    ExpectAdmitted(*device, early);
    EXPECT_TRUE(IsOpen(*device, *comment));
  }
  // When it has left, it may be erased.
  const ForgedErasure later = ForgeErasure(net[0], Root(), erasure, Leave());
  for (Device* device : Founders()) {
    later.To(*device);
    EXPECT_FALSE(IsOpen(*device, *comment));
  }
}

TEST_F(EraseGone, WhatIsWrittenAfterAReturnIsNotErasedFromTheTimeBetween) {
  const crdt::DocumentId before = NoteOf(*late);
  const std::vector<log::EntryId> gap = Leave();
  Decide(Founders(), Admission(*late));
  for (Device* device : Founders()) BringAll(*device, *late);
  const crdt::DocumentId after = NoteOf(*late);
  for (const auto& [id, shown] : {std::pair(after, true), {before, false}}) {
    const ForgedErasure forged = ForgeErasure(net[0], net.space, Whole(id), gap);
    for (Device* device : All()) {
      forged.To(*device);
      ExpectAdmitted(*device, forged);
      EXPECT_EQ(Shows(*device, id), shown);
    }
  }
}

}  // namespace
}  // namespace geflecht::replica
