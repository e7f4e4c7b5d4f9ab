// What evaluate() makes of networks that decide, seal and cheat, at every moment that somebody
// could have seen: kept as digests. That the outcomes are right, the independent model says
// (tests/oracle/governance_compare.py); that they stay, this test.
#include <gtest/gtest.h>

#include <algorithm>
#include <set>
#include <string>

#include "node/crypto/hash.h"
#include "node/governance/ballot.h"
#include "node/governance/charter_versions.h"
#include "node/governance/state_text.h"
#include "tests/golden/golden.h"
#include "tests/property/governance_council.h"
#include "tests/property/governance_world.h"

namespace geflecht::governance {
namespace {

std::string Listed(std::string_view what, const std::vector<EntryId>& ids) {
  std::string out(what);
  for (const EntryId& id : ids) out += " " + id.Hex();
  return out + "\n";
}

struct AlarmText {
  std::string operator()(const DoubleSigner& alarm) const {
    return Listed("double " + alarm.org.Hex(), alarm.seals);
  }
  std::string operator()(const RivalSeals& alarm) const {
    return Listed("rival-seals", alarm.contents);
  }
  std::string operator()(const RivalRules& alarm) const {
    return Listed("rival-rules " + alarm.matter, alarm.proposals);
  }
  std::string operator()(const SuspendedDevice& alarm) const {
    return "suspended " + alarm.device.device.Hex() + "\n";
  }
};

std::string TextOf(const State& state) {
  std::string out = RenderState(state);
  for (const OrgDevice& device : state.deprived)
    out += "deprived " + device.org.Hex() + " " + device.device.Hex() + "\n";
  for (const Decision& decision : state.decisions) {
    out += Listed("certified " + std::to_string(decision.number), decision.enacts);
    if (decision.seal) out += "closed " + decision.seal->Hex() + "\n";
  }
  out += Listed("seals", state.seals) + Listed("void", state.voided) +
         Listed("standing", state.standing) + Listed("quarantined", state.quarantined) +
         Listed("refused", state.refused);
  for (const Alarm& alarm : state.alarms) out += std::visit(AlarmText(), alarm);
  return out;
}

std::string TextOf(const Ballot::Terms& terms) {
  std::string out =
      RenderRule(terms.rule) + " " + std::to_string(terms.n) + " " + std::to_string(terms.need);
  for (const OrgId& org : terms.orgs) out += " " + org.Hex();
  return out + "\n";
}

std::string TextOf(const Ballot& ballot) {
  std::string out = TextOf(ballot.then) + TextOf(ballot.now) + "electors";
  for (const OrgId& org : ballot.electors) out += " " + org.Hex();
  for (const Ballot::Cast& cast : ballot.cast)
    out += "\ncast " + cast.org.Hex() + " " + cast.vote.Hex() + " " +
           std::to_string(static_cast<int>(cast.position));
  for (const OrgId& org : ballot.silent) out += "\nsilent " + org.Hex();
  out += ballot.voided ? "\nvoid" : "";
  out += ballot.holds ? "\nholds" : "";
  out += ballot.provisional ? "\nprovisional" : "";
  return Listed(out + "\nlisted", ballot.listed);
}

std::string BallotsOf(Evaluator& evaluator, const std::vector<Entry>& entries) {
  std::string out;
  for (const Entry& entry : entries) {
    const auto ballot = BallotOn(evaluator, entry.id);
    EXPECT_EQ(ballot.has_value(), std::holds_alternative<Proposal>(entry.act));
    if (ballot) out += TextOf(*ballot);
  }
  const std::vector<Decision> decisions = evaluator.Evaluate().decisions;
  for (const Decision& decision : decisions) {
    out += TextOf(*BallotAt(evaluator, decision));
    for (const Matter& matter : {Matter("content"), Matter("rule"), Matter("body:rat")})
      out += MeetsRuleOf(evaluator, decision.proposal, matter) ? "meets\n" : "does not\n";
  }
  return out;
}

std::string VersionsOf(Evaluator& evaluator) {
  std::string out;
  const auto versions = CharterVersions(evaluator);
  std::vector<std::pair<OrgId, EntryId>> said;
  for (const CharterVersion& version : versions) {
    out += version.about.Hex() + " " + version.since.Hex() + " " +
           (version.seal ? version.seal->Hex() : "-") + " " + std::to_string(version.decision) +
           "\n";
    if (!evaluator.Evaluate().members.empty())
      said.emplace_back(evaluator.Evaluate().members.front().org, version.about);
  }
  for (const auto& [org, version] : KnownVersions(evaluator, versions, said))
    out += org.Hex() + " knows " + std::to_string(version) + "\n";
  return out;
}

// What a vote for each seal would weigh, whether it is sealed where it is known, and who may write.
std::string RightsOf(Evaluator& evaluator, const std::vector<Entry>& entries) {
  std::set<OrgDevice> writers;
  for (const Entry& entry : entries)
    if (!entry.author.root) writers.insert({entry.author.org, entry.author.key});
  const EntryId last = evaluator.graph().IdOf(static_cast<Index>(evaluator.graph().size() - 1));
  std::string out;
  for (const OrgDevice& writer : writers) {
    out += *evaluator.EntitledAt({last}, writer, "") ? "may\n" : "may not\n";
    out += *evaluator.EntitledAt({last}, writer, "x") ? "may\n" : "may not\n";
    for (const Entry& entry : entries) {
      const auto weight = evaluator.WeightOfVote(entry.id, writer.org);
      EXPECT_EQ(weight.has_value(), std::holds_alternative<Seal>(entry.act));
      if (!weight) continue;
      out += "weight " + std::to_string(static_cast<int>(*weight)) +
             (*evaluator.IsSealedAt({last}, entry.id) ? " sealed\n" : "\n");
    }
  }
  return out;
}

// By their own words or by majority, and one at a time with what else can happen.
WorldSetup SetupOf(std::uint64_t seed) {
  WorldSetup setup;
  setup.honest = 2 + seed % 4;
  setup.colluding = 1 + seed / 4 % 3;
  setup.leaves = seed % 5 == 0;
  setup.split = seed % 3 == 2;
  setup.newcomers = seed % 4 != 1;
  const auto k = static_cast<std::uint32_t>((setup.honest + setup.colluding) / 2 + 1);
  constexpr RuleKind kKinds[] = {RuleKind::kMajority,  RuleKind::kUnanimity, RuleKind::kConsent,
                                 RuleKind::kTwoThirds, RuleKind::kQuorum,    RuleKind::kVotesCast};
  const RuleKind kind = kKinds[seed % 6];
  const bool counts =
      kind == RuleKind::kConsent || kind == RuleKind::kQuorum || kind == RuleKind::kVotesCast;
  setup.rules.every = {kind, counts ? k : 0, {}};
  return setup;
}

std::string DigestOf(const std::string& text) {
  return crypto::Sha256(AsBytes(std::string_view(text))).Hex().substr(0, 16);
}

std::string OutcomesOf(std::uint64_t seed) {
  World world(SetupOf(seed), seed);
  world.Run(25);
  std::string out = "seed " + std::to_string(seed) + "\n";
  std::string then;
  for (const World::Snapshot& snapshot : world.snapshots()) then += TextOf(snapshot.state);
  out += "  seen on the way " + DigestOf(then) + "\n";
  Evaluator evaluator;  // in another order, and asked only at the end
  for (const Entry& entry : world.Shuffled()) EXPECT_TRUE(evaluator.Add(entry));
  out += "  at the end      " + DigestOf(TextOf(evaluator.Evaluate())) + "\n";
  out += "  ballots         " + DigestOf(BallotsOf(evaluator, world.entries())) + "\n";
  out += "  rules           " + DigestOf(VersionsOf(evaluator)) + "\n";
  out += "  rights          " + DigestOf(RightsOf(evaluator, world.entries())) + "\n";
  std::string pasts;
  for (const Entry& entry : world.entries())
    if (!std::holds_alternative<Content>(entry.act))
      pasts += TextOf(*evaluator.Evaluate({entry.id}));
  return out + "  each past       " + DigestOf(pasts) + "\n";
}

// Also each past, the weights of votes and the ballots of a network that decides about everything.
std::string CouncilOutcomesOf(std::uint64_t seed) {
  const std::vector<Entry> entries = CouncilEntries(seed);
  std::string out = "council " + std::to_string(seed) + "\n";
  Evaluator evaluator;
  std::string on_the_way, pasts;
  std::size_t count = 0;
  for (const Entry& entry : entries) {
    EXPECT_TRUE(evaluator.Add(entry));
    if (++count % 4 == 0) on_the_way += TextOf(evaluator.Evaluate());
  }
  out += "  seen on the way " + DigestOf(on_the_way) + "\n";
  Evaluator late;
  for (const Entry& entry : entries) EXPECT_TRUE(late.Add(entry));
  const State& end = late.Evaluate();
  out += "  " + std::to_string(end.With(Verdict::kEffective).size()) + " effective of " +
         std::to_string(end.decisions.size()) + ", " + std::to_string(end.seals.size()) +
         " seals, " + std::to_string(end.voided.size()) + " void, " +
         std::to_string(end.alarms.size()) + " alarms\n";
  out += "  at the end      " + DigestOf(TextOf(end)) + "\n";
  out += "  ballots         " + DigestOf(BallotsOf(late, entries)) + "\n";
  out += "  rules           " + DigestOf(VersionsOf(late)) + "\n";
  out += "  rights          " + DigestOf(RightsOf(late, entries)) + "\n";
  for (const Entry& entry : entries) {
    if (std::holds_alternative<Content>(entry.act)) continue;
    pasts += TextOf(*late.Evaluate({entry.id}));
    for (const Index next : late.graph().SuccessorsOf(late.graph().Find(entry.id)))
      pasts += "replaced by " + late.graph().IdOf(next).Hex() + "\n";
  }
  return out + "  each past       " + DigestOf(pasts) + "\n";
}

class Outcomes : public testing::TestWithParam<std::uint64_t> {};

TEST_P(Outcomes, OfANetworkAreTheOnesThatAreKept) {
  constexpr std::uint64_t kTogether = 6;
  std::string text;
  for (std::uint64_t i = 0; i < kTogether; ++i) text += OutcomesOf(GetParam() * kTogether + i);
  ExpectGolden("outcomes/" + std::to_string(GetParam()) + ".txt", text);
}

TEST_P(Outcomes, OfACouncilAreTheOnesThatAreKept) {
  constexpr std::uint64_t kTogether = 6;
  std::string text;
  for (std::uint64_t i = 0; i < kTogether; ++i)
    text += CouncilOutcomesOf(GetParam() * kTogether + i);
  ExpectGolden("outcomes/council-" + std::to_string(GetParam()) + ".txt", text);
}

INSTANTIATE_TEST_SUITE_P(Governance, Outcomes, testing::Range<std::uint64_t>(0, 30));

}  // namespace
}  // namespace geflecht::governance
