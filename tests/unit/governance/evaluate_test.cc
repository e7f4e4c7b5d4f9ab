#include "node/governance/evaluate.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <string>
#include <vector>

#include "node/governance/ballot.h"
#include "node/governance/charter_versions.h"

namespace geflecht::governance {
namespace {

template <class Id>
Id Named(std::string_view name) {
  Id id;
  std::copy(name.begin(), name.end(), id.bytes.begin());
  return id;
}
OrgId Org(std::string_view name) { return Named<OrgId>(name); }
crypto::PublicKey Key(std::string_view name) { return Named<crypto::PublicKey>(name); }
CardKeys Card(std::string_view org) { return {Org(org), Key(org), Key(org)}; }

// Entries by hand; an organisation's only device and root key are named like it.
class Graphs : public testing::Test {
 protected:
  EntryId Found(const std::vector<std::string>& founders, RuleTable rules = {}) {
    Charter charter{{}, std::move(rules)};
    for (const std::string& founder : founders) charter.founders.push_back(Card(founder));
    return Put("nobody", {}, charter);
  }
  EntryId Put(std::string_view by, std::vector<EntryId> parents, Act act, bool root = false) {
    const EntryId id = Named<EntryId>(std::to_string(10000 + ++count_));
    EXPECT_TRUE(graph_.Add({id, std::move(parents), {Org(by), Key(by), root}, std::move(act)}));
    return id;
  }
  std::vector<EntryId> Votes(const EntryId& proposal, const std::vector<std::string>& who,
                             Position position = Position::kYes) {
    std::vector<EntryId> votes;
    for (const std::string& org : who)
      votes.push_back(Put(org, {proposal}, Vote{proposal, position}));
    return votes;
  }
  struct Decided {
    EntryId proposal;
    std::vector<EntryId> votes;
    EntryId enact;
  };
  Decided Decide(const std::vector<EntryId>& past, Measure measure,
                 const std::vector<std::string>& who) {
    Decided decided;
    decided.proposal = Put(who.front(), past, Proposal{std::move(measure)});
    decided.votes = Votes(decided.proposal, who);
    decided.enact = Put(who.front(), decided.votes, Enact{decided.proposal, decided.votes});
    return decided;
  }
  // Both rounds; the last votes.
  std::vector<EntryId> SignTwice(const EntryId& seal, const std::vector<std::string>& who) {
    std::vector<EntryId> round{seal};
    for (int i = 0; i < 2; ++i) {
      std::vector<EntryId> next;
      for (const std::string& org : who) next.push_back(Put(org, round, SealVote{seal}));
      round = next;
    }
    return round;
  }
  Verdict VerdictOn(const EntryId& proposal) {
    const Decision* const decision = graph_.Evaluate().DecisionOn(proposal);
    EXPECT_TRUE(decision != nullptr);
    return decision == nullptr ? Verdict::kFailed : decision->verdict;
  }
  bool IsMember(std::string_view org) { return graph_.Evaluate().Member(Org(org)) != nullptr; }

  Evaluator graph_;

 private:
  int count_ = 0;
};

TEST_F(Graphs, AnEntryWithoutItsPastIsRefused) {
  Evaluator empty;
  const EntryId id = Named<EntryId>("x");
  EXPECT_EQ(empty.Add({id, {}, {}, Seal{}}).error().code, Code::kConflict);
  const EntryId charter = Found({"A", "B", "C"});
  EXPECT_EQ(graph_.Add({id, {Named<EntryId>("y")}, {}, Seal{}}).error().code, Code::kNotFound);
  EXPECT_EQ(graph_.Add({id, {}, {}, Seal{}}).error().code, Code::kMalformed);
  EXPECT_EQ(graph_.Add({charter, {charter}, {}, Seal{}}).error().code, Code::kConflict);
  EXPECT_EQ(graph_.Add({id, {}, {}, Charter{}}).error().code, Code::kConflict);
  EXPECT_FALSE(graph_.Has(id));
  EXPECT_EQ(graph_.Evaluate().members.size(), 3u);
}

TEST_F(Graphs, ContentNeedsABasisAndAPastThatAreThere) {
  const EntryId charter = Found({"A", "B", "C"});
  const Author author{Org("A"), Key("A"), false};
  const EntryId id = Named<EntryId>("c"), strange = Named<EntryId>("y");
  EXPECT_EQ(graph_.Add({id, {}, author, Content{{}, ""}}).error().code, Code::kMalformed);
  EXPECT_EQ(graph_.Add({id, {}, author, Content{{strange}, ""}}).error().code, Code::kNotFound);
  EXPECT_EQ(graph_.Add({id, {strange}, author, Content{{charter}, ""}}).error().code,
            Code::kNotFound);
  EXPECT_FALSE(graph_.Has(id));
  EXPECT_TRUE(graph_.Add({id, {}, author, Content{{charter}, ""}}));
  EXPECT_TRUE(graph_.Has(id));
  EXPECT_EQ(graph_.Add({id, {}, author, Content{{charter}, ""}}).error().code, Code::kConflict);
  EXPECT_EQ(graph_.Evaluate().standing, std::vector<EntryId>{id});
}

TEST_F(Graphs, QuestionsAboutEntriesThatAreNotThereAreAnswered) {
  const EntryId charter = Found({"A", "B", "C"});
  const EntryId strange = Named<EntryId>("y");
  EXPECT_EQ(graph_.Evaluate({strange}).error().code, Code::kNotFound);
  EXPECT_EQ(graph_.Evaluate(std::vector<EntryId>()).error().code, Code::kNotFound);
  EXPECT_EQ(graph_.PowersAt({strange}).error().code, Code::kNotFound);
  EXPECT_EQ(graph_.PowersAt(std::vector<EntryId>()).error().code, Code::kNotFound);
  EXPECT_EQ(graph_.EntitledAt({strange}, {Org("A"), Key("A")}, "").error().code, Code::kNotFound);
  EXPECT_EQ(graph_.IsSealedAt({charter}, strange).error().code, Code::kNotFound);
  EXPECT_EQ(graph_.IsSealedAt({strange}, charter).error().code, Code::kNotFound);
  EXPECT_EQ(graph_.IsSealedAt({}, charter).error().code, Code::kNotFound);
  EXPECT_TRUE(*graph_.IsSealedAt({charter}, charter)) << "everything begins with it";
  EXPECT_EQ(graph_.WeightOfVote(strange, Org("A")).error().code, Code::kNotFound);
  EXPECT_EQ(graph_.WeightOfVote(charter, Org("A")).error().code, Code::kNotFound);
  EXPECT_FALSE(*graph_.EntitledAt({charter}, {Org("A"), Key("B")}, ""));
  EXPECT_FALSE(*graph_.EntitledAt({charter}, {Org("X"), Key("A")}, ""));
}

TEST(GraphOfEntries, RefusesWhatHasNoPlaceInIt) {
  Graph graph;
  const auto code = [&](const EntryId& id, std::vector<EntryId> parents, Act act) {
    const auto added = graph.Add({id, std::move(parents), {Org("A"), Key("A"), false}, act});
    return added ? std::nullopt : std::optional(added.error().code);
  };
  const EntryId charter = Named<EntryId>("1"), second = Named<EntryId>("2");
  EXPECT_EQ(code(second, {}, Seal{}), Code::kConflict) << "not the first";
  EXPECT_EQ(code(charter, {second}, Charter{}), Code::kMalformed);
  EXPECT_EQ(code(charter, {}, Charter{}), std::nullopt);
  EXPECT_EQ(code(charter, {charter}, Seal{}), Code::kConflict) << "twice";
  EXPECT_EQ(code(second, {}, Charter{}), Code::kConflict) << "a second charter";
  EXPECT_EQ(code(second, {}, Seal{}), Code::kMalformed);
  EXPECT_EQ(code(second, {Named<EntryId>("3")}, Seal{}), Code::kNotFound);
  EXPECT_EQ(code(second, {charter}, Seal{}), std::nullopt);
  EXPECT_EQ(graph.size(), 2u);
  EXPECT_TRUE(graph.Precedes(0, 1));
  EXPECT_FALSE(graph.Precedes(1, 0));
  EXPECT_EQ(graph[1].past_size, 1u);
  EXPECT_EQ(graph[1].depth, 1u);
  EXPECT_EQ(graph[1].rank, 1u);
}

TEST_F(Graphs, ADecisionTakesEffectWithItsCertificate) {
  const EntryId charter = Found({"A", "B", "C"});
  const Decided x = Decide({charter}, Admit{Card("X")}, {"A", "B"});
  EXPECT_EQ(VerdictOn(x.proposal), Verdict::kEffective);
  EXPECT_TRUE(IsMember("X"));
  const auto before = graph_.Evaluate({x.votes});
  ASSERT_TRUE(before);
  EXPECT_EQ(before->Member(Org("X")), nullptr) << "not in the past of the certificate";
  EXPECT_TRUE(*graph_.EntitledAt({x.enact}, {Org("X"), Key("X")}, ""));
  EXPECT_FALSE(*graph_.EntitledAt({charter}, {Org("X"), Key("X")}, ""));
  EXPECT_FALSE(*graph_.EntitledAt({x.enact}, {Org("X"), Key("X")}, "closed"));
}

TEST_F(Graphs, AnOldAdmissionPostedAgainBringsNobodyBack) {
  const EntryId charter = Found({"A", "B", "C", "D"});
  const Decided in = Decide({charter}, Admit{Card("X")}, {"A", "B", "C"});
  const Decided out = Decide({in.enact}, Remove{Org("X")}, {"A", "B", "C"});
  ASSERT_FALSE(IsMember("X"));
  Put("D", {out.enact}, Enact{in.proposal, in.votes});
  EXPECT_FALSE(IsMember("X"));
  Decide({out.enact}, Admit{Card("X")}, {"A", "B", "C"});
  EXPECT_TRUE(IsMember("X"));
}

TEST_F(Graphs, AStashedProposalNeedsTheVotesOfTheNetworkThatEnactsIt) {
  EntryId last = Found({"A", "B", "C"});
  const EntryId stashed = Put("A", {last}, Proposal{Admit{Card("X")}});
  const std::vector<EntryId> votes = Votes(stashed, {"A", "B"});
  std::vector<std::string> members{"A", "B", "C"};
  for (const char* const org : {"D", "E", "F", "G"}) {
    last = Decide({last}, Admit{Card(org)}, members).enact;
    members.push_back(org);
  }
  std::vector<EntryId> past = votes;
  past.push_back(last);
  Put("A", past, Enact{stashed, votes});
  EXPECT_EQ(graph_.Evaluate().DecisionOn(stashed), nullptr) << "two of seven";
  Put("A", votes, Enact{stashed, votes});
  EXPECT_TRUE(IsMember("X")) << "where it was made two of three were enough";
}

TEST_F(Graphs, HoweverManyDevicesAnOrganisationHasEachIsRevokedAndItIsRemoved) {
  EntryId last = Found({"A", "B", "C"});
  constexpr int kDevices = 10'000;
  for (int i = 0; i < kDevices; ++i)
    last = Put("A", {last}, AddDevice{Key("a" + std::to_string(i))}, true);
  EXPECT_EQ(graph_.Evaluate().devices.size(), kDevices + 3u);
  for (const int i : {0, kDevices - 1})
    last = Put("A", {last}, RevokeDevice{Key("a" + std::to_string(i))}, true);
  EXPECT_EQ(graph_.Evaluate().devices.size(), kDevices + 1u);
  Decide({last}, Remove{Org("A")}, {"B", "C"});
  EXPECT_FALSE(IsMember("A"));
  EXPECT_EQ(graph_.Evaluate().devices.size(), 2u);
}

TEST_F(Graphs, WhoSaysToKnowWhatIsNoVersionOfTheRulesKnowsTheFirst) {
  const EntryId charter = Found({"A", "B"});
  const std::vector<CharterVersion> versions = {{charter, charter, std::nullopt, 0}};
  const auto known = KnownVersions(graph_, versions, {{Org("A"), Named<EntryId>("none")}});
  EXPECT_EQ(known, (std::map<OrgId, std::uint64_t>{{Org("A"), 1}, {Org("B"), 1}}));
}

TEST_F(Graphs, OnABallotAreThoseWhoMayVote) {
  const EntryId charter = Found({"A", "B", "C"});
  const EntryId proposal = Put("A", {charter}, Proposal{Resolve{"money"}});
  std::vector<EntryId> votes = Votes(proposal, {"A", "B", "X"});
  const EntryId enact = Put("A", votes, Enact{proposal, votes});
  Decision decision;
  decision.proposal = proposal;
  decision.enacts = {enact};
  const auto ballot = BallotAt(graph_, decision);
  ASSERT_TRUE(ballot);
  EXPECT_EQ(ballot->cast.size(), 2u);
}

TEST_F(Graphs, NoBallotIsToldOfADecisionWithoutACertificate) {
  const Decided decided = Decide({Found({"A", "B", "C"})}, Resolve{"money"}, {"A", "B"});
  Decision decision = *graph_.Evaluate().DecisionOn(decided.proposal);
  EXPECT_TRUE(BallotAt(graph_, decision));
  decision.enacts.clear();
  const auto ballot = BallotAt(graph_, decision);
  ASSERT_FALSE(ballot);
  EXPECT_EQ(ballot.error().code, Code::kNotFound);
}

TEST_F(Graphs, ATieIsSettledByIdsNotByArrival) {
  for (const bool swapped : {false, true}) {
    Evaluator graph;
    const auto put = [&](std::string_view id, std::string_view by, std::vector<EntryId> parents,
                         Act act) {
      EXPECT_TRUE(graph.Add(
          {Named<EntryId>(id), std::move(parents), {Org(by), Key(by), false}, std::move(act)}));
      return Named<EntryId>(id);
    };
    Charter charter;
    for (const char* const org : {"A", "B", "C"}) charter.founders.push_back(Card(org));
    const EntryId founding = put("0", "nobody", {}, charter);
    for (const std::string id : {swapped ? "2" : "1", swapped ? "1" : "2"}) {
      const Measure rekey = Rekey{{Org("C"), Key("K" + id), Key("K" + id)}};
      const EntryId proposal = put(id, "A", {founding}, Proposal{rekey});
      const EntryId a = put(id + "a", "A", {proposal}, Vote{proposal, Position::kYes});
      const EntryId b = put(id + "b", "B", {proposal}, Vote{proposal, Position::kYes});
      put(id + "e", "A", {a, b}, Enact{proposal, {a, b}});
    }
    ASSERT_NE(graph.Evaluate().Member(Org("C")), nullptr);
    EXPECT_EQ(graph.Evaluate().Member(Org("C"))->root, Key("K1"));
  }
}

TEST_F(Graphs, APendingReadmissionTakesNoVoteFromAFounder) {
  RuleTable rules;
  rules.by_matter[Matter(kAdmit)] = {RuleKind::kVotesCast, 3, {}};
  const EntryId charter = Found({"A", "B", "C", "D"}, rules);
  const Decided pending = Decide({charter}, Admit{Card("D")}, {"A", "B", "C"});
  EXPECT_EQ(VerdictOn(pending.proposal), Verdict::kProvisional);
  const Decided other = Decide({pending.enact}, Resolve{"content"}, {"A", "B", "D"});
  EXPECT_EQ(VerdictOn(other.proposal), Verdict::kEffective);
}

TEST_F(Graphs, AVoteOfWhoWasAdmittedInVainIsLost) {
  const EntryId charter = Found({"A", "B", "C", "D", "E"});
  const Decided in = Decide({charter}, Admit{Card("X")}, {"A", "B", "C"});
  // X counts where its admission is known: four of six.
  const Decided later = Decide({in.enact}, Resolve{"content"}, {"X", "B", "C", "D"});
  EXPECT_EQ(VerdictOn(later.proposal), Verdict::kEffective);
  Decide({charter}, Remove{Org("A")}, {"B", "D", "E"});
  EXPECT_EQ(VerdictOn(in.proposal), Verdict::kFailed);
  EXPECT_FALSE(IsMember("X"));
  EXPECT_EQ(VerdictOn(later.proposal), Verdict::kFailed);
}

TEST_F(Graphs, WhatLiesBesideASealIsVoid) {
  const EntryId charter = Found({"A", "B", "C", "D", "E"});
  const Decided out = Decide({charter}, Remove{Org("A")}, {"B", "C", "D"});
  const EntryId seal = Put("B", {out.enact}, Seal{});
  SignTwice(seal, {"B", "C", "D"});
  const Decided late = Decide({charter}, Admit{Card("M")}, {"C", "D", "E"});
  const State& state = graph_.Evaluate();
  EXPECT_EQ(state.seals, std::vector<EntryId>{seal});
  EXPECT_EQ(state.DecisionOn(late.proposal), nullptr);
  EXPECT_EQ(state.voided.size(), 5u);
  const Decision& sealed = *state.DecisionOn(out.proposal);
  EXPECT_EQ(sealed.seal, seal);
  EXPECT_EQ(sealed.number, 1u);
}

TEST_F(Graphs, OneRoundOfVotesSealsNothing) {
  const EntryId charter = Found({"A", "B", "C"});
  const EntryId seal = Put("A", {charter}, Seal{});
  for (const char* const org : {"A", "B", "C"}) Put(org, {seal}, SealVote{seal});
  EXPECT_TRUE(graph_.Evaluate().seals.empty());
}

// A later seal may have an earlier one in its past and still know nothing of the votes for it.
TEST_F(Graphs, WhoSignsALaterSealThatDoesNotKnowItsVoteIsNamed) {
  const EntryId charter = Found({"A", "B", "C", "D"});
  const EntryId first = Put("A", {charter}, Seal{});
  const EntryId second = Put("B", {first}, Seal{});
  const EntryId vote = Put("C", {first}, SealVote{first});
  Put("C", {vote, second}, SealVote{second});
  const auto& alarms = graph_.Evaluate().alarms;
  ASSERT_EQ(alarms.size(), 1u);
  EXPECT_EQ(std::get<DoubleSigner>(alarms[0]).org, Org("C"));
}

TEST_F(Graphs, ABodyWithoutSeatsDecidesNothing) {
  RuleTable rules;
  rules.every = {RuleKind::kTwoThirds, 0, {}};
  const EntryId charter = Found({"A", "B", "C"}, rules);
  const EntryId proposal = Put("A", {charter}, Proposal{Resolve{"body:x"}});
  Put("A", {proposal}, Enact{proposal, {}});
  EXPECT_EQ(graph_.Evaluate().DecisionOn(proposal), nullptr);
}

TEST_F(Graphs, KeysOfAFounderThatIsGoneAreWorthNothing) {
  const EntryId charter = Found({"A", "B", "C", "D"});
  const Decided out = Decide({charter}, Remove{Org("A")}, {"B", "C", "D"});
  Put("A", {out.enact}, AddDevice{Key("A2")}, true);
  Put("A", {charter}, AddDevice{Key("A3")}, true);
  const EntryId proposal = Put("B", {out.enact}, Proposal{Resolve{"content"}});
  std::vector<EntryId> votes = Votes(proposal, {"A", "B"});
  Put("B", votes, Enact{proposal, votes});
  const State& state = graph_.Evaluate();
  for (const char* const key : {"A", "A2", "A3"})
    EXPECT_FALSE(state.IsEntitled({Org("A"), Key(key)})) << key;
  EXPECT_EQ(state.DecisionOn(proposal), nullptr);
}

TEST_F(Graphs, DepthCostsNoStack) {
  EntryId last = Found({"A", "B", "C"});
  for (int i = 0; i < 1500; ++i) {
    const EntryId device = Put("A", {last}, AddDevice{Key("a" + std::to_string(i))}, true);
    last = Put("A", {device}, RevokeDevice{Key("a" + std::to_string(i))});
  }
  const EntryId seal = Put("B", {last}, Seal{});
  SignTwice(seal, {"A", "B", "C"});
  EXPECT_EQ(graph_.Evaluate().seals.size(), 1u);
  EXPECT_EQ(graph_.Evaluate().devices.size(), 3u);
}

// Two of three are enough, and each certificate lists two good votes.
TEST_F(Graphs, ACertificateCountsOnlyWithVotesOnItsProposalThatItKnows) {
  const Rule half{RuleKind::kMajority, 0, {}};
  const EntryId charter = Found({"A", "B", "C"}, {half, {}});
  const EntryId other = Put("B", {charter}, Proposal{Resolve{"haus"}});
  const EntryId on_other = Put("B", {other}, Vote{other, Position::kYes});
  const EntryId on_nothing = Put("B", {charter}, Vote{charter, Position::kYes});
  const EntryId remark = Put("B", {charter}, Other{});
  enum class Which { kGood, kUnseen, kOther, kNothing, kRemark, kMissing };
  for (const Which which : {Which::kGood, Which::kUnseen, Which::kOther, Which::kNothing,
                            Which::kRemark, Which::kMissing}) {
    const EntryId proposal = Put("A", {charter}, Proposal{Resolve{"geld"}});
    const EntryId mine = Put("A", {proposal}, Vote{proposal, Position::kYes});
    const EntryId yes = Put("B", {proposal}, Vote{proposal, Position::kYes});
    const EntryId missing = Named<EntryId>("missing");
    const EntryId listed = which == Which::kOther     ? on_other
                           : which == Which::kNothing ? on_nothing
                           : which == Which::kRemark  ? remark
                           : which == Which::kMissing ? missing
                                                      : yes;
    std::vector<EntryId> past{mine};
    if (which != Which::kUnseen) past.push_back(yes);
    if (listed != yes && listed != missing) past.push_back(listed);
    Put("A", past, Enact{proposal, {mine, yes, listed}});
    const Decision* const decision = graph_.Evaluate().DecisionOn(proposal);
    EXPECT_EQ(decision != nullptr, which == Which::kGood) << static_cast<int>(which);
  }
}

}  // namespace
}  // namespace geflecht::governance
