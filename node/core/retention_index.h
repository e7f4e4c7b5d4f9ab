// What retention asks of documents: what of a record its period follows from, and which records
// end when, without opening all of them each day.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <ranges>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "node/core/former_members.h"
#include "node/governance/retention.h"
#include "node/replica/replica.h"

namespace geflecht::core {

struct RetentionRecord {
  codec::StoredDocument info;
  const governance::RetentionClass* rule = nullptr;  // never null
  governance::Day until = 0;
  std::optional<log::OrgId> org;  // of its first change
  bool former = false;  // that is a member no more: the own organisation may erase it
  bool restricted = false;
  std::string restriction;  // why; empty without a reason
};

// As the document is now. Nothing if it has no effect, is erased, or nothing lets its period run.
Result<std::optional<RetentionRecord>> ReadRetention(replica::Replica& replica,
                                                     const crdt::DocumentId& id,
                                                     const FormerMembers& former);

// What an organisation says about erasing in the record about itself (organisation.md).
struct RetentionPolicy {
  bool public_body = false;
  bool paused = false;
  std::optional<governance::Day> paused_until;  // its last day; nothing: until it is resumed
  std::string pause_reason;
};
Result<RetentionPolicy> ReadRetentionPolicy(replica::Replica& replica, governance::Day today);

// Not thread-safe. Follows the log: a document is opened again only when something came for it.
class RetentionIndex {
 public:
  // Ascending: the longest overdue first.
  using Place = std::pair<governance::Day, crdt::DocumentId>;

  // From now on documents that hold open edits are read again, and entries whose bodies have come;
  // everything, when an organisation has left or come back.
  // Does nothing while a pass is under way.
  void BeginPass(replica::Replica& replica);
  // Reads on, at most so many entries and so many documents. True when it has seen everything,
  // which ends the pass.
  Result<bool> Advance(replica::Replica& replica, std::size_t entries, std::size_t documents);
  // Those kept until a day before `end`, behind `after`.
  std::ranges::subrange<std::set<Place>::const_iterator> Before(
      governance::Day end, const std::optional<Place>& after = std::nullopt) const;
  // As of the beginning of the pass.
  const FormerMembers& former() const { return former_; }
  // Nullptr if nothing is known to end there; until the next Advance.
  const RetentionRecord* Find(const crdt::DocumentId& id) const;
  // What Before has named, as it was when it was read; until the next Advance.
  const RetentionRecord& At(const crdt::DocumentId& id) const { return *known_.at(id); }

 private:
  void Keep(const crdt::DocumentId& id, std::optional<RetentionRecord> record);
  Result<void> Note(replica::Replica& replica, const log::SpaceId& space,
                    const codec::StoredEntry& stored);

  std::map<log::SpaceId, std::uint64_t> read_;                // up to which arrival
  using Waiting = std::set<std::pair<log::SpaceId, std::uint64_t>>;
  Waiting waiting_;   // for their bodies
  Waiting again_;     // the same, to be looked at in this pass
  bool pass_ = false;
  FormerMembers former_;
  std::set<crdt::DocumentId> changed_;
  std::map<crdt::DocumentId, std::optional<RetentionRecord>> known_;
  std::set<Place> ends_;  // of those that are known to end
};

}  // namespace geflecht::core
