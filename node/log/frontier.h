// What a node holds of a space: for each feed how far, for each branch of a forked feed likewise.
// Equal fingerprints mean equal sets of entries, whatever the numbers of the branches.
#pragma once

#include <map>
#include <vector>

#include "node/log/entry.h"

namespace geflecht::log {

struct FrontierItem {
  std::uint64_t seq = 0;  // of the last covered entry
  EntryId head;
  // A branch above 0 begins here, behind the entry `from` - 1 of branch `parent`. Not compared with
  // other nodes, whose numbers differ.
  std::uint64_t from = 0;
  std::uint32_t parent = 0;
  bool operator==(const FrontierItem&) const = default;
};
using Frontier = std::map<FeedKey, FrontierItem>;

// One head of a feed; of a forked feed there are several.
struct HeadLine {
  SpaceId space;
  DeviceId device;
  LifeId life;
  std::uint64_t seq = 0;
  EntryId head;
  auto operator<=>(const HeadLine&) const = default;
};
// The heads of a frontier, ascending.
std::vector<HeadLine> HeadsOf(const Frontier& frontier);

using Fingerprint = StrongId<struct FingerprintTag, 32>;

// SHA-256 over HeadsOf: space, device, life, seq (8 bytes, most significant first), head. The
// fingerprint of an empty frontier is SHA-256 of nothing.
Fingerprint FingerprintOf(const Frontier& frontier);

// The branches of the feed of `key` (its branch is not looked at), ascending.
std::vector<FeedKey> BranchesOf(const Frontier& frontier, const FeedKey& key);

}  // namespace geflecht::log
