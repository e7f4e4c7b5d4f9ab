// The proof that a device signed two entries for one position: two runs that begin there
// (docs/formats/kinds.md, fork.evidence).
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "node/log/entry.h"

namespace geflecht::log {

inline constexpr std::string_view kForkEvidence = "fork.evidence";
inline constexpr std::string_view kLowerBranch = "branch-lower";  // field names
inline constexpr std::string_view kHigherBranch = "branch-higher";

// The run as text: each header, then an empty line; at the end "sig BASE64" of the last entry.
// CHECKs that the run is not empty and ends signed.
std::string RenderBranch(const Run& run);

struct Fork {
  FeedKey feed;           // branch 0
  std::uint64_t seq = 0;  // the position that was written twice
  EntryId lower;
  EntryId higher;
  bool operator==(const Fork&) const = default;
};
// What two texts of RenderBranch prove. kMalformed if they do not parse, kVerification if they do
// not show two signed entries of one feed of `network` at one position, the lower id first.
Result<Fork> CheckFork(const NetworkId& network, std::string_view lower, std::string_view higher);

}  // namespace geflecht::log
