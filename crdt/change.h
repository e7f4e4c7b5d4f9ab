// Edits and changes: what is exchanged. A change is an atomic group of edits of one agent, made on
// top of its parents. Sequence edits carry the position as typed, in the state that the parents and
// the earlier edits of the same change give. A container that the same change made is called
// "#:<event>" in its edits, where <event> counts the change's events (EventCount) from 0; all other
// changes call it "#<change id>:<event>" (docs/formats/change.md).
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "crdt/value.h"

namespace geflecht::crdt {

// Sets `key` of a map to a value or to a new child container; without slot the key is removed.
struct SetKey {
  ContainerId map;
  std::string key;
  std::optional<std::variant<Value, ContainerType>> slot;
  bool operator==(const SetKey&) const = default;
};
// Inserts `text` (UTF-8, not empty) before the code point at `position`.
struct InsertText {
  ContainerId text;
  std::uint64_t position = 0;
  std::string inserted;
  bool operator==(const InsertText&) const = default;
};
struct InsertItems {
  ContainerId list;
  std::uint64_t position = 0;
  std::vector<std::variant<Value, ContainerType>> items;  // not empty
  bool operator==(const InsertItems&) const = default;
};
// Removes `count` > 0 code points or items from `position` on.
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
using Edit = std::variant<SetKey, InsertText, InsertItems, Remove, Add>;

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
