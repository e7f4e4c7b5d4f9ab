// The bytes of a change: `structure` and content fields (docs/formats/change.md). Canonical: one
// change has one encoding, and Decode refuses every other spelling. No allocation by an untrusted
// length; what a change makes in memory is bounded by limits::kBodyBytesMax even where its content
// is not here.
#pragma once

#include <cstddef>
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
  // Entries that erase a container of this document and that the writer knew, ascending: whoever
  // names one cannot have written before it (docs/formats/erasure.md). Never in a first change.
  std::vector<ErasureId> erasures = {};
  bool operator==(const ChangeHead&) const = default;
};

// Field 0 is "structure". Then one content field for each (record or text container, personal or
// not) of the change, in order of first use: "content.0", "content.1.personal" ... A record is the
// root map with all that is no text. Containers made by an edit, and undeclared root keys, count as
// personal. `structure` refers to stretches of the content fields; map keys that the schema lacks
// are content.
struct EncodedField {
  std::string name;  // any, of a field that is not here
  Bytes value;
  std::optional<Gap> gap = std::nullopt;  // the value is not here; never of `structure`
  bool operator==(const EncodedField&) const = default;
};

std::vector<EncodedField> EncodeChange(const ChangeHead& head, const std::vector<Edit>& edits,
                                       const Schema& schema);

struct DecodedChange {
  ChangeHead head;
  std::vector<Edit> edits;
  // Content fields whose bytes are not what `structure` says, ascending. In `edits` they count as
  // erased, so that nothing but `structure` decides about a change.
  std::vector<std::size_t> unreadable;
};
// Only the head, from the structure field alone.
Result<ChangeHead> DecodeChangeHead(ByteView structure);
// kMalformed if `structure` cannot be read or the fields are not those that it asks for.
Result<DecodedChange> DecodeChange(const std::vector<EncodedField>& fields, const Schema& schema);

}  // namespace geflecht::crdt
