// The smallest edit script between two sequences of code points (Myers, An O(ND) Difference
// Algorithm and Its Variations, Algorithmica 1986), with a bound after which common ends are kept
// and the rest is replaced.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace geflecht::crdt {

// Apply in order: at `position` (code points, in the text as changed so far) remove `removed` code
// points, then insert `inserted`.
struct Splice {
  std::uint64_t position = 0;
  std::uint64_t removed = 0;
  std::string inserted;
  bool operator==(const Splice&) const = default;
};

// Both texts are valid UTF-8.
std::vector<Splice> DiffText(std::string_view before, std::string_view after);

}  // namespace geflecht::crdt
