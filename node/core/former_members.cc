#include "node/core/former_members.h"

#include <algorithm>
#include <variant>

#include "node/governance/kinds.h"

namespace geflecht::core {
namespace {

using governance::Day;

void NoteGone(FormerMembers& former, const log::OrgId& org, std::int64_t time_s) {
  const auto found = former.find(org);
  if (found == former.end()) return;
  const Day day = governance::DayOf(time_s);
  found->second = std::max(found->second.value_or(day), day);
}

void NoteRemovals(FormerMembers& former, const replica::Council& council) {
  for (const governance::Decision& decision : council.state().decisions) {
    if (decision.verdict != governance::Verdict::kEffective) continue;
    const governance::Measure* const measure = council.MeasureOf(decision.proposal);
    const auto* const remove =
        measure == nullptr ? nullptr : std::get_if<governance::Remove>(measure);
    if (remove == nullptr) continue;
    std::optional<std::int64_t> first_s;
    for (const log::EntryId& enact : decision.enacts)
      if (const auto* const record = council.Find(enact))
        first_s = std::min(first_s.value_or(record->time_s), record->time_s);
    if (first_s) NoteGone(former, remove->org, *first_s);
  }
}

}  // namespace

FormerMembers FormerMembersOf(const replica::Replica& replica) {
  FormerMembers former;
  const replica::Council& council = replica.council();
  const governance::Member* const self = replica.members().ByDevice(replica.self());
  if (self == nullptr || !self->active) return former;
  for (const governance::Member& member : replica.members().former())
    if (council.state().Member(member.org) == nullptr) former[member.org];
  if (former.empty()) return former;
  for (const log::EntryId& leave : council.OfKind(governance::kOrgLeave))
    if (const auto* const record = council.Find(leave); record && record->org)
      NoteGone(former, *record->org, record->time_s);
  NoteRemovals(former, council);
  return former;
}

}  // namespace geflecht::core
