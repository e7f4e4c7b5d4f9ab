#include "node/replica/holders.h"

#include <algorithm>
#include <variant>

#include "base/check.h"
#include "node/governance/kinds.h"
#include "node/governance/space.h"

namespace geflecht::replica {
namespace {

constexpr std::int64_t kDayS = 24 * 3600;

std::int64_t EndOf(governance::Day until) { return (until + 1) * kDayS; }

}  // namespace

Holders::Holders(const Council& council, std::int64_t now_s) : council_(council), now_s_(now_s) {
  for (const log::EntryId& proposal : council.OfKind(governance::kProposal)) {
    const auto* change = std::get_if<governance::ChangeSpace>(council.MeasureOf(proposal));
    const governance::Decision* decision = council.state().DecisionOn(proposal);
    if (change == nullptr || decision == nullptr ||
        decision->verdict == governance::Verdict::kProvisional)
      continue;
    // Also one that counts no more: nodes served by it while it did.
    std::optional<std::int64_t> time_s;
    for (const log::EntryId& enact : decision->enacts)
      if (const Council::Record* record = council.Find(enact))
        time_s = std::min(time_s.value_or(record->time_s), record->time_s);
    CHECK(time_s.has_value());
    const log::SpaceId space = change->space.value_or(governance::SpaceOf(proposal));
    for (const governance::Seat& seat : change->seats) {
      if (!seat.give || (seat.until && *time_s >= EndOf(*seat.until))) continue;
      gifts_[space].push_back({seat.org, seat.until, proposal, *time_s});
    }
  }
}

std::vector<Holder> Holders::Of(const log::SpaceId& space) const {
  std::map<log::OrgId, Holder> holders;
  const auto gifts = gifts_.find(space);
  if (gifts == gifts_.end()) return {};
  for (const Gift& gift : gifts->second) holders[gift.org] = {gift.org, true};
  if (const governance::SpaceState* known = council_.members().FindSpace(space)) {
    for (const log::OrgId& org : known->members) holders[org] = {org, false};
    for (const governance::Observer& one : known->observers)
      if (now_s_ < EndOf(one.until)) holders[one.org] = {one.org, false};
  }
  std::vector<Holder> list;
  for (const auto& [org, holder] : holders) list.push_back(holder);
  return list;
}

bool Holders::MayHold(const log::OrgId& org, const log::Header& entry, std::int64_t until_s) {
  const auto gifts = gifts_.find(entry.space);
  if (gifts == gifts_.end() || entry.time_s >= until_s) return false;
  return std::any_of(gifts->second.begin(), gifts->second.end(), [&](const Gift& gift) {
    if (gift.org != org || gift.time_s >= until_s) return false;
    if (gift.until && entry.time_s >= EndOf(*gift.until)) return false;
    const governance::State& then = StateAt(entry.basis);
    const governance::Decision* known = then.DecisionOn(gift.proposal);
    // What was given behind the entry's writer's back opens the whole space, this entry too.
    if (known == nullptr || known->verdict != governance::Verdict::kEffective) return true;
    return then.HasRole(org, governance::RoleOf(entry.space, {org, gift.until, true}));
  });
}

const governance::State& Holders::StateAt(const std::vector<log::EntryId>& basis) {
  const auto known = states_.find(basis);
  if (known != states_.end()) return known->second;
  auto state = council_.evaluator().Evaluate(basis);
  CHECK(state.has_value());  // entries of a space are admitted once their basis counts
  return states_.emplace(basis, *std::move(state)).first->second;
}

}  // namespace geflecht::replica
