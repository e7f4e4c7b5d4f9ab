// What of a document its period follows from (docs/formats/retention.md).
#pragma once

#include <optional>
#include <string>

#include "node/core/former_members.h"
#include "node/core/retention_records.h"
#include "node/governance/retention.h"
#include "node/replica/replica.h"

namespace geflecht::core {

struct RetentionRecord {
  RetentionId id;
  std::string type;  // of the document, or what it is (governance/retention.h)
  const governance::RetentionClass* rule = nullptr;  // never null
  bool ends = true;           // false: nothing lets its period run yet
  governance::Day until = 0;  // if it ends
  std::optional<log::OrgId> org;  // of its first change, or that wrote the entry
  bool former = false;  // that is a member no more: the own organisation may erase it
  bool restricted = false;
  std::string restriction;  // why; empty without a reason
};

// As the document is now. Nothing if it has no effect, no class, or is erased.
Result<std::optional<RetentionRecord>> ReadRetention(replica::Replica& replica,
                                                     const crdt::DocumentId& id,
                                                     const FormerMembers& former);

// Nullptr if it is not here or of a type that this program does not know; until the replica is used
// again.
Result<const replica::OpenDocument*> OpenIfHere(replica::Replica& replica,
                                                const crdt::DocumentId& id);
// Whether processing of the document is restricted, and why.
void ReadRestriction(const crdt::Document& document, RetentionRecord& record);

// What an organisation says about erasing in the record about itself (organisation.md).
struct RetentionPolicy {
  bool public_body = false;
  bool paused = false;
  std::optional<governance::Day> paused_until;  // its last day; nothing: until it is resumed
  std::string pause_reason;
};
Result<RetentionPolicy> ReadRetentionPolicy(replica::Replica& replica, governance::Day today);

}  // namespace geflecht::core
