// What an auditor keeps of an audit, to notice at the next one that a history was exchanged or cut:
// the end of each feed (docs/formats/bundle.md).
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <string_view>

#include "base/result.h"
#include "node/crypto/hash.h"
#include "node/log/ids.h"

namespace geflecht::audit {

// The Merkle tree head of a feed's first branch (RFC 6962 section 2.1).
struct KnownHead {
  std::uint64_t size = 0;
  crypto::Hash256 root;
  bool operator==(const KnownHead&) const = default;
};

struct KnownHeads {
  log::NetworkId network;
  std::map<log::FeedKey, KnownHead> heads;
  bool operator==(const KnownHeads&) const = default;
};

std::string RenderKnownHeads(const KnownHeads& known);
// Exactly what RenderKnownHeads writes. kMalformed with the line.
Result<KnownHeads> ParseKnownHeads(std::string_view text);

}  // namespace geflecht::audit
