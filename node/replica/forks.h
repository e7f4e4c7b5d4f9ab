// Which feeds of a space are forked, and when this node says so. Everybody finds a fork sooner or
// later; whoever finds it waits a little, so that one fork.evidence serves all. Pure.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <vector>

#include "base/clock.h"
#include "base/rng.h"
#include "node/log/ids.h"

namespace geflecht::replica {

// Feeds are named by branch 0. Not thread-safe.
class Forks {
 public:
  void Found(const log::FeedKey& feed, bool proven);
  // Evidence is in the log, or cannot be given.
  void Proven(const log::FeedKey& feed);

  // Found and not proven: now is the time to give evidence. Sets the time of those that have none.
  std::vector<log::FeedKey> TakeDue(Time now, Random& random);
  // Monotonic; 0 while TakeDue has to set a time.
  std::optional<std::int64_t> NextDueMs() const;

  const std::map<log::FeedKey, std::optional<std::int64_t>>& unproven() const { return unproven_; }

 private:
  std::map<log::FeedKey, std::optional<std::int64_t>> unproven_;  // with the time, once it is set
};

}  // namespace geflecht::replica
