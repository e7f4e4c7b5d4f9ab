// What a document holds once its changes are merged.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "crdt/event_graph.h"
#include "crdt/live_items.h"
#include "crdt/rope.h"
#include "crdt/sequence_log.h"
#include "crdt/short_text.h"
#include "crdt/tree.h"
#include "crdt/value.h"
#include "crdt/walker.h"

namespace geflecht::crdt {

// Wide enough for the sum of any number of deltas that fits into memory.
__extension__ typedef __int128 Total;

// Of a container, in the order in which changes made them here; 0 is the root map.
using Number = std::uint32_t;
inline constexpr Number kNoNumber = 0xFFFFFFFF;
inline constexpr std::uint32_t kNoPlace = 0xFFFFFFFF;  // of a child that nothing holds

using RecordNumber = std::uint32_t;

// The writings of a key that nothing supersedes. Almost always there is one.
class Standing {
 public:
  std::size_t size() const { return more_ ? more_->size() : count_; }
  RecordNumber at(std::size_t i) const { return more_ ? (*more_)[i] : one_; }
  void Add(RecordNumber record);
  void Assign(const std::vector<RecordNumber>& records);
  void Put(std::size_t i, RecordNumber record) { (more_ ? (*more_)[i] : one_) = record; }
  // Keeps the first `size`.
  void Cut(std::size_t size) {
    if (more_ && size > 0) {
      more_->resize(size);
    } else {
      more_.reset();
      count_ = static_cast<std::uint32_t>(size);
    }
  }
  std::vector<RecordNumber> All() const;

 private:
  RecordNumber one_ = 0;
  std::uint32_t count_ = 0;
  std::unique_ptr<std::vector<RecordNumber>> more_;
};

// What a map holds, by key.
using Keys = std::map<std::string, Standing, TextLess>;

// One writing of a map key. All are kept; registers refer to them.
struct Record {
  Node node = 0;
  Number map = 0;
  Keys::value_type* entry = nullptr;  // lies in the map
  std::variant<Value, Number> slot;   // a value, or a child container
  bool removed = false;

  const std::string& key() const { return entry->first; }
};

struct Sequence {
  SequenceLog log;
  Rope rope;        // kText
  LiveItems items;  // kList
  // The changes that edited it and have no such change behind them, ascending.
  std::vector<Node> frontier;
  std::unique_ptr<Walker> walker;  // while concurrent edits are merged
  Node walked_by = kNoNode;        // the last change that went through the walker
  // A change that does not count has edited it, so what is shown is not what writers see: every
  // edit goes through the walker, which begins with the log.
  bool silent = false;
};

struct CounterState {
  Total sum = 0;
  Total silent = 0;  // the part of it that does not count
  // Of all changes, without their signs: as long as it fits, so does the sum of any version.
  Total magnitude = 0;
  std::vector<std::pair<Node, std::int64_t>> additions;  // nodes never descend
};

// Why a child container of a map may not be shown although its writing was never followed by
// another: what superseded the writing that made it, and what edited it meanwhile.
struct Supersession {
  std::vector<Node> by;  // causally maximal
  bool dormant = false;  // nothing in the container is unknown to one of them
};

struct Container {
  ContainerType type = ContainerType::kMap;
  std::uint8_t depth = 0;  // 0 for the root
  Node creator = kNoNode;  // kNoNode: declared by the schema
  Number parent = kNoNumber;
  std::uint64_t event = 0;       // of its making, in the creator
  std::uint32_t place = 0;       // the record (in a map) or item (in a list) that holds it
  std::vector<Node> touched_by;  // causally maximal changes that edited it or what is in it
  std::unique_ptr<Supersession> superseded;
  Keys keys;                              // kMap
  std::unique_ptr<Sequence> sequence;     // kText, kList
  std::unique_ptr<TreeState> tree;        // kTree
  std::unique_ptr<CounterState> counter;  // kCounter
};

// What the earlier edits of a change have made of a container, as far as it matters to whether
// later ones fit.
struct Measure {
  Number number = 0;
  ContainerType type = ContainerType::kMap;
  unsigned depth = 0;
  std::uint64_t length = 0;
  std::uint64_t inserted = 0;  // elements, and slots of moves
  Total sum = 0, magnitude = 0;
  Number parent = kNoNumber;
  bool exact = false;  // `sum` is that of the version
};

}  // namespace geflecht::crdt
