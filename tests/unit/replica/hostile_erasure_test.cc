// Erasures of a member that means harm, and edits that no person makes: no node ends because of
// what they name.
#include "node/domain/document_types.h"
#include "node/governance/bodies.h"
#include "node/replica/records.h"
#include "tests/unit/replica/deciding.h"
#include "tests/unit/replica/forge.h"

namespace geflecht::replica {
namespace {

constexpr const char* kWord = "Seekuhwanderung";

struct HostileErasure : Decisions {
  HostileErasure() : id(net[0].MakeNote(kWord)), root(net[0].replica->members().root_space()) {
    // Its changes have arrival numbers that the root space has not reached.
    for (int i = 0; i < 20; ++i) {
      CHECK(net[0].Type(id, 0, "x"));
      CHECK(net[0].replica->CutAll({}));
    }
    net[0].Write();
    Meet(All());
  }
  std::vector<Device*> All() { return {&net[0], &net[1], &net[2]}; }
  // All lines that can name the note.
  log::Erasure Everything() {
    const log::RecordId record{id.bytes};
    log::Erasure erasure{"unlawful", {}, {record}, {{record, "body"}, {record, "title"}}};
    erasure.targets = {{(*net[1].Log().EntryOf(id))->entry.id, {1}}};
    return erasure;
  }
  bool Shows(Device& device) { return device.Text(id).find(kWord) != std::string::npos; }
  log::EntryId Charter() { return net.founding.charter.id; }

  crdt::DocumentId id;
  log::SpaceId root;
};

TEST_F(HostileErasure, InTheRootSpaceNamesNoRecordOfAnother) {
  const ForgedErasure erasure = ForgeErasure(net[1], root, Everything(), {Charter()});
  for (Device* device : All()) {
    erasure.To(*device);
    for (int loads = 0; loads < 2; ++loads) {
      EXPECT_TRUE(Shows(*device));
      device->Load(net.founding);
    }
  }
}

TEST_F(HostileErasure, AnnouncedInTheRootSpaceLocksNoRecordOfAnother) {
  const ForgedErasure erasure = ForgeErasure(net[1], root, Everything(), {Charter()});
  const log::FeedHead head{};
  const auto run = codec::CompleteRun(net.founding.network(), root, head, erasure.run);
  ASSERT_TRUE(run.has_value());
  const log::Entry& entry = run->front();
  const codec::ErasureItem item{log::Render(entry.header), *entry.signature,
                                erasure.bodies.items.front().body};
  for (Device* device : All()) {
    const Admitted admitted =
        device->replica->Lock(root, {codec::PrefixOf(root), true, false, {item}}, {}, {});
    EXPECT_EQ(admitted.outcome, Outcome::kNew);
    device->Write();
    device->Load(net.founding);
    EXPECT_TRUE(Shows(*device));
  }
}

// The device has an edit open and belongs to no member any more, so that it cannot be cut.
TEST_F(HostileErasure, LeavesTheDraftOfADeviceThatMayNotWrite) {
  ASSERT_TRUE(net[0].Type(id, 0, "Entwurf "));
  Decide({&net[1], &net[2]}, Removal(net[0]));
  const ForgedErasure here = ForgeErasure(net[1], net.space, Everything(), {Charter()});
  const ForgedErasure in_root = ForgeErasure(net[2], root, Everything(), {Charter()});
  BringAll(net[1], net[0]);
  ASSERT_FALSE(net[0].replica->council().IsEntitled(net[0].key.public_key()));
  for (const ForgedErasure* erasure : {&here, &in_root}) {
    erasure->To(net[0]);
    EXPECT_TRUE(net[0].replica->HasDraft(id));
    net[0].Load(net.founding);
    EXPECT_TRUE(Shows(net[0]));
    EXPECT_TRUE(net[0].replica->HasDraft(id));
  }
}

// Only its own devices may write an organisation's record: whoever carries out a decision on one
// field of it cannot write the rest anew.
TEST_F(HostileErasure, ByDecisionOfAnotherOrganisationsRecordEndsNobody) {
  const auto fill = [](crdt::Transaction& edit) -> Result<void> {
    for (const auto& [key, value] : std::initializer_list<std::pair<const char*, const char*>>{
             {"purpose", "network_coordination"},
             {"legal_basis", "legitimate_interest"},
             {"retention_class", "L1"},
             {"law_profile", "dsgvo_bdsg"},
             {"natural_person", "no"},
             {"public_body", "no"},
             {"dpo", kWord},
             {"dpo_phone", "0123"}})
      TRY(edit.Set(std::string("/") + key, std::string(value)));
    return {};
  };
  const auto record = net[0].replica->Create(domain::kOrganisation, fill, {});
  ASSERT_TRUE(record.has_value()) << record.error().detail;
  net[0].Write();
  Meet(All());
  const auto erasure = net[1].replica->ErasureOf(*record, "dpo", "unlawful");
  ASSERT_TRUE(erasure.has_value());
  Decide({&net[1], &net[2]},
         About(governance::kContent, net.space.Hex(), log::RenderErasure(*erasure)));
  Govern(net[1], 2);  // carries it out
  Meet(All());
  for (Device* device : All()) {
    EXPECT_EQ(device->replica->ErasuresOf(*record)->size(), 1u);
    const auto dpo = (*device->replica->Open(*record))->document.Get("/dpo");
    ASSERT_TRUE(dpo.has_value());
    const auto* value = std::get_if<crdt::Value>(&dpo->writings.front().slot);
    ASSERT_NE(value, nullptr);
    EXPECT_NE(*value, crdt::Value(std::string(kWord)));
  }
}

}  // namespace
}  // namespace geflecht::replica
