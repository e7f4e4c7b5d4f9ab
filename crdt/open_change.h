// The change that is being made: its edits, which lie in the logs of their containers already, and
// how to take them back.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "crdt/containers.h"

namespace geflecht::crdt {

// One edit; its content lies in a log.
struct OpenEdit {
  enum class Kind : std::uint8_t {
    kSet,
    kInsertText,
    kInsertItems,
    kRemove,
    kAdd,
    kMark,
    kInsertBlock,
    kSetBlock,
    kNode,
    kSetItem,
    kMoveItem
  };
  Kind kind = Kind::kSet;
  Number container = 0;
  std::uint64_t position = 0;  // kAdd: the delta
  std::uint64_t count = 0;
  std::size_t begin = 0;  // first byte in the log's text, first item, or number
                          // of the record, mark or setting
  std::size_t bytes = 0;  // kInsertText
};

// How a step is taken back. Steps are undone from the last to the first.
struct UndoStep {
  enum class Kind : std::uint8_t {
    kInsert,           // remove `count` from `position`
    kRemoveText,       // insert the bytes of `removed_text` from `begin` on
    kRemoveBackwards,  // the same, code point by code point from the last to the first
    kRemoveItems,      // insert the stretches of `removed_items` from `begin` on
    kLog,              // cut the log back to mark `begin`
    kFrontier,         // sequence's changes are `saved_nodes[begin]`
    kTouch,            // the same of Container::touched_by
    kCreate,           // forget the last container
    kRegister,         // the key's writings are `saved_registers[begin]`; forget the last record
    kSupersede,        // the container's supersession is `saved_supersessions[begin]`
    kAdd,
    kNodeEdit,  // forget the last edit of the tree
  };
  Kind kind = Kind::kInsert;
  Number container = 0;
  std::uint64_t position = 0;
  std::uint64_t count = 0;
  std::size_t begin = 0;
};

// The writings of a key that nothing superseded; none if the key is new.
struct SavedRegister {
  explicit SavedRegister(Keys::value_type& from)
      : entry(&from), count(static_cast<std::uint32_t>(from.second.size())) {
    if (count == 1) one = from.second.at(0);
    if (count > 1) records = from.second.All();
  }

  void Restore() const {
    if (count > 1) return entry->second.Assign(records);
    entry->second.Cut(0);
    if (count == 1) entry->second.Add(one);
  }

  Keys::value_type* entry;  // lies in the map
  std::uint32_t count;
  RecordNumber one = 0;
  std::vector<RecordNumber> records;  // unless it is one
};

struct OpenChange {
  bool active = false;
  std::uint64_t events = 0;
  std::vector<OpenEdit> edits;

  std::vector<UndoStep> steps;
  std::string removed_text;
  std::vector<LiveItems::Stretch> removed_items;
  std::vector<SequenceLog::Mark> marks;
  std::vector<std::vector<Node>> saved_nodes;
  std::vector<SavedRegister> saved_registers;
  std::vector<Supersession> saved_supersessions;
  // The sequence of the last edit, whose log, changes and touches are saved since the last mark.
  Number saved = kNoNumber;

  void Clear();
};

// A point in the open change.
struct OpenMark {
  bool active = false;
  std::size_t edits = 0;
  std::size_t steps = 0;
  std::uint64_t events = 0;
  OpenEdit last;  // may be joined with what follows
};

}  // namespace geflecht::crdt
