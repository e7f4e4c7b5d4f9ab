// When this node answers the requests of auditors (docs/formats/kinds.md, Audits). Pure.
#pragma once

#include <cstdint>
#include <deque>
#include <map>
#include <optional>
#include <set>
#include <utility>
#include <vector>

#include "base/clock.h"
#include "node/log/ids.h"

namespace geflecht::replica {

// Any entry answers all requests in its past. One is written for a request's sake at most four
// times a day for each organisation that asks, so that nobody makes the others write without end;
// requests beyond that are answered by whatever is written next.
class Answers {
 public:
  static constexpr std::size_t kPerDay = 4;
  static constexpr std::int64_t kPeriodMs = 24LL * 3600 * 1000;

  // What was written in front of the start of the process, for whomever: mono, ascending. Once.
  void Recall(std::deque<std::int64_t> written) { recalled_ = std::move(written); }
  void Asked(const log::EntryId& request, const log::OrgId& by) { open_.emplace(request, by); }
  bool HasOpen() const { return !open_.empty(); }
  // Forgets the requests for which `answered` holds: an own entry has them in its past.
  template <class Answered>
  void Close(const Answered& answered) {
    std::erase_if(open_, [&](const auto& item) { return answered(item.first); });
  }
  // Whether an entry is to be written now; then it counts for those who have asked.
  bool TakeDue(Time now);
  std::optional<std::int64_t> NextDueMs() const;  // mono; nothing is open: nothing

 private:
  std::set<log::OrgId> Asking() const;

  std::map<log::EntryId, log::OrgId> open_;
  std::map<log::OrgId, std::deque<std::int64_t>> written_;  // mono; at most kPerDay each
  std::deque<std::int64_t> recalled_;
};

}  // namespace geflecht::replica
