// What retention asks of documents: what of a record its period follows from, and which records
// end when, without opening all of them each day.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "node/governance/retention.h"
#include "node/replica/replica.h"

namespace geflecht::core {

struct RetentionRecord {
  codec::StoredDocument info;
  const governance::RetentionClass* rule = nullptr;  // never null
  governance::Day until = 0;
  std::optional<log::OrgId> org;  // that may erase it: of its first change
  bool restricted = false;
  std::string restriction;  // why; empty without a reason
};

// As the document is now. Nothing if it has no effect, is erased, or nothing lets its period run.
Result<std::optional<RetentionRecord>> ReadRetention(replica::Replica& replica,
                                                     const crdt::DocumentId& id);

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
  // Reads on, at most so many entries and so many documents. True when it has seen everything.
  Result<bool> Advance(replica::Replica& replica, std::size_t entries, std::size_t documents);
  // Looks at documents again that hold open edits, and at entries whose bodies have come.
  Result<void> BeginPass(replica::Replica& replica);
  // Those kept until a day before `end`: of all organisations, or of one.
  std::vector<crdt::DocumentId> Before(governance::Day end,
                                       const std::optional<log::OrgId>& of = std::nullopt) const;

 private:
  Result<void> Note(replica::Replica& replica, const log::SpaceId& space,
                    const codec::StoredEntry& stored);

  std::map<log::SpaceId, std::uint64_t> read_;                // up to which arrival
  std::set<std::pair<log::SpaceId, std::uint64_t>> waiting_;  // for their bodies
  std::set<crdt::DocumentId> changed_;
  struct Known {
    std::optional<governance::Day> until;
    std::optional<log::OrgId> org;
  };
  std::map<crdt::DocumentId, Known> known_;
};

}  // namespace geflecht::core
