// Edits and changes: what is exchanged. A change is an atomic group of edits of one agent, made on
// top of its parents. Sequence edits carry the position as typed, in the state that the parents and
// the earlier edits of the same change give. A container that the same change made is called
// "#:<event>" in its edits, where <event> counts the change's events (EventCount) from 0; all other
// changes call it "#<change id>:<event>" (docs/formats/change.md).
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "crdt/value.h"

namespace geflecht::crdt {

// Content of an edit that is not here: its size stays known.
struct AbsentText {
  Gap gap = Gap::kMissing;
  std::uint64_t points = 0;  // code points; 0 for a key
  std::uint64_t bytes = 0;   // > 0
  bool operator==(const AbsentText&) const = default;
};

using NewSlot = std::variant<Value, ContainerType>;  // a value, or a new, empty child container

// Sets `key` of a map to a value or to a new child container; without slot the key is removed.
struct SetKey {
  ContainerId map;
  std::string key;  // empty with `absent_key`; such a writing belongs to no register
  std::optional<NewSlot> slot;
  std::optional<AbsentText> absent_key = std::nullopt;
  bool operator==(const SetKey&) const = default;
};
// Inserts `text` (UTF-8, not empty) before the element at `position`. Elements of a text are code
// points and block markers.
struct InsertText {
  ContainerId text;
  std::uint64_t position = 0;
  std::string inserted;  // empty with `absent`
  std::optional<AbsentText> absent = std::nullopt;
  bool operator==(const InsertText&) const = default;
};
struct InsertItems {
  ContainerId list;
  std::uint64_t position = 0;
  std::vector<NewSlot> items;  // not empty
  bool operator==(const InsertItems&) const = default;
};
// Removes `count` > 0 elements or items from `position` on.
struct Remove {
  ContainerId sequence;
  std::uint64_t position = 0;
  std::uint64_t count = 0;
  bool operator==(const Remove&) const = default;
};
struct Add {
  ContainerId counter;
  std::int64_t delta = 0;
  bool operator==(const Add&) const = default;
};
// Replaces what the item at `position` holds. The item keeps its identity and its place.
struct SetItem {
  ContainerId list;
  std::uint64_t position = 0;
  NewSlot slot;
  bool operator==(const SetItem&) const = default;
};
// Moves the item at `from` in front of the item that stands at `to` before the move, or behind the
// last one. It keeps its identity and what it holds.
struct MoveItem {
  ContainerId list;
  std::uint64_t from = 0;
  std::uint64_t to = 0;
  bool operator==(const MoveItem&) const = default;
};
// Creates a node below `parent`, an empty name for the top. Its name is its event. Siblings stand
// by `order`, bytes compared as unsigned; crdt/order_key.h makes them.
struct CreateNode {
  ContainerId tree;
  ContainerId parent;
  std::string order;
  bool operator==(const CreateNode&) const = default;
};
// Moves `node` with all that is below it. Brings back a removed one.
struct MoveNode {
  ContainerId tree;
  ContainerId node;
  ContainerId parent;
  std::string order;
  bool operator==(const MoveNode&) const = default;
};
// Removes `node` with all that is below it.
struct RemoveNode {
  ContainerId tree;
  ContainerId node;
  bool operator==(const RemoveNode&) const = default;
};
// At which ends of a mark characters typed there join it.
enum class Expand : std::uint8_t { kNone = 0, kBefore = 1, kAfter = 2, kBoth = 3 };
// Gives the elements from `from` to in front of `to` (> from) the format `key`, or takes it away.
struct Mark {
  ContainerId text;
  std::uint64_t from = 0;
  std::uint64_t to = 0;
  std::string key;             // "bold"; "comment:<id>" where all have to be kept
  std::optional<Value> value;  // nothing: the format is taken away
  Expand expand = Expand::kNone;
  bool operator==(const Mark&) const = default;
};
// Inserts a block marker, which begins a paragraph, in front of the element at `position`. Reads as
// "\n". "type" (text) and "level" (integer) travel in the structure, all others as content.
struct InsertBlock {
  ContainerId text;
  std::uint64_t position = 0;
  std::map<std::string, Value> attributes;
  bool operator==(const InsertBlock&) const = default;
};
// Sets an attribute of the block marker at `position`; without value it is removed.
struct SetBlock {
  ContainerId text;
  std::uint64_t position = 0;
  std::string key;
  std::optional<Value> value;
  bool operator==(const SetBlock&) const = default;
};
using Edit = std::variant<SetKey, InsertText, InsertItems, Remove, Add, SetItem, MoveItem,
                          CreateNode, MoveNode, RemoveNode, Mark, InsertBlock, SetBlock>;

// The container that an edit changes.
const ContainerId& ContainerOf(const Edit& edit);
// Number of events of an edit: one for each inserted or removed element, one for any other edit.
std::uint64_t EventCount(const Edit& edit);

struct Change {
  ChangeId id;
  AgentId agent;
  std::vector<ChangeId> parents;  // ascending; empty only in a document's first change
  std::vector<Edit> edits;        // at least one
  bool operator==(const Change&) const = default;
};

}  // namespace geflecht::crdt
