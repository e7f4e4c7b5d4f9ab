// Open changes: edits that are durable here but not yet part of the log. A change is cut after 2 s
// without an edit, 30 s after its first one, or at 512 edits.
#pragma once

#include <map>
#include <optional>
#include <vector>

#include "base/clock.h"
#include "base/result.h"
#include "crdt/codec.h"
#include "node/log/body.h"

namespace geflecht::replica {

// When each open change is due. Times are monotonic milliseconds. Not thread-safe.
class Drafts {
 public:
  // The document was edited now.
  void Touch(const crdt::DocumentId& id, std::int64_t now_ms);
  // They could not be cut: as if all of them had been made now.
  void Postpone(const crdt::DocumentId& id, std::int64_t now_ms);
  // Edits of an earlier process: due at once.
  void Found(const crdt::DocumentId& id);
  void Done(const crdt::DocumentId& id) { times_.erase(id); }
  bool Has(const crdt::DocumentId& id) const { return times_.contains(id); }

  std::vector<crdt::DocumentId> All() const;
  std::vector<crdt::DocumentId> Due(std::int64_t now_ms) const;
  std::optional<std::int64_t> NextDueMs() const;

 private:
  struct Times {
    std::int64_t first_ms = 0;
    std::int64_t last_ms = 0;
    bool at_once = false;
    std::int64_t DueMs() const;
  };
  std::map<crdt::DocumentId, Times> times_;
};

// The record of an open change: document, heads it was made on, edits.
struct DraftRecord {
  crdt::DocumentId document;
  crdt::Heads heads;
  std::vector<crdt::Edit> edits;
  std::vector<crdt::ErasureId> erasures = {};  // of containers, known then; ascending
};
// Encoded as a body, which holds as many fields as the change will.
log::Body DraftBody(const DraftRecord& draft, const crdt::Schema& schema);
// The document of a draft record, without its schema.
Result<crdt::DocumentId> DraftDocument(ByteView bytes);
Result<DraftRecord> DecodeDraft(ByteView bytes, const crdt::Schema& schema);

}  // namespace geflecht::replica
