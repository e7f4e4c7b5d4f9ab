#include "crdt/sequence.h"

#include <algorithm>
#include <cstddef>

#include "base/check.h"

namespace geflecht::crdt {

std::size_t Sequence::FindGap(std::uint64_t position) const {
  std::size_t gap = 0;
  for (std::uint64_t seen = 0; seen < position; ++gap)
    if (prepare_[order_[gap]] == kInserted) ++seen;
  return gap;
}

std::size_t Sequence::IndexOf(Item item) const {
  const auto found = std::find(order_.begin(), order_.end(), item);
  CHECK(found != order_.end());
  return static_cast<std::size_t>(found - order_.begin());
}

void Sequence::Insert(std::uint64_t position, std::uint64_t count, std::uint32_t writer,
                      const WriterLess& less) {
  CHECK(position <= prepare_length_);
  const std::size_t first = InsertAt(FindGap(position), writer, less);
  // Nothing that is here has a new element as its left origin, so the others follow directly.
  std::vector<Item> rest;
  for (std::uint64_t i = 1; i < count; ++i) {
    const Item left = rest.empty() ? order_[first] : rest.back();
    rest.push_back(static_cast<Item>(items_.size()));
    items_.push_back({.left = left, .right_parent = kNone, .writer = writer});
    prepare_.push_back(kInserted);
    removed_.push_back(false);
  }
  order_.insert(order_.begin() + static_cast<std::ptrdiff_t>(first + 1), rest.begin(), rest.end());
  prepare_length_ += rest.size();
}

std::size_t Sequence::InsertAt(std::size_t gap, std::uint32_t writer, const WriterLess& less) {
  Origin origin{
      .left = gap == 0 ? kNone : order_[gap - 1], .right_parent = kNone, .writer = writer};
  std::size_t next = gap;
  while (next < order_.size() && prepare_[order_[next]] == kNotInserted) ++next;
  if (next < order_.size() && items_[order_[next]].left == origin.left)
    origin.right_parent = order_[next];
  const std::size_t index = Integrate(gap, origin, less);
  const Item item = static_cast<Item>(items_.size());
  items_.push_back(origin);
  prepare_.push_back(kInserted);
  removed_.push_back(false);
  order_.insert(order_.begin() + static_cast<std::ptrdiff_t>(index), item);
  ++prepare_length_;
  return index;
}

std::size_t Sequence::Integrate(std::size_t gap, const Origin& origin,
                                const WriterLess& less) const {
  if (gap == order_.size() || prepare_[order_[gap]] != kNotInserted) return gap;
  // Places of origins: one to the right of the element in front, so that "none" is 0.
  const auto behind = [&](Item left) { return left == kNone ? 0 : IndexOf(left) + 1; };
  const auto at = [&](Item right) { return right == kNone ? order_.size() : IndexOf(right); };
  const std::size_t right = at(origin.right_parent);
  std::size_t place = gap;
  bool scanning = false;  // between elements that may still turn out to stand behind the new one
  for (std::size_t i = gap; i < order_.size(); ++i) {
    const Item other_item = order_[i];
    if (prepare_[other_item] != kNotInserted) break;
    const Origin& other = items_[other_item];
    const std::size_t other_left = behind(other.left);
    if (other_left < gap) break;
    if (other_left == gap) {
      const std::size_t other_right = at(other.right_parent);
      if (other_right == right && less(origin.writer, other.writer)) break;
      scanning = other_right < right;
    }
    if (!scanning) place = i + 1;
  }
  return place;
}

std::vector<Sequence::Item> Sequence::Remove(std::uint64_t position, std::uint64_t count) {
  CHECK(position <= prepare_length_ && count <= prepare_length_ - position);
  std::vector<Item> out;
  for (std::size_t i = FindGap(position); out.size() < count; ++i) {
    const Item item = order_[i];
    if (prepare_[item] != kInserted) continue;
    SetPrepare(item, kInserted + 1);
    removed_[item] = true;
    out.push_back(item);
  }
  return out;
}

void Sequence::SetPrepare(Item item, std::uint32_t state) {
  if (prepare_[item] == kInserted) --prepare_length_;
  prepare_[item] = state;
  if (state == kInserted) ++prepare_length_;
}

void Sequence::RetreatInsert(Item item) {
  CHECK(prepare_[item] == kInserted);
  SetPrepare(item, kNotInserted);
}

void Sequence::AdvanceInsert(Item item) {
  CHECK(prepare_[item] == kNotInserted);
  SetPrepare(item, kInserted);
}

void Sequence::RetreatRemove(Item item) {
  CHECK(prepare_[item] > kInserted);
  SetPrepare(item, prepare_[item] - 1);
}

void Sequence::AdvanceRemove(Item item) {
  CHECK(prepare_[item] >= kInserted);
  SetPrepare(item, prepare_[item] + 1);
}

std::vector<Sequence::Item> Sequence::Visible() const {
  std::vector<Item> out;
  for (const Item item : order_)
    if (!removed_[item]) out.push_back(item);
  return out;
}

}  // namespace geflecht::crdt
