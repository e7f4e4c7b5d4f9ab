// What a node holds of a space: for each feed how far. Equal frontiers mean equal sets of entries.
#pragma once

#include <map>

#include "node/log/entry.h"

namespace geflecht::log {

struct FrontierItem {
  std::uint64_t seq = 0;  // of the last covered entry
  EntryId head;
  bool operator==(const FrontierItem&) const = default;
};
using Frontier = std::map<FeedKey, FrontierItem>;

using Fingerprint = StrongId<struct FingerprintTag, 32>;

// SHA-256 over the feeds in ascending order: space, device, life, seq (8 bytes, most significant
// first), head. The fingerprint of an empty frontier is SHA-256 of nothing.
Fingerprint FingerprintOf(const Frontier& frontier);

}  // namespace geflecht::log
