// What the rules of decision promise whoever does whatever (docs/formats/state.md, Properties).
#include <gtest/gtest.h>

#include <algorithm>
#include <cstdint>
#include <set>

#include "tests/property/cases.h"
#include "tests/property/governance_world.h"

namespace geflecht::governance {
namespace {

RuleTable Rules(RuleKind kind, std::uint32_t k = 0) { return {{kind, k, {}}, {}}; }

// Half of the networks decide by majority, the others by each of the other rules.
WorldSetup SetupOf(std::uint64_t seed, std::size_t honest, std::size_t colluding) {
  WorldSetup setup;
  setup.honest = honest;
  setup.colluding = colluding;
  const auto k = static_cast<std::uint32_t>((honest + colluding) / 2 + 1);
  switch (seed % 8) {
    case 0:
      setup.rules = Rules(RuleKind::kTwoThirds);
      break;
    case 1:
      setup.rules = Rules(RuleKind::kConsent, k);
      break;
    case 2:
      setup.rules = Rules(RuleKind::kVotesCast, k);
      break;
    case 3:
      setup.rules = Rules(RuleKind::kQuorum, k);
      break;
    default:
      setup.rules = Rules(RuleKind::kMajority);
      break;
  }
  return setup;
}

bool IsPrefix(const std::vector<EntryId>& shorter, const std::vector<EntryId>& longer) {
  return shorter.size() <= longer.size() &&
         std::equal(shorter.begin(), shorter.end(), longer.begin());
}

std::set<OrgId> ActiveAt(World& world, const EntryId& seal) {
  std::set<OrgId> active;
  for (const MemberState& member : world.At({seal}).members)
    if (member.active) active.insert(member.org);
  return active;
}

TEST(Governance, TheSameEntriesGiveTheSameStateInAnyOrder) {
  std::size_t effective = 0, seals = 0, failed = 0, voided = 0, quarantined = 0, alarms = 0;
  for (const std::uint64_t seed : Seeds(300)) {
    WorldSetup setup = SetupOf(seed, 2 + seed % 4, 1 + seed % 3);
    setup.leaves = seed % 5 == 0;
    setup.split = seed % 3 == 2;
    World world(setup, seed);
    world.Run(30);
    const State state = world.Final();
    for (int i = 0; i < 2; ++i) {
      Evaluator other;
      for (const Entry& entry : world.Shuffled()) ASSERT_TRUE(other.Add(entry));
      ASSERT_TRUE(other.Evaluate() == state) << Repeat(seed) << "\n" << world.Story();
    }
    effective += state.With(Verdict::kEffective).size();
    failed += state.With(Verdict::kFailed).size() + state.With(Verdict::kRejected).size();
    seals += state.seals.size();
    voided += state.voided.size();
    quarantined += state.quarantined.size();
    alarms += state.alarms.size();
  }
  // The networks are no empty ones.
  EXPECT_GT(effective, 0u);
  EXPECT_GT(failed, 0u);
  EXPECT_GT(seals, 0u);
  EXPECT_GT(voided, 0u);
  EXPECT_GT(alarms, 0u);
}

TEST(Governance, WhatIsSealedChangesOnlyByNamedMisconduct) {
  std::size_t kept = 0, changed = 0;
  for (const std::uint64_t seed : Seeds(300)) {
    const bool split = seed % 2 == 0;
    // Majority only: nothing is provisional.
    WorldSetup setup = SetupOf(8 * seed + 4, 2 + seed % 4, split ? 3 : 1 + seed % 4);
    setup.split = split;
    setup.newcomers = false;
    World world(setup, seed);
    world.Run(30);
    const State final = world.Final();
    std::set<OrgId> guilty;
    for (const Alarm& alarm : final.alarms)
      if (const auto* const signer = std::get_if<DoubleSigner>(&alarm)) guilty.insert(signer->org);
    for (const World::Snapshot& then : world.snapshots()) {
      if (IsPrefix(then.state.seals, final.seals)) {
        for (const Decision& decision : then.state.decisions) {
          if (!decision.seal) continue;
          ++kept;
          const Decision* const now = final.DecisionOn(decision.proposal);
          ASSERT_TRUE(now != nullptr && *now == decision) << Repeat(seed);
        }
        continue;
      }
      ++changed;
      std::size_t at = 0;
      while (at < final.seals.size() && final.seals[at] == then.state.seals[at]) ++at;
      const std::set<OrgId> members =
          ActiveAt(world, at == 0 ? world.entries()[0].id : then.state.seals[at - 1]);
      const auto named = static_cast<std::size_t>(std::count_if(
          guilty.begin(), guilty.end(), [&](const OrgId& org) { return members.contains(org); }));
      bool reduced = false;
      for (const auto* const chain : {&then.state.seals, &final.seals}) {
        if (at >= chain->size()) continue;
        const std::set<OrgId> left = ActiveAt(world, (*chain)[at]);
        for (const OrgId& org : members) reduced = reduced || !left.contains(org);
      }
      EXPECT_TRUE(3 * named > members.size() || (named > 0 && reduced)) << Repeat(seed);
    }
  }
  EXPECT_GT(kept, 0u);
  EXPECT_GT(changed, 0u);
}

TEST(Governance, NoMinorityDecidesWhoBelongs) {
  std::size_t hostile = 0, effective = 0;
  for (const std::uint64_t seed : Seeds(300)) {
    const std::size_t honest = 2 + seed % 4;
    World world(SetupOf(seed, honest, 1 + (seed / 4) % honest), seed);
    world.Run(30);
    for (const Entry& entry : world.entries()) {
      const auto* const proposal = std::get_if<Proposal>(&entry.act);
      if (proposal == nullptr || world.IsHonest(entry.author.org)) continue;
      ++hostile;
      const Decision* const decision = world.Final().DecisionOn(entry.id);
      EXPECT_TRUE(decision == nullptr)
          << MatterOf(proposal->measure) << " without a vote of anybody else; " << Repeat(seed);
    }
    for (const MemberState& member : world.Final().members)
      EXPECT_TRUE(world.IsFounder(member.org) || member.org.bytes[31] >= 100)
          << "an invented member; " << Repeat(seed);
    for (const OrgId& org : world.honest())
      EXPECT_TRUE(world.Final().Member(org) != nullptr) << Repeat(seed);
    effective += world.Final().With(Verdict::kEffective).size();
  }
  EXPECT_GT(hostile, 0u);
  EXPECT_GT(effective, 0u);
}

TEST(Governance, NobodyDodgesARemoval) {
  std::size_t removed = 0;
  for (const std::uint64_t seed : Seeds(300)) {
    const WorldSetup setup = SetupOf(8 * seed + 4, 2 + seed % 3, 2 + seed % 3);
    World world(setup, seed);
    world.Run(30);
    const State& state = world.Final();
    for (const Decision& decision : state.decisions) {
      const auto& proposal = std::get<Proposal>(world.EntryOf(decision.proposal).act);
      const auto* const remove = std::get_if<Remove>(&proposal.measure);
      if (remove == nullptr) continue;
      ++removed;
      EXPECT_EQ(decision.verdict, Verdict::kEffective) << Repeat(seed);
    }
  }
  EXPECT_GT(removed, 0u);
}

TEST(Governance, AMemberThatNobodyDeprivesLosesNothing) {
  std::size_t stands = 0;
  for (const std::uint64_t seed : Seeds(300)) {
    World world(SetupOf(seed, 2 + seed % 4, 1 + seed % 2), seed);
    world.Run(30);
    const State& state = world.Final();
    for (const Entry& entry : world.entries()) {
      if (!std::holds_alternative<Content>(entry.act)) continue;
      ++stands;
      EXPECT_TRUE(std::binary_search(state.standing.begin(), state.standing.end(), entry.id))
          << Repeat(seed);
    }
  }
  EXPECT_GT(stands, 0u);
}

TEST(Governance, NoSingleOrganisationStopsTheOthersFromSealing) {
  for (const std::uint64_t seed : Seeds(200)) {
    WorldSetup setup = SetupOf(8 * seed + 4, 3 + seed % 4, 1);
    setup.newcomers = false;
    World world(setup, seed);
    world.Run(30);
    const std::size_t before = world.Final().seals.size();
    for (std::size_t turn = 0; turn < 3; ++turn) world.SealTogether(turn);
    EXPECT_GT(world.Final().seals.size(), before) << Repeat(seed) << "\n" << world.Story();
  }
}

}  // namespace
}  // namespace geflecht::governance
