// Papers are found without reading the log, also after a restart, and come from peers like any
// other entry.
#include "node/replica/papers.h"

#include <gtest/gtest.h>

#include "node/governance/kinds.h"
#include "tests/unit/replica/network.h"

namespace geflecht::replica {
namespace {

governance::Frozen Sample() {
  return {std::string(governance::kAgreement), "Vereinbarung", "x\n", {"Wir helfen.\n"}, {}, {}};
}

std::vector<log::EntryId> IdsOf(const std::vector<Paper>& papers) {
  std::vector<log::EntryId> ids;
  for (const Paper& paper : papers) ids.push_back(paper.id);
  return ids;
}

TEST(Papers, AreFoundByWhoeverHoldsThemAndAfterARestart) {
  Network net(2);
  net[0].MakeNote("Notiz");
  const auto id = net[0].replica->Freeze(Sample(), net.space, {});
  ASSERT_TRUE(id) << id.error().detail;
  net[0].Write();
  Bring(net[0], net[1]);
  for (Device* device : {&net[0], &net[1]}) {
    for (const bool again : {false, true}) {
      if (again) device->Load(net.founding);
      const Replica& replica = *device->replica;
      ASSERT_EQ(IdsOf(replica.papers(net.space).all()), std::vector<log::EntryId>{*id});
      const Paper& paper = *replica.papers(net.space).Find(*id);
      EXPECT_EQ(paper.kind, governance::kFreeze);
      EXPECT_EQ(replica.OrgOf(paper), net[0].Card().org());
      const auto body = replica.BodyOf(paper);
      ASSERT_TRUE(body && *body);
      EXPECT_EQ(*governance::ReadFrozen(**body, paper.evidence), Sample());
      EXPECT_EQ(replica.papers(net.space).OfKind(governance::kFreeze).size(), 1u);
      EXPECT_TRUE(replica.papers(net.space).OfKind("change").empty());
      EXPECT_TRUE(replica.papers(net.space).About(*id).empty());
    }
  }
}

TEST(Papers, WithoutItsBodyAPaperIsThereAndSaysNothing) {
  Network net(2);
  const auto id = net[0].replica->Freeze(Sample(), net.space, {});
  ASSERT_TRUE(id);
  net[0].Write();
  ASSERT_EQ(net[1].replica->Admit(net.space, RunOf(net[0], net[0].Feed(), 0, 0)).outcome,
            Outcome::kNew);
  net[1].Write();
  const Paper* paper = net[1].replica->papers(net.space).Find(*id);
  ASSERT_NE(paper, nullptr);
  const auto body = net[1].replica->BodyOf(*paper);
  ASSERT_TRUE(body);
  EXPECT_FALSE(*body);
}

}  // namespace
}  // namespace geflecht::replica
