// Reads everything that a node has stored and checks that it holds together. For `geflecht doctor`.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "node/governance/members.h"
#include "node/store/store.h"

namespace geflecht::replica {

struct LogCheck {
  std::uint64_t entries = 0;
  std::uint64_t bodies = 0;
  std::uint64_t documents = 0;
  std::uint64_t drafts = 0;
  std::optional<std::int64_t> newest_s;  // the latest time that a header claims
  std::uint64_t problem_count = 0;
  std::vector<std::string> problems;  // the first kProblemsMax; English, no content
};
inline constexpr std::size_t kProblemsMax = 20;

// Opens every entry of the spaces of `members` in the order of arrival, and the bodies, documents
// and drafts: the id is the hash of the header, the position and the index fit, the entry in front
// of it is there, the body gives the header's root, each feed ends where its record says, the order
// of arrival has no gap. Signatures were checked when the entries came in and are not checked
// again. Takes about 20 microseconds an entry.
LogCheck CheckLogs(const store::View& view, const governance::Members& members);

}  // namespace geflecht::replica
