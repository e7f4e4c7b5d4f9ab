// Which organisations' nodes hold what lies in a space that a decision has founded. Computed from
// decisions alone: nobody records who has received what.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <vector>

#include "node/governance/day.h"
#include "node/governance/state.h"
#include "node/log/header.h"
#include "node/replica/council.h"

namespace geflecht::replica {

struct Holder {
  log::OrgId org;
  bool former = false;  // has no seat now; keeps what it has received
  bool operator==(const Holder&) const = default;
};

// Not thread-safe. `council` outlives it and takes in nothing meanwhile.
class Holders {
 public:
  // `now_s`: observers read until a day.
  Holders(const Council& council, std::int64_t now_s);

  // Ascending by organisation; none if no decision has founded the space.
  std::vector<Holder> Of(const log::SpaceId& space) const;
  // Whether a node of `org` may have received the entry before `until_s`: the organisation had a
  // seat by what the entry's writer knew, or was given one later. Seats are given at the time that
  // their certificate claims; the first day after an observer's last one is taken from the entry's
  // claim.
  bool MayHold(const log::OrgId& org, const log::Header& entry, std::int64_t until_s);

 private:
  struct Gift {
    log::OrgId org;
    std::optional<governance::Day> until;  // of an observer
    log::EntryId proposal;
    std::int64_t time_s = 0;
  };
  const governance::State& StateAt(const std::vector<log::EntryId>& basis);

  const Council& council_;
  std::int64_t now_s_;
  std::map<log::SpaceId, std::vector<Gift>> gifts_;
  std::map<std::vector<log::EntryId>, governance::State> states_;
};

}  // namespace geflecht::replica
