// More concurrent changes of one record than a change can name, as a member that means harm writes
// them: they are joined before the next edit.
#include <algorithm>
#include <vector>

#include "base/limits.h"
#include "crdt/document_file.h"
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
        Forge(device, head, {crdt::SetKey{"", "title", crdt::Value(std::to_string(i))}}, bodies);
    for (Device* one : to) {
      const log::SpaceId space = one->Log().space();
      ASSERT_EQ(one->replica->Admit(space, run).outcome, Outcome::kNew);
      ASSERT_EQ(one->replica->AdmitBodies(space, bodies, {}).outcome, Outcome::kNew);
      if (i % 256 == 0 || i + 1 == changes) one->Write();
    }
  }
}

// The changes of `id` that `device` holds, and how many ids the one that names most of them names.
std::size_t MostNamed(Device& device, const crdt::DocumentId& id) {
  std::size_t most = 0;
  const auto history = *device.replica->History(id);
  for (const ChangeInfo& change : history) {
    const log::Body body = **device.Log().BodyOf(**device.Log().EntryOf(change.id));
    const Bytes* const structure = log::FindField(body, "structure");
    CHECK(structure != nullptr);
    most = std::max(most, crdt::DecodeChangeHead(*structure)->parents.size());
  }
  return most;
}

TEST(CrowdedDocument, IsReadEditedAndErased) {
  Network net(3);
  const crdt::DocumentId id = net[0].MakeNote("Seekuhwanderung");
  for (std::size_t to : {1u, 2u}) Bring(net[0], net[to]);
  WriteBeside({&net[1], &net[0], &net[2]}, id, kChangeIds + 100);
  // Two join them at the same time.
  for (Device* device : {&net[0], &net[2]}) {
    EXPECT_EQ(device->Text(id), "Seekuhwanderung");
    ASSERT_TRUE(device->Type(id, 0, "Danach ").has_value());
    EXPECT_LE((*device->replica->Open(id))->document.heads().size(), limits::kHeadsUnjoinedMax);
    ASSERT_TRUE(device->replica->CutAll({}).has_value());
    device->Write();
    EXPECT_LE(MostNamed(*device, id), limits::kHeadsJoinedMax);
  }
  const auto bring = [](const Device& from, Device& to) {
    const log::FeedKey feed = from.Feed();
    const std::uint64_t last = from.Log().Head(feed).next_seq - 1;
    const log::SpaceId space = from.Log().space();
    const Admitted run = to.replica->Admit(space, RunOf(from, feed, 0, last));
    EXPECT_EQ(run.outcome, Outcome::kNew) << run.reason;
    const Admitted bodies = to.replica->AdmitBodies(space, BodiesOf(from, feed, 0, last), {});
    EXPECT_EQ(bodies.outcome, Outcome::kNew) << bodies.reason;
  };
  bring(net[0], net[2]);
  bring(net[2], net[0]);
  for (Device* device : {&net[0], &net[2]}) {
    EXPECT_EQ(device->Text(id), "Danach Danach Seekuhwanderung");
    const auto contests = (*device->replica->Open(id))->document.Contests();
    for (const crdt::Conflict& one : contests)
      EXPECT_EQ(one.path.find("joined"), std::string::npos);
  }
  EXPECT_EQ(crdt::CanonicalState((*net[0].replica->Open(id))->document),
            crdt::CanonicalState((*net[2].replica->Open(id))->document));
  // Whose record it is can take it away, everywhere.
  ASSERT_TRUE(net[0].replica->EraseDocument(id, std::nullopt, "unlawful", {}).has_value());
  net[0].Write();
  bring(net[0], net[2]);
  EXPECT_TRUE(*net[2].replica->IsErased(id));
}

// A conflict of as many values is settled, and a key that is set is not removed by joining.
TEST(CrowdedDocument, IsSettledAndKeepsItsKeys) {
  Network net(2);
  const crdt::DocumentId id = net[0].MakeNote("Seekuhwanderung");
  const auto set = [](crdt::Transaction& edit) { return edit.Set("/joined", "2026"); };
  ASSERT_TRUE(net[0].replica->Edit(id, set, {}).has_value());
  ASSERT_TRUE(net[0].replica->CutAll({}).has_value());
  net[0].Write();
  Bring(net[0], net[1]);
  WriteBeside({&net[1], &net[0]}, id, limits::kHeadsUnjoinedMax + 1);
  const auto resolved = net[0].replica->Resolve(id, "/title", 0, {});
  ASSERT_TRUE(resolved.has_value()) << resolved.error().detail;
  ASSERT_TRUE(net[0].replica->CutAll({}).has_value());
  const crdt::Document& settled = (*net[0].replica->Open(id))->document;
  EXPECT_TRUE(settled.Contests().empty());
  EXPECT_TRUE(settled.Get("/joined").has_value());
  EXPECT_EQ(settled.heads().size(), 1u);
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
