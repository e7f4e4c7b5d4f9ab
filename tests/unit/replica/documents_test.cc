// Documents as the replica keeps them: ids, void changes, many heads.
#include <gtest/gtest.h>

#include "node/replica/records.h"
#include "tests/unit/replica/forge.h"

namespace geflecht::replica {
namespace {

// As many changes as make a file worth while.
void TypeTwenty(Device& device, const crdt::DocumentId& id) {
  for (int i = 0; i < 20; ++i) {
    ASSERT_TRUE(device.Type(id, 0, "b").has_value());
    ASSERT_TRUE(device.replica->CutAll({}).has_value());
    device.Write();
  }
}

const std::vector<crdt::Edit> kEnvelope = {
    crdt::SetKey{"", "purpose", crdt::Value(std::string("network_coordination"))},
    crdt::SetKey{"", "legal_basis", crdt::Value(std::string("contract"))},
    crdt::SetKey{"", "retention_class", crdt::Value(std::string("L1"))}};

TEST(Documents, FirstChangeWithoutPurposeIsVoid) {
  Network net(2);
  codec::Bodies bodies;
  const codec::Run run =
      Forge(net[0], {{}, "note", 1, {}, 0}, {kEnvelope[1], kEnvelope[2]}, bodies);
  ASSERT_EQ(net[1].replica->Admit(net.space, run).outcome, Outcome::kNew);
  const crdt::DocumentId id = DocumentIdOf(*net[1].Log().Head(net[0].Feed()).head);
  ASSERT_EQ(net[1].replica->AdmitBodies(net.space, bodies, {}).outcome, Outcome::kNew);
  net[1].Write();
  const auto open = net[1].replica->Open(id);
  ASSERT_TRUE(open.has_value());
  EXPECT_EQ((*open)->void_reason, "purpose-missing");
}

TEST(Documents, AChangeOfADocumentThatNobodyBeganIsNoFirstChange) {
  Network net(2);
  const crdt::DocumentId id = net[0].random.Make<crdt::DocumentId>();
  codec::Bodies bodies;
  const codec::Run run = Forge(net[1], {id, std::nullopt, 0, {}, 0}, kEnvelope, bodies);
  ASSERT_EQ(net[0].replica->Admit(net.space, run).outcome, Outcome::kNew);
  net[0].replica->AdmitBodies(net.space, bodies, {});
  net[0].Write();
  EXPECT_FALSE(net[0].replica->Open(id).has_value());
}

TEST(Documents, AChangeWithoutParentsDoesNotBeginADocumentAgain) {
  Network net(2);
  const crdt::DocumentId id = net[0].MakeNote("a");
  Bring(net[0], net[1]);
  codec::Bodies bodies;
  const codec::Run run = Forge(net[1], {id, std::nullopt, 0, {}, 0}, kEnvelope, bodies);
  ASSERT_EQ(net[0].replica->Admit(net.space, run).outcome, Outcome::kNew);
  ASSERT_EQ(net[0].replica->AdmitBodies(net.space, bodies, {}).outcome, Outcome::kNew);
  const auto open = net[0].replica->Open(id);
  ASSERT_TRUE(open.has_value()) << open.error().detail;
  EXPECT_EQ((*open)->voids.size(), 1u);
  EXPECT_EQ(net[0].Text(id), "a");
  // A file of the document says so too.
  TypeTwenty(net[0], id);
  const auto voids = (*net[0].replica->Open(id))->voids;
  for (int opening = 0; opening < 2; ++opening) {
    net[0].Load(net.founding);
    EXPECT_EQ((*net[0].replica->Open(id))->voids, voids);
    ASSERT_TRUE(net[0].replica->StageFiles().has_value());
    net[0].Write();
  }
  EXPECT_TRUE(net[0].store->Get(DocumentFileKey(id))->has_value());
}

// A member may name a parent that never comes: no opening has to perform everything for that.
TEST(Documents, AChangeThatWaitsForEverIsKeptBesideTheFile) {
  Network net(2);
  const crdt::DocumentId id = net[0].MakeNote("a");
  Bring(net[0], net[1]);
  codec::Bodies bodies;
  const codec::Run run =
      Forge(net[1], {id, std::nullopt, 0, {net[0].random.Make<crdt::ChangeId>()}, 0},
            {crdt::SetKey{"", "title", crdt::Value(std::string("never"))}}, bodies);
  ASSERT_EQ(net[0].replica->Admit(net.space, run).outcome, Outcome::kNew);
  ASSERT_EQ(net[0].replica->AdmitBodies(net.space, bodies, {}).outcome, Outcome::kNew);
  TypeTwenty(net[0], id);
  for (int opening = 0; opening < 2; ++opening) {
    net[0].Load(net.founding);
    const auto open = net[0].replica->Open(id);
    EXPECT_EQ((*open)->document.Waiting().size(), 1u);
    EXPECT_EQ(net[0].Text(id), std::string(20, 'b') + "a");
    ASSERT_TRUE(net[0].replica->StageFiles().has_value());
    net[0].Write();
    EXPECT_TRUE(net[0].store->Get(DocumentFileKey(id))->has_value());
  }
}

TEST(Documents, HistoryNamesDevices) {
  Network net(2);
  const crdt::DocumentId id = net[0].MakeNote("a");
  Bring(net[0], net[1]);
  ASSERT_TRUE(net[1].Type(id, 1, "b").has_value());
  ASSERT_TRUE(net[1].replica->CutAll({}).has_value());
  net[1].Write();
  Bring(net[1], net[0]);
  const auto history = net[0].replica->History(id);
  ASSERT_TRUE(history.has_value());
  ASSERT_EQ(history->size(), 2u);
  EXPECT_EQ((*history)[0].device, net[0].key.public_key());
  EXPECT_EQ((*history)[1].device, net[1].key.public_key());
  EXPECT_EQ(net[0].Text(id), "ab");
}

TEST(Documents, MoreTipsThanAnEntryMaySeeAreGatheredFirst) {
  Network net(135);
  for (std::size_t i = 1; i < 135; ++i) {
    net[i].MakeNote("x");
    Bring(net[i], net[0]);
  }
  ASSERT_EQ(net[0].Log().tips().size(), 134u);
  const crdt::DocumentId id = net[0].MakeNote("all seen");
  EXPECT_EQ(net[0].Log().tips().size(), 1u);
  EXPECT_EQ(net[0].Log().Head(net[0].Feed()).next_seq, 2u);
  EXPECT_EQ((*net[0].Log().EntryAt(net[0].Feed(), 0))->entry.header.kind, "gather");
  EXPECT_EQ(id, DocumentIdOf(*net[0].Log().Head(net[0].Feed()).head));
  Bring(net[0], net[1]);
  EXPECT_EQ(net[1].Text(id), "all seen");
}

}  // namespace
}  // namespace geflecht::replica
