// More concurrent changes of one record than a change can name: what a member that means harm
// reaches, and what is left to the others.
#include <vector>

#include "base/limits.h"
#include "node/domain/document_types.h"
#include "tests/unit/replica/deciding.h"
#include "tests/unit/replica/forge.h"

namespace geflecht::replica {
namespace {

constexpr std::size_t kChangeIds = limits::kFieldBytesMax / crdt::ChangeId::kSize;

// Each stands on the record's first change alone. `to`: who gets them, the writer first.
void WriteBeside(const std::vector<Device*>& to, const crdt::DocumentId& id, std::size_t changes) {
  Device& device = *to[0];
  const crdt::ChangeHead head{
      id, std::nullopt, 0, {{(*device.Log().EntryOf(id))->entry.id.bytes}}, 0, {}};
  for (std::size_t i = 0; i < changes; ++i) {
    codec::Bodies bodies;
    const codec::Run run =
        Forge(device, head, {crdt::SetKey{"", "title", crdt::Value(std::string("x"))}}, bodies);
    for (Device* one : to) {
      const log::SpaceId space = one->Log().space();
      ASSERT_EQ(one->replica->Admit(space, run).outcome, Outcome::kNew);
      ASSERT_EQ(one->replica->AdmitBodies(space, bodies, {}).outcome, Outcome::kNew);
      if (i % 256 == 0 || i + 1 == changes) one->Write();
    }
  }
}

TEST(CrowdedDocument, IsReadAndErasedAndEditedNoMore) {
  Network net(3);
  const crdt::DocumentId id = net[0].MakeNote("Seekuhwanderung");
  for (std::size_t to : {1u, 2u}) Bring(net[0], net[to]);
  WriteBeside({&net[1], &net[0], &net[2]}, id, kChangeIds);
  for (Device* device : {&net[0], &net[2]}) {
    const auto typed = device->Type(id, 0, "Danach ");
    ASSERT_FALSE(typed.has_value());
    EXPECT_EQ(typed.error().code, Code::kTooLarge);
    EXPECT_EQ(typed.error().hint, "hint.document-crowded");
    EXPECT_EQ(device->Text(id), "Seekuhwanderung");
    EXPECT_FALSE(device->replica->HasDraft(id));
    const crdt::DocumentId other = device->MakeNote("Neu");
    EXPECT_TRUE(device->Type(other, 0, "Danach ").has_value());
  }
  // Whose record it is can take it away, everywhere.
  ASSERT_TRUE(net[0].replica->EraseDocument(id, std::nullopt, "unlawful", {}).has_value());
  net[0].Write();
  const log::FeedKey feed = net[0].Feed();
  const std::uint64_t last = net[0].Log().Head(feed).next_seq - 1;
  net[2].replica->Admit(net.space, RunOf(net[0], feed, 1, last));
  net[2].replica->AdmitBodies(net.space, BodiesOf(net[0], feed, 1, last), {});
  EXPECT_TRUE(*net[2].replica->IsErased(id));
}

// Whose record it is erases one field again and again: each later change of the field names all of
// these erasures, and goes on to be edited by everybody.
TEST(CrowdedDocument, EachErasureOfAFieldIsNamedByItsLaterChanges) {
  constexpr std::size_t kErasures = 200;
  Network net(2);
  const crdt::DocumentId id = net[0].MakeNote("Seekuh");
  for (std::size_t i = 0; i < kErasures; ++i) {
    ASSERT_TRUE(net[0].replica->EraseDocument(id, "body", "request", {}).has_value()) << i;
    ASSERT_TRUE(net[0].Type(id, 0, "Seekuh ").has_value());
    ASSERT_TRUE(net[0].replica->CutAll({}).has_value());
    net[0].Write();
  }
  Bring(net[0], net[1]);
  ASSERT_TRUE(net[1].Type(id, 0, "Danach ").has_value());
  ASSERT_TRUE(net[1].replica->CutAll({}).has_value());
  net[1].Write();
  const auto changes = *net[1].replica->History(id);
  const auto last = *net[1].Log().EntryOf(changes.back().id);
  const log::Body body = **net[1].Log().BodyOf(*last);
  const Bytes* const structure = log::FindField(body, "structure");
  ASSERT_NE(structure, nullptr);
  EXPECT_EQ(crdt::DecodeChangeHead(*structure)->erasures.size(), kErasures);
  EXPECT_EQ(net[1].Text(id).substr(0, 14), "Danach Seekuh ");
}

}  // namespace
}  // namespace geflecht::replica
