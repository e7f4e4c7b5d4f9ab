#include "node/governance/views.h"

#include <algorithm>

#include "base/check.h"

namespace geflecht::governance {
namespace {

bool StaysBesideSeals(const Act& act) {
  return std::holds_alternative<AddDevice>(act) || std::holds_alternative<RevokeDevice>(act) ||
         std::holds_alternative<Leave>(act) || std::holds_alternative<ForkEvidence>(act) ||
         std::holds_alternative<Seal>(act) || std::holds_alternative<SealVote>(act) ||
         std::holds_alternative<Charter>(act);
}

}  // namespace

void Views::SetPredecessor(Index seal, Index predecessor) { predecessors_[seal] = predecessor; }

Index Views::LastBefore(Index entry, Index chain) const {
  while (chain != 0 && !graph_.Precedes(chain, entry)) chain = Predecessor(chain);
  return chain;
}

Index Views::LastIn(const Clock& set, Index chain) const {
  while (chain != 0 && !graph_.Covers(set, chain)) chain = Predecessor(chain);
  return chain;
}

bool Views::IsVoid(Index entry, Index chain) const {
  if (StaysBesideSeals(graph_[entry].entry.act)) return false;
  Index next = kNone;
  while (chain != 0 && !graph_.Precedes(chain, entry)) {
    next = chain;
    chain = Predecessor(chain);
  }
  return next != kNone && !graph_.Precedes(entry, next);
}

const Powers& Views::At(Index cut, Index chain) {
  if (powers_.size() <= cut) powers_.resize(graph_.cuts());
  for (const auto& [known, powers] : powers_[cut])
    if (known == chain) return *powers;
  auto powers = std::make_unique<Powers>(Build(graph_.cut(cut).clock, chain, false).powers);
  powers_[cut].emplace_back(chain, std::move(powers));
  return *powers_[cut].back().second;
}

const Powers& Views::Before(Index entry, Index chain) {
  return At(graph_[entry].before, LastBefore(entry, chain));
}

bool Views::IsCertified(Index entry, Index chain) {
  const Node& node = graph_[entry];
  const Powers& powers = Before(entry, chain);
  if (node.device != kNone) return powers.IsEntitled(node.device);
  const Powers::Member* const member = powers.Find(node.org);
  return member != nullptr && member->root == node.root;
}

bool Views::IsClosed(Index proposal, Index chain) {
  for (; chain != 0 && graph_.Precedes(proposal, chain); chain = Predecessor(chain)) {
    const auto& closed = Sealed(chain).candidates;
    const auto at = std::lower_bound(
        closed.begin(), closed.end(), proposal,
        [](const Candidate& candidate, Index key) { return candidate.proposal < key; });
    if (at != closed.end() && at->proposal == proposal) return true;
  }
  return false;
}

const Certificate& Views::CertificateOf(Index enact, Index chain) {
  const std::uint64_t key = std::uint64_t{enact} << 32 | chain;
  const auto at = certificates_.find(key);
  if (at != certificates_.end()) return at->second;
  Certificate certificate = Judge(enact, chain);
  return certificates_.emplace(key, std::move(certificate)).first->second;
}

const Outcome& Views::Sealed(Index chain) {
  const auto at = sealed_.find(chain);
  if (at != sealed_.end()) return *at->second;
  if (chain == 0) return *sealed_.emplace(chain, Found()).first->second;
  const auto clock = graph_.ClockOf(chain);
  auto outcome =
      std::make_unique<Outcome>(Build(Clock(clock.begin(), clock.end()), Predecessor(chain), true));
  return *sealed_.emplace(chain, std::move(outcome)).first->second;
}

std::unique_ptr<Outcome> Views::Found() {
  auto outcome = std::make_unique<Outcome>();
  const auto* const charter = graph_[0].As<Charter>();
  CHECK(charter != nullptr);
  Powers& powers = outcome->powers;
  for (const CardKeys& card : charter->founders) {
    const Index org = graph_.orgs().Find(card.org);
    const Index root = graph_.keys().Find(card.root);
    const Index device = graph_.devices().Find({card.org, card.device});
    powers.members.push_back({org, root, true});
    powers.devices.push_back(device);
    outcome->reactivable.push_back(org);
    outcome->devices.push_back({device, root, {}});
    outcome->roots.push_back({{}, org, root});
  }
  std::sort(powers.members.begin(), powers.members.end(),
            [](const auto& a, const auto& b) { return a.org < b.org; });
  std::sort(powers.devices.begin(), powers.devices.end());
  std::sort(outcome->reactivable.begin(), outcome->reactivable.end());
  outcome->certified = powers.devices;
  const Index every = graph_.matters().Find(Matter(kEveryMatter));
  outcome->rules.push_back({{}, every, &charter->rules.every});
  for (const auto& [matter, rule] : charter->rules.by_matter)
    outcome->rules.push_back({{}, graph_.matters().Find(matter), &rule});
  for (const RuleGrant& rule : outcome->rules) powers.rules.emplace_back(rule.matter, rule.rule);
  return outcome;
}

}  // namespace geflecht::governance
