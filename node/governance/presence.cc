#include "node/governance/presence.h"

#include <algorithm>
#include <utility>

namespace geflecht::governance {
namespace {

// What takes something away: the enacts of one decision, or one leave or revocation.
struct Removal {
  std::pair<Index, Index> of;
  std::vector<Index> enacts;
};
using Removals = std::vector<Removal>;

class Presence {
 public:
  Presence(Views& views, const Graph& graph, const std::vector<Index>& changes, Index chain,
           Outcome& outcome)
      : views_(views), graph_(graph), changes_(changes), chain_(chain), outcome_(outcome) {}

  void Run() {
    Collect();
    Members();
    Roles();
    Rules();
    Roots();
    Activity();
    Devices();
    Entitled();
  }

 private:
  const Subject& SubjectOf(const Candidate& candidate) const {
    return graph_[candidate.proposal].subject;
  }
  template <class M>
  const M* Effective(const Candidate& candidate) const {
    if (!candidate.effective) return nullptr;
    return std::get_if<M>(&graph_[candidate.proposal].As<Proposal>()->measure);
  }

  void Collect() {
    for (const Candidate& candidate : outcome_.candidates) {
      const Subject& subject = SubjectOf(candidate);
      if (Effective<Remove>(candidate) != nullptr)
        members_.push_back({{subject.org, 0}, candidate.enacts});
      if (Effective<SetInactive>(candidate) != nullptr)
        inactive_.push_back({{subject.org, 0}, candidate.enacts});
      const auto* const role = Effective<ChangeRole>(candidate);
      if (role != nullptr && !role->give)
        roles_.push_back({{subject.org, subject.role}, candidate.enacts});
    }
    for (const Index change : changes_) {
      const Node& node = graph_[change];
      const bool leaves = node.As<Leave>() != nullptr;
      if (!leaves && node.As<RevokeDevice>() == nullptr) continue;
      if (!views_.IsCertified(change, chain_)) continue;
      if (leaves) members_.push_back({{node.org, 0}, {change}});
      if (!leaves) revoked_.push_back({{node.subject.device, 0}, {change}});
    }
  }

  // An entry of `points` has an enact of every removal of `of` in its past.
  bool Survives(const Removals& removals, std::pair<Index, Index> of,
                const std::vector<Index>& points) const {
    return std::any_of(points.begin(), points.end(), [&](Index point) {
      return std::all_of(removals.begin(), removals.end(), [&](const Removal& removal) {
        return removal.of != of ||
               std::any_of(removal.enacts.begin(), removal.enacts.end(),
                           [&](Index enact) { return graph_.Precedes(enact, point); });
      });
    });
  }
  static bool Touches(const Removals& removals, std::pair<Index, Index> of) {
    return std::any_of(removals.begin(), removals.end(),
                       [&](const Removal& removal) { return removal.of == of; });
  }

  void Members() {
    auto& members = outcome_.powers.members;
    std::erase_if(members, [&](const auto& member) { return Touches(members_, {member.org, 0}); });
    for (const Candidate& candidate : outcome_.candidates) {
      if (Effective<Admit>(candidate) == nullptr) continue;
      const Index org = SubjectOf(candidate).org;
      if (outcome_.powers.Find(org) != nullptr || !Survives(members_, {org, 0}, candidate.enacts))
        continue;
      const auto at =
          std::find_if(members.begin(), members.end(), [&](const auto& m) { return m.org > org; });
      members.insert(at, {org, kNone, true});
    }
  }

  void Activity() {
    auto& active = outcome_.reactivable;
    std::erase_if(active, [&](Index org) { return Touches(inactive_, {org, 0}); });
    for (const Candidate& candidate : outcome_.candidates) {
      if (Effective<Admit>(candidate) == nullptr) continue;
      const Index org = SubjectOf(candidate).org;
      const auto at = std::lower_bound(active.begin(), active.end(), org);
      if ((at == active.end() || *at != org) && Survives(inactive_, {org, 0}, candidate.enacts))
        active.insert(at, org);
    }
    for (auto& member : outcome_.powers.members)
      member.active = std::binary_search(active.begin(), active.end(), member.org);
  }

  void Roles() {
    auto& roles = outcome_.roles;
    std::erase_if(roles, [&](const auto& role) { return Touches(roles_, role); });
    for (const Candidate& candidate : outcome_.candidates) {
      const auto* const role = Effective<ChangeRole>(candidate);
      if (role == nullptr || !role->give) continue;
      const std::pair of(SubjectOf(candidate).org, SubjectOf(candidate).role);
      const auto at = std::lower_bound(roles.begin(), roles.end(), of);
      if ((at == roles.end() || *at != of) && Survives(roles_, of, candidate.enacts))
        roles.insert(at, of);
    }
    outcome_.powers.roles.clear();
    for (const auto& role : roles)
      if (outcome_.powers.Find(role.first) != nullptr) outcome_.powers.roles.push_back(role);
  }

  // The proposal of `later` knows a certificate of `earlier`.
  bool Supersedes(const Grant& later, const Grant& earlier) const {
    if (later.proposal == kNone || later.proposal == earlier.proposal) return false;
    if (earlier.proposal == kNone) return true;
    return std::any_of(earlier.enacts.begin(), earlier.enacts.end(),
                       [&](Index enact) { return graph_.Precedes(enact, later.proposal); });
  }
  template <class G, class Same>
  void DropSuperseded(std::vector<G>& grants, const Same& same) const {
    std::vector<G> kept;
    for (const G& grant : grants)
      if (std::none_of(grants.begin(), grants.end(), [&](const G& other) {
            return same(grant, other) && Supersedes(other.grant, grant.grant);
          }))
        kept.push_back(grant);
    grants = std::move(kept);
  }
  bool LowerId(const Grant& a, const Grant& b) const {
    if (a.proposal == kNone || b.proposal == kNone) return b.proposal != kNone;
    return graph_.LowerId(a.proposal, b.proposal);
  }

  void Rules() {
    auto& rules = outcome_.rules;
    bool changed = false;
    for (const Candidate& candidate : outcome_.candidates) {
      const auto* const rule = Effective<ChangeRule>(candidate);
      if (rule == nullptr) continue;
      rules.push_back(
          {{candidate.proposal, candidate.enacts}, SubjectOf(candidate).sets, &rule->rule});
      changed = true;
    }
    if (!changed) return;
    DropSuperseded(rules,
                   [](const RuleGrant& a, const RuleGrant& b) { return a.matter == b.matter; });
    std::sort(rules.begin(), rules.end(), [&](const RuleGrant& a, const RuleGrant& b) {
      if (a.matter != b.matter) return a.matter < b.matter;
      const auto order = CompareStrictness(*a.rule, *b.rule);
      return order != 0 ? order < 0 : LowerId(a.grant, b.grant);
    });
    auto& in_force = outcome_.powers.rules;
    in_force.clear();
    for (const RuleGrant& rule : rules)
      if (in_force.empty() || in_force.back().first != rule.matter)
        in_force.emplace_back(rule.matter, rule.rule);
  }

  void Roots() {
    auto& roots = outcome_.roots;
    bool changed = false;
    for (const Candidate& candidate : outcome_.candidates) {
      if (Effective<Admit>(candidate) == nullptr && Effective<Rekey>(candidate) == nullptr)
        continue;
      const Subject& subject = SubjectOf(candidate);
      roots.push_back({{candidate.proposal, candidate.enacts}, subject.org, subject.root});
      changed = true;
    }
    if (changed) {
      DropSuperseded(roots, [](const RootGrant& a, const RootGrant& b) { return a.org == b.org; });
      std::sort(roots.begin(), roots.end(), [&](const RootGrant& a, const RootGrant& b) {
        return a.org != b.org ? a.org < b.org : LowerId(a.grant, b.grant);
      });
    }
    for (auto& member : outcome_.powers.members)
      member.root = std::find_if(roots.begin(), roots.end(), [&](const RootGrant& root) {
                      return root.org == member.org;
                    })->root;
  }

  void Certify(Index device, Index root, const std::vector<Index>& points) {
    auto& certified = outcome_.certified;
    const auto at = std::lower_bound(certified.begin(), certified.end(), device);
    if (at == certified.end() || *at != device) certified.insert(at, device);
    if (!Survives(revoked_, {device, 0}, points)) return;
    DeviceGrant grant{device, root, {}};
    for (const Index fork : graph_.ForksOf(device))
      if (std::binary_search(forks_.begin(), forks_.end(), fork) &&
          std::none_of(points.begin(), points.end(),
                       [&](Index point) { return graph_.Precedes(fork, point); }))
        Prove(grant, fork);
    outcome_.devices.push_back(std::move(grant));
  }
  void Prove(DeviceGrant& grant, Index fork) const {
    const Index position = graph_[fork].position;
    if (std::find(grant.forks.begin(), grant.forks.end(), position) == grant.forks.end())
      grant.forks.push_back(position);
  }

  void Devices() {
    for (const Index change : changes_)
      if (graph_[change].As<ForkEvidence>() != nullptr) forks_.push_back(change);
    std::erase_if(outcome_.devices, [&](const DeviceGrant& grant) {
      return Touches(revoked_, {grant.device, 0});
    });
    for (const Index fork : forks_)
      for (DeviceGrant& grant : outcome_.devices)
        if (grant.device == graph_[fork].subject.device) Prove(grant, fork);
    for (const Candidate& candidate : outcome_.candidates)
      if (Effective<Admit>(candidate) != nullptr || Effective<Rekey>(candidate) != nullptr)
        Certify(SubjectOf(candidate).device, SubjectOf(candidate).root, candidate.enacts);
    for (const Index change : changes_) {
      const Node& node = graph_[change];
      if (node.As<AddDevice>() == nullptr || node.root == kNone || views_.IsVoid(change, chain_))
        continue;
      Certify(node.subject.device, node.root, {change});
    }
  }

  void Entitled() {
    auto& devices = outcome_.powers.devices;
    devices.clear();
    outcome_.suspended.clear();
    for (const DeviceGrant& grant : outcome_.devices) {
      const Powers::Member* const member = outcome_.powers.Find(OrgOf(grant.device));
      if (member == nullptr || member->root != grant.root) continue;
      (grant.forks.size() < 2 ? devices : outcome_.suspended).push_back(grant.device);
    }
    for (auto* const list : {&devices, &outcome_.suspended}) {
      std::sort(list->begin(), list->end());
      list->erase(std::unique(list->begin(), list->end()), list->end());
    }
  }
  Index OrgOf(Index device) const { return graph_.orgs().Find(graph_.devices()[device].org); }

  Views& views_;
  const Graph& graph_;
  const std::vector<Index>& changes_;
  const Index chain_;
  Outcome& outcome_;
  Removals members_, inactive_, roles_, revoked_;
  std::vector<Index> forks_;
};

}  // namespace

void Appear(Views& views, const Graph& graph, const std::vector<Index>& changes, Index chain,
            Outcome& outcome) {
  Presence(views, graph, changes, chain, outcome).Run();
}

}  // namespace geflecht::governance
