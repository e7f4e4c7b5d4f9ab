// The bytes of a change: `structure` and content fields (docs/formats/change.md). Canonical: one
// change has one encoding, and Decode refuses every other spelling. No allocation by an untrusted
// length.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "base/bytes.h"
#include "base/result.h"
#include "crdt/change.h"
#include "crdt/schema.h"

namespace geflecht::crdt {

// What stands in front of the edits.
struct ChangeHead {
  // Zero in a document's first change, whose entry's id gives it.
  DocumentId document;
  // Only in a document's first change: its type and schema version.
  std::optional<std::string> type;
  std::uint32_t schema_version = 0;
  // Heads the change was made on, without the writer's own previous change of the document.
  std::vector<ChangeId> parents;
  // The writer's previous change of this document lies so many entries back in the writer's feed
  // and is a parent too; 0 if there is none or another parent has it in its past.
  std::uint64_t own_distance = 0;
  bool operator==(const ChangeHead&) const = default;
};

// Field 0 is "structure". Then one content field for each (record or text container, personal or
// not) of the change, in order of first use: "content.0", "content.1.personal" ... A record is the
// root map with all that is no text. Containers made by an edit, and undeclared root keys, count as
// personal. `structure` refers to stretches of the content fields; map keys that the schema lacks
// are content.
struct EncodedField {
  std::string name;
  Bytes value;
  bool operator==(const EncodedField&) const = default;
};

std::vector<EncodedField> EncodeChange(const ChangeHead& head, const std::vector<Edit>& edits,
                                       const Schema& schema);

struct DecodedChange {
  ChangeHead head;
  std::vector<Edit> edits;
};
// Only the head, from the structure field alone.
Result<ChangeHead> DecodeChangeHead(ByteView structure);
Result<DecodedChange> DecodeChange(const std::vector<EncodedField>& fields, const Schema& schema);

}  // namespace geflecht::crdt
