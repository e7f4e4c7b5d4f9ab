// What is known of documents without opening them.
#include "node/replica/document_index.h"

#include <gtest/gtest.h>

#include "base/check.h"
#include "base/limits.h"
#include "node/domain/document_types.h"
#include "tests/unit/replica/network.h"

namespace geflecht::replica {
namespace {

void SetTitle(Device& device, const crdt::DocumentId& id, const std::string& title) {
  const auto edits = [&](crdt::Transaction& edit) { return edit.Set("/title", title); };
  ASSERT_TRUE(device.replica->Edit(id, edits, {}).has_value());
  ASSERT_TRUE(device.replica->CutAll({}).has_value());
  device.Write();
}

struct Index : testing::Test {
  Index() : net(3), id(net[0].MakeNote("of all")) { Bring(net[0], net[1]); }
  // Both devices set the title at the same time; afterwards both have both changes.
  void Collide() {
    SetTitle(net[0], id, "one");
    SetTitle(net[1], id, "other");
    Bring(net[0], net[1]);
    Bring(net[1], net[0]);
  }
  Network net;
  crdt::DocumentId id;
};

TEST_F(Index, CountsDocumentsByTypeAlsoAfterARestart) {
  net[0].MakeNote("second");
  SetTitle(net[0], id, "changed");
  const DocumentIndex::Counts counts{{"note", 2}};
  EXPECT_EQ(net[0].replica->DocumentCounts(), counts);
  EXPECT_EQ(net[0].replica->ListDocuments()->size(), 2u);
  net[0].Load(net.founding);
  EXPECT_EQ(net[0].replica->DocumentCounts(), counts);
  Bring(net[0], net[2]);
  EXPECT_EQ(net[2].replica->DocumentCounts(), counts);
}

TEST_F(Index, ListsDocumentsOfATypeInTheOrderInWhichTheyCame) {
  const auto make = [&](std::string_view type, const std::string& title) {
    const auto edits = [&](crdt::Transaction& edit) -> Result<void> {
      for (const auto& [key, value] :
           {std::pair("/title", title.c_str()), std::pair("/purpose", "network_coordination"),
            std::pair("/legal_basis", "contract"), std::pair("/retention_class", "L1")})
        TRY(edit.Set(key, std::string(value)));
      return {};
    };
    const auto made = net[0].replica->Create(type, edits, {});
    CHECK(made.has_value());
    net[0].Write();
    return *made;
  };
  const crdt::DocumentId task = make(domain::kTask, "Aufgabe");
  const crdt::DocumentId note = net[0].MakeNote("second");
  const crdt::DocumentId later = make(domain::kTask, "Noch eine");
  const auto ids = [](const Device& device, std::string_view type) {
    std::vector<crdt::DocumentId> found;
    const auto listed = device.replica->ListDocuments(type);
    for (const codec::StoredDocument& info : *listed) {
      EXPECT_EQ(info.type, type);
      found.push_back(info.id);
    }
    return found;
  };
  Bring(net[0], net[2]);
  net[2].Load(net.founding);
  for (const std::size_t i : {0u, 2u}) {
    EXPECT_EQ(ids(net[i], domain::kTask), (std::vector{task, later}));
    EXPECT_EQ(ids(net[i], domain::kNote), (std::vector{id, note}));
    EXPECT_TRUE(ids(net[i], "not").empty());
  }
}

TEST_F(Index, ADocumentThatCameAgainIsCountedOnce) {
  Bring(net[0], net[1]);
  Bring(net[0], net[1]);
  EXPECT_EQ(net[1].replica->DocumentCounts(), (DocumentIndex::Counts{{"note", 1}}));
}

TEST_F(Index, ChangesOneBehindTheOtherAreNoBranches) {
  SetTitle(net[0], id, "one");
  SetTitle(net[0], id, "two");
  Bring(net[0], net[1]);
  SetTitle(net[1], id, "three");
  Bring(net[1], net[0]);
  SetTitle(net[0], id, "four");
  for (Device* device : {&net[0], &net[1]}) EXPECT_TRUE(device->replica->ListBranched()->empty());
  EXPECT_EQ(*net[0].replica->CountConflicts(), 0u);
}

TEST_F(Index, ConflictsAreFoundAfterARestartAndGoneWhenResolved) {
  Collide();
  for (Device* device : {&net[0], &net[1]}) {
    EXPECT_EQ(*device->replica->CountConflicts(), 1u);
    device->Load(net.founding);
    EXPECT_EQ(device->replica->ListBranched()->size(), 1u);
    EXPECT_EQ(*device->replica->CountConflicts(), 1u);
  }
  ASSERT_TRUE(net[0].replica->Resolve(id, "/title", 0, {}).has_value());
  EXPECT_EQ(*net[0].replica->CountConflicts(), 0u) << "as a draft";
  ASSERT_TRUE(net[0].replica->CutAll({}).has_value());
  net[0].Write();
  EXPECT_EQ(*net[0].replica->CountConflicts(), 0u);
  Bring(net[0], net[1]);
  EXPECT_EQ(*net[1].replica->CountConflicts(), 0u) << "the count is not that of before";
}

// Bodies may come in any order.
TEST_F(Index, ABodyThatComesBeforeThatOfItsParentHidesNoConflict) {
  SetTitle(net[0], id, "one");
  SetTitle(net[1], id, "other");
  for (const Device* from : {&net[0], &net[1]}) {
    const auto arrivals = *from->Log().Arrivals(1, 10);
    for (const codec::StoredEntry& stored : arrivals) {
      const std::uint64_t seq = stored.entry.header.seq;
      net[2].replica->Admit(net.space, RunOf(*from, stored.feed(), seq, seq));
    }
  }
  EXPECT_TRUE(net[2].replica->ListBranched()->empty());
  for (const Device* from : {&net[1], &net[0]}) {
    const auto arrivals = *from->Log().Arrivals(1, 10);
    for (auto stored = arrivals.rbegin(); stored != arrivals.rend(); ++stored) {
      const std::uint64_t seq = stored->entry.header.seq;
      net[2].replica->AdmitBodies(net.space, BodiesOf(*from, stored->feed(), seq, seq), {});
    }
  }
  EXPECT_EQ(*net[2].replica->CountConflicts(), 1u);
}

TEST_F(Index, TypesWithoutEndAreCountedAsOne) {
  store::StagedView view(*net[0].store);
  DocumentIndex index(view);
  ASSERT_TRUE(index.Load(net.space).has_value());
  const std::uint64_t types = limits::kCountedTypesMax + 10;
  for (std::uint64_t n = 0; n < types; ++n) {
    codec::StoredEntry stored;
    stored.arrival = 100 + n;
    const crdt::ChangeHead head{{}, "type " + std::to_string(n), 1, {}, 0};
    ASSERT_TRUE(index.Add(net[0].Log(), stored, head, {}).has_value());
  }
  EXPECT_LE(index.counts(net.space).size(), limits::kCountedTypesMax + 1);
  std::uint64_t counted = 0;
  for (const auto& [type, documents] : index.counts(net.space)) counted += documents;
  EXPECT_EQ(counted, types + 1) << "one was there";
  index.Save();
  DocumentIndex again(view);
  ASSERT_TRUE(again.Load(net.space).has_value());
  EXPECT_EQ(again.counts(net.space), index.counts(net.space));
}

}  // namespace
}  // namespace geflecht::replica
