#include "node/governance/state.h"

#include <algorithm>

namespace geflecht::governance {

const MemberState* State::Member(const OrgId& org) const {
  const auto found = std::lower_bound(
      members.begin(), members.end(), org,
      [](const MemberState& member, const OrgId& wanted) { return member.org < wanted; });
  return found == members.end() || found->org != org ? nullptr : &*found;
}

const Decision* State::DecisionOn(const EntryId& proposal) const {
  const auto found = std::lower_bound(
      decisions.begin(), decisions.end(), proposal,
      [](const Decision& decision, const EntryId& wanted) { return decision.proposal < wanted; });
  return found == decisions.end() || found->proposal != proposal ? nullptr : &*found;
}

bool State::IsEntitled(const OrgDevice& device) const {
  return std::binary_search(devices.begin(), devices.end(), device);
}

bool State::IsVoid(const EntryId& entry) const {
  return std::binary_search(voided.begin(), voided.end(), entry);
}

bool State::HasRole(const OrgId& org, const Role& role) const {
  return std::binary_search(roles.begin(), roles.end(), std::pair(org, role));
}

std::vector<EntryId> State::With(Verdict verdict) const {
  std::vector<EntryId> out;
  for (const Decision& decision : decisions)
    if (decision.verdict == verdict) out.push_back(decision.proposal);
  return out;
}

std::string_view VerdictName(Verdict verdict) {
  switch (verdict) {
    case Verdict::kEffective:
      return "effective";
    case Verdict::kProvisional:
      return "provisional";
    case Verdict::kFailed:
      return "failed";
    case Verdict::kRejected:
      return "rejected";
  }
  return "failed";
}

}  // namespace geflecht::governance
