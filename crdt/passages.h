// Passages of texts that several edited without seeing each other (docs/formats/change.md, Passages
// edited concurrently).
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "crdt/document.h"

namespace geflecht::crdt {

struct ConcurrentPassage {
  std::uint64_t position = 0, count = 0;  // of what is shown of it; code points and block markers
  std::vector<ConcurrentSide> sides;      // by agent
  bool operator==(const ConcurrentPassage&) const = default;
};

// In the order of the text, without the open change; the same on every node. Nothing is computed
// where no change is concurrent to another. Otherwise the elements of the text are made known from
// the history, O(n log n), and m stretches that concurrent changes edited beside each other cost
// O(m log n); only pairs of them that are settled or not concurrent are looked at one by one.
// kNotFound and kUsage as Document::Text.
Result<std::vector<ConcurrentPassage>> Passages(const Document& document, std::string_view path);

// Of all texts that are shown, by path; those without passages are left out.
std::map<std::string, std::vector<ConcurrentPassage>> AllPassages(const Document& document);

}  // namespace geflecht::crdt
