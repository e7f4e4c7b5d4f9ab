// Whether edits fit the state that they were made on. The answer depends on the change, its
// ancestors and the schema only, so it is the same on every node.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>
#include <utility>
#include <vector>

#include "base/limits.h"
#include "crdt/change.h"
#include "crdt/containers.h"
#include "crdt/engine.h"

namespace geflecht::crdt {

// Checks the edits of one change, in their order, in the eyes of its writer. All answers are a
// stable English identifier of what is wrong, or an empty text.
class Checker {
 public:
  // Both outlive the checker.
  Checker(Engine& engine, const Past& past)
      : engine_(engine), past_(past), measures_(engine.measures_) {
    measures_.clear();
  }

  // Also gives the container of each edit; those that the change makes will be numbered in the
  // order of their making.
  std::string_view Check(const Change& change, std::vector<Number>& numbers);
  std::string_view Check(const Edit& edit, Number& number);

 private:
  Number Resolve(const ContainerId& id) const;
  Measure* Find(Number number);
  std::string_view CheckKind(const SetKey& edit, const Measure& at);
  std::string_view CheckKind(const InsertText& edit, Measure& at);
  std::string_view CheckKind(const InsertItems& edit, Measure& at);
  std::string_view CheckKind(const Remove& edit, Measure& at);
  std::string_view CheckKind(const Add& edit, Measure& at);
  std::string_view CheckKind(const SetItem& edit, const Measure& at);
  std::string_view CheckKind(const MoveItem& edit, Measure& at);
  std::string_view CheckKind(const crdt::Mark& edit, const Measure& at);
  std::string_view CheckKind(const crdt::InsertBlock& edit, Measure& at);
  std::string_view CheckKind(const crdt::SetBlock& edit, const Measure& at);
  bool IsBlock(const Measure& at, std::uint64_t position);
  std::string_view CheckKind(const CreateNode& edit, const Measure& at);
  std::string_view CheckKind(const MoveNode& edit, const Measure& at);
  std::string_view CheckKind(const RemoveNode& edit, const Measure& at);
  bool IsNode(Number tree, const ContainerId& id);
  void Make(ContainerType type, Number parent, unsigned depth, std::uint64_t event);
  std::string_view CheckSlot(const NewSlot& slot, Number parent, unsigned depth,
                             std::uint64_t event);

  Engine& engine_;
  const Past& past_;
  std::vector<Measure>& measures_;
  std::vector<std::pair<std::uint64_t, Number>> made_;  // events that make containers
  std::uint64_t event_ = 0;
  // Insertions and removals that the change has made in texts so far, if it sets attributes.
  struct Shift {
    Number text = 0;
    std::uint64_t position = 0, count = 0;
    bool removal = false, block = false;
  };
  std::vector<Shift> shifts_;
  bool rich_ = false, sets_blocks_ = false;
};

// Of an insertion into, and a removal from, a sequence of `length` elements.
inline std::string_view CheckInsertion(std::uint64_t length, std::uint64_t position,
                                       std::uint64_t count) {
  if (position > length) return "position-out-of-range";
  if (count > limits::kTextCodePointsMax || length > limits::kTextCodePointsMax - count)
    return "too-long";
  return {};
}
// Whether a log that holds `items` elements has room for `more`, so that offsets of 32 bits reach
// every byte of their content.
inline std::string_view CheckRoom(std::uint64_t items, std::uint64_t more) {
  return more > limits::kElementsEverMax || items > limits::kElementsEverMax - more
             ? "too-many-elements"
             : std::string_view();
}
inline std::string_view CheckRemoval(std::uint64_t length, std::uint64_t position,
                                     std::uint64_t count) {
  if (count == 0) return "empty-removal";
  if (position > length || count > length - position) return "position-out-of-range";
  return {};
}
// Whether a key may be set to a value, a child or nothing.
std::string_view CheckKey(const Schema& schema, bool root, std::string_view key,
                          const std::optional<NewSlot>& slot);
std::string_view CheckValue(const NewSlot& slot, unsigned depth);
std::string_view CheckMark(const crdt::Mark& mark, std::uint64_t length);
std::string_view CheckAttributes(const std::map<std::string, Value>& attributes);
std::string_view CheckAttribute(std::string_view key, const std::optional<Value>& value);
// Whether `delta` fits to `sum`. Concurrent additions may have left the range already; the way back
// is open.
bool FitsCounter(Total sum, std::int64_t delta);

}  // namespace geflecht::crdt
