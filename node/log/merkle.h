// Merkle tree hashes of RFC 6962 section 2.1.
#pragma once

#include <span>

#include "base/bytes.h"
#include "node/crypto/hash.h"

namespace geflecht::log {

crypto::Hash256 MerkleLeaf(ByteView data);  // SHA-256(0x00 || data)
crypto::Hash256 MerkleRoot(
    std::span<const crypto::Hash256> leaves);  // of leaf hashes; none: SHA-256("")

}  // namespace geflecht::log
