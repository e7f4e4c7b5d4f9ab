// Ids and values of documents.
#pragma once

#include <cstdint>
#include <string>
#include <variant>
#include <vector>

#include "base/strong_id.h"

namespace geflecht::crdt {

using DocumentId = StrongId<struct DocumentTag, 16>;
using ChangeId = StrongId<struct ChangeTag, 32>;    // in the node: id of the entry that carries it
using ErasureId = StrongId<struct ErasureTag, 32>;  // in the node: id of an erase entry
using AgentId = StrongId<struct AgentTag, 32>;      // in the node: the device's signing key

// Why content is not here. kMissing: it has not arrived, or is withheld. kErased: it never comes
// back; so is content that nobody can read.
enum class Gap : std::uint8_t { kMissing = 1, kErased = 2 };

// Stands for a value whose content is not here.
struct Absent {
  enum class Kind : std::uint8_t { kBool = 1, kInt = 2, kText = 3 };
  Gap gap = Gap::kMissing;
  Kind kind = Kind::kText;
  std::uint64_t bytes = 0;  // size of the content, > 0
  auto operator<=>(const Absent&) const = default;
};

// Plain values of map registers and list elements. Text is UTF-8.
using Value = std::variant<std::monostate, bool, std::int64_t, std::string, Absent>;

enum class ContainerType : std::uint8_t { kMap = 1, kList = 2, kText = 3, kCounter = 4, kTree = 5 };

// A container's name, the same on every node. The root map is "". A child that the schema declares
// is its parent's name followed by "/" and its key, so two nodes that create it at once mean the
// same one. A child made by an edit is "#" and the creating event (change id in hex, ":", index in
// it); the edits of the creating change itself leave the id out ("#:3"), as does the open change.
// A tree's node is called by the event that created it, and so is the map that belongs to it.
using ContainerId = std::string;

// What a register holds: a plain value, or a child container made by the edit that set it.
struct Child {
  ContainerType type = ContainerType::kMap;
  ContainerId id;
  bool operator==(const Child&) const = default;
};
using Slot = std::variant<Value, Child>;

// The set of changes that nothing supersedes, ascending.
using Heads = std::vector<ChangeId>;

}  // namespace geflecht::crdt
