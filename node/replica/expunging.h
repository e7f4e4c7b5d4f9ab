// Groups of records whose deleted values still lie in the files of the store: they are gathered for
// a while and rewritten together (docs/formats/erasure.md, On the disk). Recorded in the store, so
// that a node that ends in between goes on with it.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <vector>

#include "base/clock.h"
#include "node/store/group_name.h"
#include "node/store/staged_view.h"

namespace geflecht::replica {

inline constexpr std::int64_t kExpungeAfterMs = 20'000;  // so long erasures are gathered

// Not thread-safe. `view` must outlive it.
class Expunging {
 public:
  explicit Expunging(store::StagedView& view) : view_(view) {}

  // What an earlier process has left is due at once.
  Result<void> Load();
  // The group of `key` lost a value in the open batch.
  void Add(const store::Key& key, Time now);
  // When the next groups are due (mono); nothing while others are under way.
  std::optional<std::int64_t> NextDueMs() const;
  // Whatever there is shall not wait any longer.
  void Hasten();
  // The groups that are due, if any. They are to be expunged when the batch with `ticket` is on the
  // disk, before that is reported.
  std::vector<store::GroupName> TakeDue(std::int64_t now_ms, std::uint64_t ticket);
  // Batches up to `ticket` are on the disk, and what was taken for them is expunged. Says whether
  // that ended a pass.
  bool Persisted(std::uint64_t ticket);
  bool HasAny() const { return !waiting_.empty() || !under_way_.empty(); }

 private:
  store::StagedView& view_;
  std::map<store::GroupName, std::uint64_t> waiting_, under_way_;  // order of the record
  std::uint64_t next_order_ = 0;
  std::optional<std::int64_t> due_ms_;
  std::uint64_t ticket_ = 0;
};

}  // namespace geflecht::replica
