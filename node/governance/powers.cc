#include "node/governance/powers.h"

#include <algorithm>

#include "base/check.h"

namespace geflecht::governance {

const Powers::Member* Powers::Find(Index org) const {
  const auto at =
      std::lower_bound(members.begin(), members.end(), org,
                       [](const Member& member, Index key) { return member.org < key; });
  return at == members.end() || at->org != org ? nullptr : &*at;
}

bool Powers::IsActive(Index org) const {
  const Member* const member = Find(org);
  return member != nullptr && member->active;
}

bool Powers::HasLeft(Index org) const { return std::binary_search(left.begin(), left.end(), org); }

bool Powers::IsEntitled(Index device) const {
  return std::binary_search(devices.begin(), devices.end(), device);
}

bool Powers::HasRole(Index org, Index role) const {
  return std::binary_search(roles.begin(), roles.end(), std::pair(org, role));
}

const Rule& Powers::RuleFor(Index matter, Index every) const {
  const auto find = [&](Index key) {
    return std::find_if(rules.begin(), rules.end(),
                        [&](const auto& rule) { return rule.first == key; });
  };
  auto at = find(matter);
  if (at == rules.end()) at = find(every);
  CHECK(at != rules.end());
  return *at->second;
}

Electorate ElectorateOf(const Powers& powers, const Subject& subject, std::string_view matter) {
  constexpr std::size_t kFewestOfCircle = 2;  // else one key would open it
  const bool circle = subject.circle != kNone;
  const bool seats = circle || matter.starts_with(kBodyPrefix);
  const Index role = circle ? subject.circle : subject.role;
  Electorate electorate;
  for (const Powers::Member& member : powers.members) {
    if (!member.active) continue;
    if (seats && !powers.HasRole(member.org, role)) continue;
    ++electorate.n;
    if (ExcludesSubject(matter) && member.org == subject.org) continue;
    electorate.orgs.push_back(member.org);
  }
  if (circle && electorate.n < kFewestOfCircle) electorate.orgs.clear();
  return electorate;
}

}  // namespace geflecht::governance
