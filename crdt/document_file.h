// A document as one file: its state, which is read at once, and its whole history, which stays
// packed until something asks for it (docs/formats/document.md).
#pragma once

#include "base/bytes.h"
#include "base/result.h"
#include "crdt/compressor.h"
#include "crdt/document.h"
#include "crdt/schema.h"

namespace geflecht::crdt {

// All changes that are merged; those that wait for a parent are not in it. What a change has lost
// (missing or erased content) is not in it either, nor which changes are excluded: whoever loads
// the file excludes them again. No change is open.
Bytes SaveDocument(const Document& document, const Compressor& compressor, const Hash& hash);

// Whether opening a file of this document costs the state only. Marks, block markers, trees and
// items that were set or moved make the history be performed, so a file spares nothing then.
bool OpensFromState(const Document& document);

enum class Origin {
  kOwn,      // written here: its hash is trusted, its history is not read now
  kForeign,  // by anybody: its history is performed, and the state has to be the one it leaves
};

// O(state) for kOwn, and as long as the history for kForeign. kMalformed for bytes that are no such
// file, kCorruption if the hash is wrong, kUsage if the document is of another type or schema
// version. What it allocates is bounded by the number of bytes.
Result<Document> LoadDocument(ByteView file, const Compressor& compressor, const Hash& hash,
                              const Schema& schema, const AgentId& self, Origin origin);

// The state at the heads as bytes that are the same wherever the same changes are, for comparing
// documents and for hashing: never packed. No change is open.
Bytes CanonicalState(const Document& document);

}  // namespace geflecht::crdt
