// What was done to one text or list: an append-only list of insertions and removals with their
// positions as typed, that is in the version that the change's parents and its earlier edits give.
//
// Every element that was ever inserted has a number, its *item*, counted in this order.
#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include "base/check.h"
#include "crdt/change.h"
#include "crdt/event_graph.h"
#include "crdt/value.h"

namespace geflecht::crdt {

using Item = std::uint32_t;

// An element of a list: a plain value, or the number of a container.
using ListElement = std::variant<Value, std::uint32_t>;

class SequenceLog {
 public:
  // Items stay below, so that a walker can number what was there before its zone from here on.
  static constexpr Item kItemsMax = 0x80000000;

  enum class Kind : std::uint8_t {
    kInsert,
    kRemove,
    kInsertBlock,
    kMark,
    kSetBlock,
    kSetItem,
    kMoveItem
  };
  struct Op {
    Node node = 0;
    std::uint32_t position = 0;
    std::uint32_t count = 0;   // elements; of kMark, kSetBlock and kSetItem:
                               // which one it is; of kMoveItem: the target
    Item item = 0;             // the first that is inserted; of a removal: the next one
                               // there will be
    std::uint32_t offset = 0;  // in the content: of the first byte (text) or element (list)
    Kind kind = Kind::kInsert;
  };

  // Appends; nodes never descend. Joins what continues the last edit of the same change.
  void InsertText(Node node, std::uint64_t position, std::string_view text, std::uint64_t points);
  // What was inserted last, `count` elements, shows a sign instead of content that is not here.
  void AddGap(std::uint64_t count, Gap gap);
  void InsertElement(Node node, std::uint64_t position, ListElement element);
  void Remove(Node node, std::uint64_t position, std::uint64_t count);
  void InsertBlock(Node node, std::uint64_t position, std::map<std::string, Value> attributes);
  void AddMark(Node node, crdt::Mark mark);
  void SetBlock(Node node, crdt::SetBlock setting);
  void SetItem(Node node, std::uint64_t position, ListElement element);
  // Makes a slot, which gets the next number.
  void MoveItem(Node node, std::uint64_t from, std::uint64_t to);
  // What is appended next is not joined.
  void Seal() { sealed_ = true; }
  // For files: as it is, without joining.
  void Append(const Op& op) { ops_.push_back(op); }

  std::span<const Op> ops() const { return ops_; }
  std::size_t size() const { return ops_.size(); }
  Item items() const { return items_; }
  // The first op of a change behind `node`; of any change for kNoNode.
  std::size_t FirstBehind(Node node) const;
  std::size_t OpOf(Item item) const;
  Node NodeOf(Item item) const { return ops_[OpOf(item)].node; }

  // The bytes that an insertion into a text inserted.
  std::string_view TextOf(std::size_t op) const;
  const ListElement& Element(Item item) const { return elements_[item]; }
  // What a setting of an item sets.
  const ListElement& SetElement(std::size_t number) const { return set_elements_[number]; }
  std::size_t set_elements() const { return set_elements_.size(); }
  std::string_view text() const { return text_; }
  // Whether it holds marks or block markers, for which the places of removed
  // elements count, or settings or moves of items.
  bool is_rich() const {
    return !blocks_.empty() || !marks_.empty() || !set_elements_.empty() || moves_ > 0;
  }
  struct Missing {
    Item item = 0;
    std::uint32_t count = 0;
    Gap gap = Gap::kMissing;
  };
  std::span<const Missing> gaps() const { return gaps_; }  // ascending
  std::optional<Gap> GapOf(Item item) const;
  const crdt::Mark& mark(const Op& op) const { return marks_[op.count]; }
  const crdt::SetBlock& setting(const Op& op) const { return settings_[op.count]; }
  std::span<const crdt::Mark> marks() const { return marks_; }
  std::span<const crdt::SetBlock> settings() const { return settings_; }
  std::span<const std::pair<Item, std::map<std::string, Value>>> blocks() const { return blocks_; }
  // The attributes that a block marker was inserted with; nullptr for any other element.
  const std::map<std::string, Value>* Block(Item item) const;

  // Where the log ends, for undoing what is appended later.
  struct Mark {
    std::size_t ops = 0;
    std::uint32_t last_count = 0, last_position = 0;
    Item items = 0;
    std::size_t bytes = 0, blocks = 0, marks = 0, settings = 0, set_elements = 0, moves = 0;
  };
  Mark End() const;
  void Truncate(const Mark& mark);

 private:
  bool Joins(Node node, Kind kind) const {
    return !sealed_ && !ops_.empty() && ops_.back().node == node && ops_.back().kind == kind;
  }

  std::vector<Op> ops_;
  Item items_ = 0;
  std::string text_;
  std::vector<ListElement> elements_;                                  // by item
  std::vector<std::pair<Item, std::map<std::string, Value>>> blocks_;  // ascending
  std::vector<crdt::Mark> marks_;
  std::vector<crdt::SetBlock> settings_;
  std::vector<ListElement> set_elements_;
  std::vector<Missing> gaps_;  // none in the open change
  std::size_t moves_ = 0;
  bool sealed_ = false;
};

inline void SequenceLog::InsertText(Node node, std::uint64_t position, std::string_view text,
                                    std::uint64_t points) {
  CHECK(points <= kItemsMax - items_);
  const auto at = static_cast<std::uint32_t>(position);
  const auto count = static_cast<std::uint32_t>(points);
  const auto offset = static_cast<std::uint32_t>(text_.size());
  if (text.size() == 1) {
    text_.push_back(text[0]);
  } else {
    text_ += text;
  }
  if (Joins(node, Kind::kInsert) && ops_.back().position + ops_.back().count == at) {
    ops_.back().count += count;
  } else {
    ops_.push_back(
        {.node = node, .position = at, .count = count, .item = items_, .offset = offset});
  }
  items_ += count;
  sealed_ = false;
}

}  // namespace geflecht::crdt
