// One network of many nodes, each joined to few others: does what one writes reach all, and what
// does it cost?
#pragma once

#include <cstdint>

namespace geflecht::sim {

struct LargeResult {
  std::size_t nodes = 0;
  std::uint64_t entries = 0;   // of the network space, the same everywhere in the end
  std::uint64_t received = 0;  // entries, over all nodes: copies of each other included
  std::uint64_t frames = 0;
  std::uint64_t frame_bytes = 0;
  std::int64_t virtual_ms = 0;  // from the last edit until all frontiers are equal
  double cpu_s = 0;             // of the whole run
  // How often an entry comes to a node that did not write it.
  double CopiesPerNode() const;
};

// `nodes` found a network; every node dials the next one and one chosen at random; they write a
// note for every four of them. Throws a Finding if the frontiers are not equal everywhere within 10
// minutes of virtual time.
LargeResult RunLarge(std::size_t nodes, std::uint64_t seed);

}  // namespace geflecht::sim
