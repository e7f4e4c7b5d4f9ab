#include "node/governance/presence.h"

#include <algorithm>
#include <utility>

namespace geflecht::governance {
namespace {

class Presence {
 public:
  Presence(Views& views, const Graph& graph, const Clock& set, const std::vector<Index>& changes,
           Index chain, Outcome& outcome)
      : views_(views),
        graph_(graph),
        set_(set),
        changes_(changes),
        chain_(chain),
        outcome_(outcome) {}

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
    Removals& removals = outcome_.removals;
    for (const Candidate& candidate : outcome_.candidates) {
      const Subject& subject = SubjectOf(candidate);
      if (Effective<Remove>(candidate) != nullptr)
        removals.members.push_back({{subject.org, 0}, candidate.enacts});
      if (Effective<SetInactive>(candidate) != nullptr)
        removals.activity.push_back({{subject.org, 0}, candidate.enacts});
      const auto* const role = Effective<ChangeRole>(candidate);
      if (role != nullptr && !role->give)
        removals.roles.push_back({{subject.org, subject.role}, candidate.enacts});
      if (Effective<ChangeSpace>(candidate) == nullptr) continue;
      for (const SeatChange& seat : graph_[candidate.proposal].seats)
        if (!seat.give) removals.roles.push_back({{seat.org, seat.role}, candidate.enacts});
    }
    for (const Index change : changes_) {
      const Node& node = graph_[change];
      const bool leaves = node.As<Leave>() != nullptr;
      if (!leaves && node.As<RevokeDevice>() == nullptr) continue;
      if (!views_.IsCertified(change, chain_)) continue;
      if (leaves) removals.leaves.push_back({{node.org, 0}, {change}});
      if (!leaves) removals.devices.push_back({{node.subject.device, 0}, {change}});
    }
  }

  using List = std::vector<Removal> Removals::*;
  // `add` has an enact of every removal of `of` in its past.
  bool Survives(List list, std::pair<Index, Index> of, Index add) const {
    const auto known = [&](const Removals& removals) {
      return std::all_of((removals.*list).begin(), (removals.*list).end(), [&](const Removal& r) {
        return r.of != of || std::any_of(r.enacts.begin(), r.enacts.end(),
                                         [&](Index enact) { return graph_.Precedes(enact, add); });
      });
    };
    if (!known(outcome_.removals)) return false;
    for (Index k = chain_; k != 0 && !graph_.Precedes(k, add); k = views_.Predecessor(k))
      if (!known(views_.Sealed(k).removals)) return false;
    return true;
  }
  // What the chain has fixed knows of nothing that lies beside or after it.
  bool Touches(List list, std::pair<Index, Index> of) const {
    const std::vector<Removal>& all = outcome_.removals.*list;
    return std::any_of(all.begin(), all.end(),
                       [&](const Removal& removal) { return removal.of == of; });
  }
  template <class T>
  static void Insert(std::vector<T>& sorted, const T& value) {
    const auto at = std::lower_bound(sorted.begin(), sorted.end(), value);
    if (at == sorted.end() || *at != value) sorted.insert(at, value);
  }

  void Members() {
    auto& members = outcome_.powers.members;
    auto& left = outcome_.powers.left;
    std::erase_if(members, [&](const auto& member) {
      return Touches(&Removals::members, {member.org, 0}) ||
             Touches(&Removals::leaves, {member.org, 0});
    });
    for (const Removal& leave : outcome_.removals.leaves) Insert(left, leave.of.first);
    for (const Candidate& candidate : outcome_.candidates) {
      if (Effective<Admit>(candidate) == nullptr) continue;
      const Index org = SubjectOf(candidate).org;
      if (!Survives(&Removals::leaves, {org, 0}, candidate.proposal)) continue;
      std::erase(left, org);
      if (outcome_.powers.Find(org) != nullptr ||
          !Survives(&Removals::members, {org, 0}, candidate.proposal))
        continue;
      const auto at =
          std::find_if(members.begin(), members.end(), [&](const auto& m) { return m.org > org; });
      members.insert(at, {org, kNone, true});
    }
  }

  void Activity() {
    auto& active = outcome_.reactivable;
    std::erase_if(active, [&](Index org) { return Touches(&Removals::activity, {org, 0}); });
    for (const Candidate& candidate : outcome_.candidates) {
      if (Effective<Admit>(candidate) == nullptr) continue;
      const Index org = SubjectOf(candidate).org;
      if (Survives(&Removals::activity, {org, 0}, candidate.proposal)) Insert(active, org);
    }
    for (auto& member : outcome_.powers.members)
      member.active = std::binary_search(active.begin(), active.end(), member.org);
  }

  void Roles() {
    auto& roles = outcome_.roles;
    std::erase_if(roles, [&](const auto& role) { return Touches(&Removals::roles, role); });
    const auto give = [&](const std::pair<Index, Index>& of, Index proposal) {
      if (Survives(&Removals::roles, of, proposal)) Insert(roles, of);
    };
    for (const Candidate& candidate : outcome_.candidates) {
      const Subject& subject = SubjectOf(candidate);
      const auto* const role = Effective<ChangeRole>(candidate);
      if (role != nullptr && role->give) give({subject.org, subject.role}, candidate.proposal);
      if (Effective<ChangeSpace>(candidate) == nullptr) continue;
      for (const SeatChange& seat : graph_[candidate.proposal].seats)
        if (seat.give) give({seat.org, seat.role}, candidate.proposal);
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

  void Certify(Index device, Index root, Index add) {
    Insert(outcome_.certified, device);
    if (!Survives(&Removals::devices, {device, 0}, add)) return;
    DeviceGrant grant{device, root, {}};
    for (const Index fork : graph_.ForksOf(device))
      if (graph_.Covers(set_, fork) && !graph_.Precedes(fork, add)) Prove(grant, fork);
    outcome_.devices.push_back(std::move(grant));
  }
  void Prove(DeviceGrant& grant, Index fork) const {
    const Index position = graph_[fork].position;
    if (std::find(grant.forks.begin(), grant.forks.end(), position) == grant.forks.end())
      grant.forks.push_back(position);
  }

  void Devices() {
    std::erase_if(outcome_.devices, [&](const DeviceGrant& grant) {
      return Touches(&Removals::devices, {grant.device, 0});
    });
    for (const Index change : changes_) {
      if (graph_[change].As<ForkEvidence>() == nullptr) continue;
      for (DeviceGrant& grant : outcome_.devices)
        if (grant.device == graph_[change].subject.device) Prove(grant, change);
    }
    for (const Candidate& candidate : outcome_.candidates)
      if (Effective<Admit>(candidate) != nullptr || Effective<Rekey>(candidate) != nullptr)
        Certify(SubjectOf(candidate).device, SubjectOf(candidate).root, candidate.proposal);
    for (const Index change : changes_) {
      const Node& node = graph_[change];
      if (node.As<AddDevice>() == nullptr || node.root == kNone) continue;
      Certify(node.subject.device, node.root, change);
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
  const Clock& set_;
  const std::vector<Index>& changes_;
  const Index chain_;
  Outcome& outcome_;
};

}  // namespace

void Appear(Views& views, const Graph& graph, const Clock& set, const std::vector<Index>& changes,
            Index chain, Outcome& outcome) {
  Presence(views, graph, set, changes, chain, outcome).Run();
}

}  // namespace geflecht::governance
