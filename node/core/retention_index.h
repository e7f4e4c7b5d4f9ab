// Which records end when, without opening all of them each day: documents, and entries of which
// something can be erased.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <ranges>
#include <set>
#include <utility>

#include "node/core/former_members.h"
#include "node/core/log_follower.h"
#include "node/core/retention_entries.h"

namespace geflecht::core {

// Not thread-safe. Follows the log: a document is opened again only when something came for it.
class RetentionIndex : private LogReader {
 public:
  // Ascending: the longest overdue first.
  using Place = std::pair<governance::Day, RetentionId>;

  // From now on documents that hold open edits are read again, and entries whose bodies have come;
  // everything, when an organisation has left or come back.
  // Does nothing while a pass is under way.
  Result<void> BeginPass(replica::Replica& replica, governance::Day today);
  // What the periods of entries run from, as it is now, also while a pass is under way.
  Result<void> Refresh(replica::Replica& replica, governance::Day today);
  // Reads on, at most so many entries and so many documents; what an erasure names counts as
  // entries, of the last one all of it. True when it has seen everything, which ends the pass.
  Result<bool> Advance(replica::Replica& replica, std::size_t entries, std::size_t documents);
  // Those kept until a day before `end`, behind `after`.
  std::ranges::subrange<std::set<Place>::const_iterator> Before(
      governance::Day end, const std::optional<Place>& after = std::nullopt) const;
  // Those that nothing ends yet, behind `after`.
  std::ranges::subrange<std::set<RetentionId>::const_iterator> Endless(
      const std::optional<RetentionId>& after) const;
  // As of the beginning of the pass.
  const FormerMembers& former() const { return former_; }
  // As the record is now. Nothing if it has no effect, no class, or is erased.
  Result<std::optional<RetentionRecord>> Read(replica::Replica& replica, const RetentionId& id);
  // Nullptr if there is no such record; until the next Advance.
  const RetentionRecord* Find(const RetentionId& id) const;
  // What Before or Endless has named, as it was when it was read; until the next Advance.
  const RetentionRecord& At(const RetentionId& id) const { return *known_.at(id); }

 private:
  void Keep(const RetentionId& id, std::optional<RetentionRecord> record);
  bool Wants(const codec::StoredEntry& stored) const override;
  Result<void> OnEntry(replica::Replica& replica, const codec::StoredEntry& stored) override;
  void OnErased(const crdt::DocumentId& document) override;
  void OnErased(const log::EntryId& entry) override;

  LogFollower log_;
  bool pass_ = false;
  FormerMembers former_;
  RetentionEntries entries_;
  std::set<RetentionId> changed_;
  std::map<RetentionId, std::optional<RetentionRecord>> known_;
  std::set<Place> ends_;  // of those that are known to end
  std::set<RetentionId> endless_;
};

}  // namespace geflecht::core
