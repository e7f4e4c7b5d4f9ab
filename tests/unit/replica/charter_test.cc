// Versions of the rules, who knows them, and proposals that replace others.
#include <gtest/gtest.h>

#include "base/check.h"
#include "node/governance/ballot.h"
#include "node/governance/charter_versions.h"
#include "node/governance/kinds.h"
#include "tests/unit/replica/network.h"

namespace geflecht::replica {
namespace {

governance::ProposalBody Points(std::string text) {
  governance::ProposalBody proposal{"rule",          "", "", std::nullopt, "Neue Punkte",
                                    std::move(text), ""};
  proposal.terms.points = true;
  return proposal;
}

governance::ProposalBody Money() { return {"money", "", "", std::nullopt, "Kasse", "", ""}; }

struct CharterTest : testing::Test {
  void Meet() {
    for (int round = 0; round < 2; ++round)
      for (const auto& from : net.devices)
        for (const auto& to : net.devices)
          if (from != to) BringAll(*from, *to);
  }
  log::EntryId Propose(Device& device, const governance::ProposalBody& proposal) {
    const auto id = device.replica->Propose(proposal, {});
    CHECK(id.has_value());
    device.Write();
    return *id;
  }
  // The first two say yes.
  log::EntryId Decide(const governance::ProposalBody& proposal) {
    const log::EntryId id = Propose(net[0], proposal);
    Meet();
    for (std::size_t i = 0; i < 2; ++i) {
      CHECK(net[i].replica->Vote(id, {governance::Position::kYes, ""}, {}).has_value());
      net[i].Write();
    }
    Meet();
    CHECK(net[0].replica->Enact(id, {}).has_value());
    net[0].Write();
    Meet();
    return id;
  }
  std::vector<governance::CharterVersion> Versions(const Device& device) {
    return governance::CharterVersions(device.replica->council().evaluator());
  }
  std::uint64_t Known(const Device& device, const Device& of) {
    const Council& council = device.replica->council();
    std::vector<std::pair<governance::OrgId, governance::EntryId>> said;
    for (const log::EntryId& id : council.OfKind(governance::kAcknowledge))
      said.emplace_back(*council.Find(id)->org, *council.Find(id)->about);
    return governance::KnownVersions(council.evaluator(), Versions(device), said)[of.Card().org()];
  }
  Network net{3};
};

TEST_F(CharterTest, EachDecisionOnTheRulesIsAVersionThatItsVotersKnow) {
  EXPECT_EQ(Versions(net[2]).size(), 1u);
  EXPECT_EQ(Known(net[2], net[2]), 1u) << "a founder";
  Decide(Money());
  EXPECT_EQ(Versions(net[2]).size(), 1u) << "no rule";
  const log::EntryId points = Decide(Points("Erstens.\nZweitens.\n"));
  const log::EntryId rule =
      Decide({"rule", "money", "two-thirds", std::nullopt, "Strenger", "", ""});
  for (const auto& device : net.devices) {
    const auto versions = Versions(*device);
    ASSERT_EQ(versions.size(), 3u);
    EXPECT_EQ(versions[0].about, net.founding.charter.id);
    EXPECT_EQ(versions[1].about, points);
    EXPECT_EQ(versions[2].about, rule);
    EXPECT_EQ(versions[2].decision, 0u) << "no seal yet";
    EXPECT_EQ(Known(*device, net[0]), 3u);
    EXPECT_EQ(Known(*device, net[2]), 1u) << "did not vote";
  }
}

TEST_F(CharterTest, AnAcknowledgementCountsForAllNodesAndSaysNothingElse) {
  const log::EntryId points = Decide(Points("Erstens.\n"));
  EXPECT_EQ(net[2].replica->Acknowledge(Decide(Money()), {}).error().code, Code::kNotFound);
  const auto before = net[0].replica->council().state().decisions;
  ASSERT_TRUE(net[2].replica->Acknowledge(points, {}));
  net[2].Write();
  Meet();
  EXPECT_EQ(Known(net[0], net[2]), 2u);
  EXPECT_EQ(net[0].replica->council().state().decisions, before);
  net[0].Load(net.founding);
  EXPECT_EQ(Known(net[0], net[2]), 2u) << "after a restart";
}

TEST_F(CharterTest, TheCharterItselfCanBeAcknowledged) {
  ASSERT_TRUE(net[1].replica->Acknowledge(net.founding.charter.id, {}));
  net[1].Write();
  Meet();
  EXPECT_EQ(net[0].replica->council().OfKind(governance::kAcknowledge).size(), 1u);
}

TEST_F(CharterTest, OnlyAProposalAboutTheSameReplacesAnother) {
  const log::EntryId first = Decide(Money());
  governance::ProposalBody other{"haus", "", "", std::nullopt, "Anderes", "", ""};
  other.terms.supersedes = first;
  EXPECT_EQ(net[0].replica->Propose(other, {}).error().hint, "hint.superseded-other");
  governance::ProposalBody again = Money();
  again.terms.supersedes = first;
  const log::EntryId second = Propose(net[0], again);
  Meet();
  const governance::Graph& graph = net[2].replica->council().evaluator().graph();
  const auto& successors = graph.SuccessorsOf(graph.Find(first));
  ASSERT_EQ(successors.size(), 1u);
  EXPECT_EQ(graph.IdOf(successors[0]), second);
  again.terms.supersedes = log::EntryId();
  EXPECT_EQ(net[0].replica->Propose(again, {}).error().hint, "hint.proposal-id");
}

struct Certified : CharterTest {
  Certified() {
    net = Network(3, {{"*", "majority"}, {"geld", "consent 2"}, {"haus", "unanimity"}});
  }
  bool Meets(Device& device, const log::EntryId& approval, const char* matter) {
    return governance::MeetsRuleOf(device.replica->council().evaluator(), approval, matter);
  }
};

TEST_F(Certified, AnApprovalMeetsTheRuleOfAnotherMatterByTheVotesOfACertificate) {
  const log::EntryId open = Propose(net[0], {"minutes", "", "", std::nullopt, "P", "", ""});
  EXPECT_FALSE(Meets(net[0], open, "strom")) << "not decided";
  const log::EntryId id = Decide({"minutes", "", "", std::nullopt, "Protokoll", "", ""});
  EXPECT_TRUE(Meets(net[2], id, "strom")) << "two of three are enough";
  EXPECT_FALSE(Meets(net[2], id, "haus")) << "unanimity";
  EXPECT_FALSE(Meets(net[2], id, "geld")) << "counts absence, not sealed";
  EXPECT_FALSE(Meets(net[2], id, "body:rat")) << "nobody has a seat";
  ASSERT_TRUE(net[2].replica->Vote(id, {governance::Position::kYes, ""}, {}));
  net[2].Write();
  EXPECT_FALSE(Meets(net[2], id, "haus")) << "no certificate lists the third vote";
  ASSERT_TRUE(net[2].replica->Enact(id, {}));
  net[2].Write();
  Meet();
  for (const auto& device : net.devices) EXPECT_TRUE(Meets(*device, id, "haus"));
}

TEST_F(Certified, WhoHasASeatInTheBodyCertifiesItsDecisions) {
  const std::string org = net[2].Card().org().Hex();
  Decide({"role", org, "+body:rat", std::nullopt, "Sitz", "", ""});
  const log::EntryId id = Decide({"minutes", "", "", std::nullopt, "Protokoll", "", ""});
  EXPECT_FALSE(Meets(net[0], id, "body:rat")) << "the only one with a seat did not vote";
  ASSERT_TRUE(net[2].replica->Vote(id, {governance::Position::kYes, ""}, {}));
  net[2].Write();
  ASSERT_TRUE(net[2].replica->Enact(id, {}));
  net[2].Write();
  Meet();
  EXPECT_TRUE(Meets(net[0], id, "body:rat"));
}

}  // namespace
}  // namespace geflecht::replica
