// What the engine asks its surroundings for when a document becomes a file: Zstandard (RFC 8878)
// and SHA-256.
#pragma once

#include "crdt/compressor.h"

namespace geflecht::pack {

// With a window that spans the whole prefix. Levels 1 to 19: more is smaller and slower.
crdt::Compressor Zstd(int level);
const crdt::Hash& Sha256();

}  // namespace geflecht::pack
