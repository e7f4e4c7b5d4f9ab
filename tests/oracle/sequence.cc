#include "tests/oracle/sequence.h"

#include <algorithm>
#include <cstddef>

#include "base/check.h"

namespace geflecht::crdt::oracle {

Sequence::Item Sequence::Insert(std::uint64_t position, std::uint32_t writer,
                                const WriterLess& less, const Holds& holds) {
  CHECK(position <= length_);
  std::size_t gap = 0;
  for (std::uint64_t seen = 0; seen < position; ++gap)
    if (elements_[order_[gap]].shown) ++seen;
  for (std::size_t i = gap; i < order_.size() && !elements_[order_[i]].shown; ++i)
    if (elements_[order_[i]].inserted && holds(order_[i])) gap = i + 1;

  Element element;
  element.writer = writer;
  if (gap > 0) element.left = order_[gap - 1];
  std::size_t next = gap;
  while (next < order_.size() && !elements_[order_[next]].inserted) ++next;
  if (next < order_.size() && elements_[order_[next]].left == element.left)
    element.right_parent = order_[next];
  const std::size_t index = Integrate(gap, element, less);
  const Item item = static_cast<Item>(elements_.size());
  elements_.push_back(element);
  order_.insert(order_.begin() + static_cast<std::ptrdiff_t>(index), item);
  ++length_;
  return item;
}

std::size_t Sequence::Integrate(std::size_t gap, const Element& element,
                                const WriterLess& less) const {
  // Places of origins: one to the right of the element in front, so that "none" is 0.
  const auto behind = [&](Item left) { return left == kNone ? 0 : IndexOf(left) + 1; };
  const auto at = [&](Item right) { return right == kNone ? order_.size() : IndexOf(right); };
  std::size_t place = gap;
  bool scanning = false;  // between elements that may still turn out to stand behind the new one
  for (std::size_t i = gap; i < order_.size() && !elements_[order_[i]].inserted; ++i) {
    const Element& other = elements_[order_[i]];
    const std::size_t other_left = behind(other.left);
    if (other_left < gap) break;
    if (other_left == gap) {
      const std::size_t right = at(element.right_parent), other_right = at(other.right_parent);
      if (other_right == right && less(element.writer, other.writer)) break;
      scanning = other_right < right;
    }
    if (!scanning) place = i + 1;
  }
  return place;
}

std::size_t Sequence::IndexOf(Item item) const {
  const auto found = std::find(order_.begin(), order_.end(), item);
  CHECK(found != order_.end());
  return static_cast<std::size_t>(found - order_.begin());
}

Sequence::Item Sequence::Shown(std::uint64_t position) const {
  if (position >= length_) return kNone;
  for (const Item item : order_) {
    if (!elements_[item].shown) continue;
    if (position == 0) return item;
    --position;
  }
  return kNone;
}

void Sequence::Set(Item item, bool inserted, bool shown) {
  Element& element = elements_[item];
  if (element.shown != shown) length_ += shown ? 1 : ~std::uint64_t{0};
  element.inserted = inserted;
  element.shown = shown;
}

}  // namespace geflecht::crdt::oracle
