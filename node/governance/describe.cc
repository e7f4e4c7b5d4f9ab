// The state as everybody reads it: ids instead of numbers, in order.
#include <algorithm>
#include <set>
#include <utility>

#include "node/governance/evaluate.h"
#include "node/governance/space.h"

namespace geflecht::governance {
namespace {

template <class T>
void Sort(std::vector<T>& list) {
  std::sort(list.begin(), list.end());
}

std::vector<EntryId> Ids(const Graph& graph, const std::vector<Index>& entries) {
  std::vector<EntryId> ids;
  for (const Index entry : entries) ids.push_back(graph.IdOf(entry));
  return ids;
}

void DescribePowers(const Graph& graph, const Outcome& outcome, State& state) {
  const Powers& powers = outcome.powers;
  for (const Powers::Member& member : powers.members)
    state.members.push_back({graph.orgs()[member.org], graph.keys()[member.root], member.active});
  std::sort(state.members.begin(), state.members.end(),
            [](const MemberState& a, const MemberState& b) { return a.org < b.org; });
  for (const auto& [org, role] : powers.roles)
    state.roles.emplace_back(graph.orgs()[org], graph.roles()[role]);
  for (const Index device : powers.devices) state.devices.push_back(graph.devices()[device]);
  for (const Index device : outcome.certified)
    if (!powers.IsEntitled(device)) state.deprived.push_back(graph.devices()[device]);
  Sort(state.roles);
  Sort(state.devices);
  Sort(state.deprived);
  for (const auto& [matter, rule] : powers.rules) {
    const Matter& name = graph.matters()[matter];
    (name == kEveryMatter ? state.rules.every : state.rules.by_matter[name]) = *rule;
  }
}

// Spaces follow from decisions and roles: the state text needs no line about them.
void DescribeSpaces(const Graph& graph, State& state) {
  for (const Decision& decision : state.decisions) {
    if (decision.verdict != Verdict::kEffective) continue;
    const auto* const proposal = graph[graph.Find(decision.proposal)].As<Proposal>();
    const auto* const change = std::get_if<ChangeSpace>(&proposal->measure);
    if (change == nullptr || change->space) continue;
    state.spaces.push_back(
        {SpaceOf(decision.proposal), decision.proposal, change->kind, change->name, {}, {}});
  }
  std::sort(state.spaces.begin(), state.spaces.end(),
            [](const SpaceState& a, const SpaceState& b) { return a.id < b.id; });
  for (const auto& [org, role] : state.roles) {
    const auto seat = ParseSpaceRole(role);
    if (!seat) continue;
    const auto at = std::lower_bound(
        state.spaces.begin(), state.spaces.end(), seat->space,
        [](const SpaceState& space, const log::SpaceId& id) { return space.id < id; });
    if (at == state.spaces.end() || at->id != seat->space) continue;
    if (seat->until) {
      at->observers.push_back({org, *seat->until});
    } else {
      at->members.push_back(org);
    }
  }
}

}  // namespace

State Evaluator::Describe(const Clock& set, const std::vector<Index>& heads) {
  State state;
  if (graph_.size() == 0) return state;
  const Index chain = seals_.ChainOf(set, heads);
  const Outcome outcome = views_.Build(set, chain, false);
  DescribePowers(graph_, outcome, state);
  DescribeDecisions(outcome, chain, state);
  DescribeSpaces(graph_, state);
  if (set == all_) {
    FollowVoid(chain);
    state.voided = void_;
  } else {
    for (Index entry = 0; entry < graph_.size(); ++entry)
      if (graph_.Covers(set, entry) && views_.IsVoid(entry, chain))
        state.voided.push_back(graph_.IdOf(entry));
    Sort(state.voided);
  }
  DescribeContent(outcome, state);
  DescribeAlarms(outcome, set, state);
  return state;
}

void Evaluator::FollowVoid(Index chain) {
  std::vector<Index> steps;
  Index known = chain;
  for (; known != void_chain_ && known != 0; known = views_.Predecessor(known))
    steps.push_back(known);
  if (known != void_chain_) {  // a rival has taken over
    void_.clear();
    void_upto_ = 0;
  } else {
    for (const Index step : steps)
      for (const Index entry : graph_.Beyond(all_, step))
        if (entry < void_upto_ && views_.IsVoid(entry, step)) void_.push_back(graph_.IdOf(entry));
  }
  for (; void_upto_ < graph_.size(); ++void_upto_)
    if (views_.IsVoid(void_upto_, chain)) void_.push_back(graph_.IdOf(void_upto_));
  void_chain_ = chain;
  Sort(void_);
  void_.erase(std::unique(void_.begin(), void_.end()), void_.end());
}

namespace {

Decision DescribeDecision(const Graph& graph, const Candidate& candidate,
                          std::optional<Index> seal) {
  Decision decision;
  decision.proposal = graph.IdOf(candidate.proposal);
  decision.verdict = candidate.effective     ? Verdict::kEffective
                     : seal                  ? Verdict::kRejected
                     : candidate.provisional ? Verdict::kProvisional
                                             : Verdict::kFailed;
  decision.enacts = Ids(graph, candidate.enacts);
  Sort(decision.enacts);
  if (seal) decision.seal = graph.IdOf(*seal);
  decision.number = candidate.number;
  return decision;
}

void SortDecisions(std::vector<Decision>& decisions) {
  std::sort(decisions.begin(), decisions.end(),
            [](const Decision& a, const Decision& b) { return a.proposal < b.proposal; });
}

}  // namespace

void Evaluator::FollowDecisions(Index chain) {
  Index known = chain;
  while (known != decisions_chain_ && known != 0) known = views_.Predecessor(known);
  if (known != decisions_chain_) decisions_.clear();
  if (chain == decisions_chain_) return;
  for (Index at = chain; at != known; at = views_.Predecessor(at))
    for (const Candidate& candidate : views_.Sealed(at).candidates)
      decisions_.push_back(DescribeDecision(graph_, candidate, at));
  SortDecisions(decisions_);
  decisions_chain_ = chain;
}

void Evaluator::DescribeDecisions(const Outcome& outcome, Index chain, State& state) {
  FollowDecisions(chain);
  state.decisions = decisions_;
  for (const Candidate& candidate : outcome.candidates)
    state.decisions.push_back(DescribeDecision(graph_, candidate, std::nullopt));
  SortDecisions(state.decisions);
  for (; chain != 0; chain = views_.Predecessor(chain)) state.seals.push_back(graph_.IdOf(chain));
  std::reverse(state.seals.begin(), state.seals.end());
}

void Evaluator::DescribeAlarms(const Outcome& outcome, const Clock& set, State& state) const {
  std::vector<DoubleSigner> signers;
  for (const auto& [org, seals] : seals_.DoubleSigners(set)) {
    signers.push_back({graph_.orgs()[org], Ids(graph_, seals)});
    Sort(signers.back().seals);
  }
  std::sort(signers.begin(), signers.end(),
            [](const DoubleSigner& a, const DoubleSigner& b) { return a.org < b.org; });
  state.alarms.insert(state.alarms.end(), signers.begin(), signers.end());
  for (const Seals::Rivals& rivals : seals_.RivalsIn(set))
    state.alarms.push_back(RivalSeals{Ids(graph_, rivals.contents)});
  std::map<Matter, std::vector<EntryId>> rules;
  for (const RuleGrant& rule : outcome.rules)
    if (rule.grant.proposal != kNone)
      rules[graph_.matters()[rule.matter]].push_back(graph_.IdOf(rule.grant.proposal));
  for (auto& [matter, proposals] : rules)
    if (proposals.size() > 1) state.alarms.push_back(RivalRules{matter, std::move(proposals)});
  std::vector<OrgDevice> suspended;
  for (const Index device : outcome.suspended)
    if (!outcome.powers.IsEntitled(device)) suspended.push_back(graph_.devices()[device]);
  Sort(suspended);
  for (const OrgDevice& device : suspended) state.alarms.push_back(SuspendedDevice{device});
}

void Evaluator::DescribeContent(const Outcome& outcome, State& state) {
  std::vector<bool> refused(contents_.size()), stands(contents_.size());
  for (std::size_t i = 0; i < contents_.size(); ++i) {
    const ContentNode& node = contents_[i];
    refused[i] = !IsEntitled(PowersAt(node.basis), node.org, node.device, node.space);
    stands[i] = !refused[i] && IsEntitled(outcome.powers, node.org, node.device, node.space);
  }
  std::vector<bool> known = stands;
  for (std::size_t i = contents_.size(); i-- > 0;)
    if (known[i])
      for (const std::size_t parent : contents_[i].parents) known[parent] = true;
  for (std::size_t i = 0; i < contents_.size(); ++i)
    (refused[i] ? state.refused
     : known[i] ? state.standing
                : state.quarantined)
        .push_back(contents_[i].id);
  Sort(state.standing);
  Sort(state.quarantined);
  Sort(state.refused);
}

}  // namespace geflecht::governance
