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
  for (const std::uint64_t seed : Seeds(400)) {
    const bool split = seed % 2 == 0;
    // Majority only: nothing is provisional.
    WorldSetup setup =
        SetupOf(8 * seed + 4, split ? 4 : 3 + seed % 3, split ? 3 : 1 + seed % 4 / 2);
    setup.split = split;
    setup.newcomers = false;
    World world(setup, seed);
    world.Run(30);
    const State final = world.Final();
    std::set<OrgId> guilty;
    for (const Alarm& alarm : final.alarms)
      if (const auto* const signer = std::get_if<DoubleSigner>(&alarm)) guilty.insert(signer->org);
    // Enough of the members at the last common seal are named for contents that exclude each other.
    const auto explained = [&](const std::vector<EntryId>& chain, std::size_t at,
                               const std::vector<EntryId>& contents) {
      const std::set<OrgId> members =
          ActiveAt(world, at == 0 ? world.entries()[0].id : chain[at - 1]);
      const auto named = static_cast<std::size_t>(std::count_if(
          guilty.begin(), guilty.end(), [&](const OrgId& org) { return members.contains(org); }));
      bool reduced = false;
      for (const EntryId& content : contents) {
        const std::set<OrgId> left = ActiveAt(world, content);
        for (const OrgId& org : members) reduced = reduced || !left.contains(org);
      }
      return 3 * named > members.size() || (named > 0 && reduced);
    };
    for (const Alarm& alarm : final.alarms) {
      const auto* const rivals = std::get_if<RivalSeals>(&alarm);
      if (rivals == nullptr) continue;
      const auto at = std::find(final.seals.begin(), final.seals.end(), rivals->contents[0]);
      EXPECT_TRUE(explained(final.seals, static_cast<std::size_t>(at - final.seals.begin()),
                            rivals->contents))
          << Repeat(seed);
    }
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
      std::vector<EntryId> contents{then.state.seals[at]};
      if (at < final.seals.size()) contents.push_back(final.seals[at]);
      EXPECT_TRUE(explained(then.state.seals, at, contents)) << Repeat(seed);
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

// A single organisation that breaks the rules, with all its keys and as many invented ones: nobody
// has a seat whom no honest organisation has proposed, in its own spaces neither.
TEST(Governance, NoSingleKeyReadsOrOpensAClosedSpace) {
  std::size_t spaces = 0, alone = 0, opened = 0;
  for (const std::uint64_t seed : Seeds(400)) {
    WorldSetup setup = SetupOf(seed, 2 + seed % 4, 1);
    setup.spaces = true;
    setup.leaves = seed % 3 == 0;
    setup.split = seed % 7 == 3;
    World world(setup, seed);
    world.Run(40);
    opened += world.OpenWhereAlone();
    const auto check = [&](const State& state) {
      for (const SpaceState& space : state.spaces) {
        if (!world.IsHonest(world.EntryOf(space.founded_by).author.org)) continue;
        ++spaces;
        if (space.members.size() == 1 && !world.IsHonest(space.members[0])) ++alone;
        for (const OrgId& org : space.members)
          ASSERT_TRUE(world.IsOffered(space.id, org)) << Repeat(seed) << "\n" << world.Story();
        for (const Observer& observer : space.observers)
          ASSERT_TRUE(world.IsOffered(space.id, observer.org)) << Repeat(seed);
      }
      // Nor does it get a key among the devices of somebody who has a seat.
      for (const OrgDevice& device : state.devices)
        ASSERT_TRUE(!world.IsHonest(device.org) || device.device == world.KeyOf(device.org))
            << Repeat(seed);
    };
    for (const World::Snapshot& then : world.snapshots()) check(then.state);
    check(world.Final());
    if (testing::Test::HasFatalFailure()) return;
  }
  EXPECT_GT(spaces, 0u);
  EXPECT_GT(alone, 0u);
  EXPECT_GT(opened, 0u);
}

}  // namespace
}  // namespace geflecht::governance
