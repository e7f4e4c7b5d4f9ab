// receipt/entry.tlog-proof: that one entry is in its feed. Source: C2SP tlog-proof
// (https://c2sp.org/tlog-proof), RFC 6962 section 2.1.1, RFC 9162 section 2.1.3.2.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "node/audit/feed_file.h"
#include "node/crypto/hash.h"

namespace geflecht::audit {

// The hashes that lead from leaf `index` (below the number of leaves) to the root, lowest first.
std::vector<crypto::Hash256> InclusionPath(std::span<const crypto::Hash256> leaves,
                                           std::size_t index);
// The root to which `path` leads, if it has the length that index and size ask for.
std::optional<crypto::Hash256> RootByPath(const crypto::Hash256& leaf, std::uint64_t index,
                                          std::uint64_t size,
                                          std::span<const crypto::Hash256> path);

struct Proof {
  std::uint64_t index = 0;
  std::vector<crypto::Hash256> path;
  std::string_view checkpoint;  // the file's rest; lives as long as its content
  std::size_t line = 0;         // of the checkpoint's first line
};

std::string RenderProof(std::uint64_t index, std::span<const crypto::Hash256> path,
                        std::string_view checkpoint);
// Nothing for a file that does not follow the format strictly: `error` is called once. Extra data
// is refused. The checkpoint is not judged.
std::optional<Proof> ParseProof(std::string_view file, const FeedError& error);

}  // namespace geflecht::audit
