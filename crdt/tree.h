// Trees whose nodes are moved: all edits are performed one after the other, the later after the
// earlier (Kleppmann, Mulligan, Gomes, Beresford: A highly-available move operation for replicated
// trees, 2021).
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "crdt/event_graph.h"

namespace geflecht::crdt {

struct NodeEdit {
  enum class Kind : std::uint8_t { kCreate, kMove, kRemove };
  Kind kind = Kind::kCreate;
  Node by = 0;
  std::uint64_t event = 0;
  std::uint32_t node = 0;    // number of its map
  std::uint32_t parent = 0;  // the same; the tree itself for the top
  std::string order;
};

struct TreeState {
  // Where a node stands.
  struct Place {
    std::size_t edit = 0;  // that put it there
    bool removed = false;
    std::uint32_t parent = 0;
  };
  // What the edits leave; made when it is asked for.
  struct Outcome {
    std::vector<std::pair<std::uint32_t, Place>> places;  // by node, ascending
    std::vector<std::size_t> cycles, kept;                // edits without effect

    const Place* Find(std::uint32_t node) const;
  };

  std::vector<NodeEdit> edits;  // in the order in which they were merged
  bool has_removals = false;
  bool made = false;  // `outcome` is that of the edits
  Outcome outcome;
};

}  // namespace geflecht::crdt
