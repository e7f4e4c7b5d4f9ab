#include "crdt/sequence_log.h"

#include <algorithm>
#include <utility>

#include "base/check.h"

namespace geflecht::crdt {

void SequenceLog::AddGap(std::uint64_t count, Gap gap) {
  const auto size = static_cast<std::uint32_t>(count);
  gaps_.push_back({items_ - size, size, gap});
}

std::optional<Gap> SequenceLog::GapOf(Item item) const {
  const auto behind =
      std::upper_bound(gaps_.begin(), gaps_.end(), item,
                       [](Item value, const Missing& gap) { return value < gap.item; });
  if (behind == gaps_.begin() || item - behind[-1].item >= behind[-1].count) return std::nullopt;
  return behind[-1].gap;
}

void SequenceLog::InsertBlock(Node node, std::uint64_t position,
                              std::map<std::string, Value> attributes) {
  CHECK(items_ < kItemsMax);
  ops_.push_back({.node = node,
                  .position = static_cast<std::uint32_t>(position),
                  .count = 1,
                  .item = items_,
                  .offset = static_cast<std::uint32_t>(text_.size()),
                  .kind = Kind::kInsertBlock});
  blocks_.emplace_back(items_, std::move(attributes));
  text_ += '\n';
  ++items_;
  sealed_ = false;
}

void SequenceLog::AddMark(Node node, crdt::Mark mark) {
  ops_.push_back({.node = node,
                  .position = static_cast<std::uint32_t>(mark.from),
                  .count = static_cast<std::uint32_t>(marks_.size()),
                  .item = items_,
                  .offset = static_cast<std::uint32_t>(text_.size()),
                  .kind = Kind::kMark});
  marks_.push_back(std::move(mark));
  sealed_ = false;
}

void SequenceLog::SetBlock(Node node, crdt::SetBlock setting) {
  ops_.push_back({.node = node,
                  .position = static_cast<std::uint32_t>(setting.position),
                  .count = static_cast<std::uint32_t>(settings_.size()),
                  .item = items_,
                  .offset = static_cast<std::uint32_t>(text_.size()),
                  .kind = Kind::kSetBlock});
  settings_.push_back(std::move(setting));
  sealed_ = false;
}

const std::map<std::string, Value>* SequenceLog::Block(Item item) const {
  const auto at =
      std::lower_bound(blocks_.begin(), blocks_.end(), item,
                       [](const auto& block, Item value) { return block.first < value; });
  return at != blocks_.end() && at->first == item ? &at->second : nullptr;
}

void SequenceLog::InsertElement(Node node, std::uint64_t position, ListElement element) {
  CHECK(items_ < kItemsMax);
  const auto at = static_cast<std::uint32_t>(position);
  elements_.push_back(std::move(element));
  if (Joins(node, Kind::kInsert) && ops_.back().position + ops_.back().count == at) {
    ++ops_.back().count;
  } else {
    ops_.push_back({.node = node, .position = at, .count = 1, .item = items_, .offset = items_});
  }
  ++items_;
  sealed_ = false;
}

void SequenceLog::SetItem(Node node, std::uint64_t position, ListElement element) {
  ops_.push_back({.node = node,
                  .position = static_cast<std::uint32_t>(position),
                  .count = static_cast<std::uint32_t>(set_elements_.size()),
                  .item = items_,
                  .offset = items_,
                  .kind = Kind::kSetItem});
  set_elements_.push_back(std::move(element));
  sealed_ = false;
}

void SequenceLog::MoveItem(Node node, std::uint64_t from, std::uint64_t to) {
  CHECK(items_ < kItemsMax);
  ops_.push_back({.node = node,
                  .position = static_cast<std::uint32_t>(from),
                  .count = static_cast<std::uint32_t>(to),
                  .item = items_,
                  .offset = items_,
                  .kind = Kind::kMoveItem});
  elements_.emplace_back();
  ++items_;
  ++moves_;
  sealed_ = false;
}

void SequenceLog::Remove(Node node, std::uint64_t position, std::uint64_t count) {
  const auto at = static_cast<std::uint32_t>(position);
  const auto size = static_cast<std::uint32_t>(count);
  if (Joins(node, Kind::kRemove)) {
    Op& last = ops_.back();
    if (at == last.position || at + size == last.position) {
      last.position = at;
      last.count += size;
      return;
    }
  }
  ops_.push_back({.node = node,
                  .position = at,
                  .count = size,
                  .item = items_,
                  .offset = elements_.empty() ? static_cast<std::uint32_t>(text_.size()) : items_,
                  .kind = Kind::kRemove});
  sealed_ = false;
}

std::size_t SequenceLog::FirstBehind(Node node) const {
  if (node == kNoNode) return 0;
  if (ops_.empty() || ops_.back().node <= node) return ops_.size();
  const auto at = std::upper_bound(ops_.begin(), ops_.end(), node,
                                   [](Node value, const Op& op) { return value < op.node; });
  return static_cast<std::size_t>(at - ops_.begin());
}

std::size_t SequenceLog::OpOf(Item item) const {
  const auto behind = std::upper_bound(ops_.begin(), ops_.end(), item,
                                       [](Item value, const Op& op) { return value < op.item; });
  return static_cast<std::size_t>(behind - ops_.begin()) - 1;
}

std::string_view SequenceLog::TextOf(std::size_t op) const {
  const std::size_t end = op + 1 < ops_.size() ? ops_[op + 1].offset : text_.size();
  return std::string_view(text_).substr(ops_[op].offset, end - ops_[op].offset);
}

SequenceLog::Mark SequenceLog::End() const {
  Mark mark{.ops = ops_.size(),
            .items = items_,
            .bytes = text_.size(),
            .blocks = blocks_.size(),
            .marks = marks_.size(),
            .settings = settings_.size(),
            .set_elements = set_elements_.size(),
            .moves = moves_};
  if (!ops_.empty()) {
    mark.last_count = ops_.back().count;
    mark.last_position = ops_.back().position;
  }
  return mark;
}

void SequenceLog::Truncate(const Mark& mark) {
  ops_.resize(mark.ops);
  if (!ops_.empty()) {
    ops_.back().count = mark.last_count;
    ops_.back().position = mark.last_position;
  }
  items_ = mark.items;
  text_.resize(mark.bytes);
  blocks_.resize(mark.blocks);
  marks_.resize(mark.marks);
  settings_.resize(mark.settings);
  set_elements_.resize(mark.set_elements);
  moves_ = mark.moves;
  if (elements_.size() > items_) elements_.resize(items_);
}

}  // namespace geflecht::crdt
