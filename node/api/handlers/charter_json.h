// The versions of a network's rules, and who knows which.
#pragma once

#include <map>

#include "node/api/context.h"
#include "node/governance/charter_versions.h"

namespace geflecht::api {

struct CharterStand {
  std::vector<governance::CharterVersion> versions;  // the oldest first
  std::map<governance::OrgId, std::uint64_t> known;  // by each member; 0: none
  std::optional<std::int64_t> review_s;              // as last decided
  std::optional<governance::EntryId> points;         // the proposal that set them, or the charter's
  bool IsOverdue(Time now) const { return review_s && *review_s <= now.wall_ms / 1000; }
};
CharterStand CharterOf(const replica::Replica& replica);

// The points in force.
Result<std::vector<std::string>> PointsOf(const replica::Replica& replica,
                                          const CharterStand& stand);

// {version, since, sealed, versions[{version, proposal, title, decision, since, sealed}],
// known_by[{org, organisation, version}], outdated[{org, organisation, version}], own}
Result<boost::json::object> VersionsJson(const replica::Replica& replica,
                                         const CharterStand& stand);

// {version, own, review, review_overdue}: what `status` shows.
boost::json::object CharterSummary(const replica::Replica& replica, Time now);

}  // namespace geflecht::api
