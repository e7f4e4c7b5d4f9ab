#include "crdt/live_items.h"

#include <algorithm>

namespace geflecht::crdt {

void LiveItems::Open(Leaf*& leaf, std::uint32_t& index) {
  if (leaf->count == kStretches) {
    constexpr std::uint32_t kHalf = kStretches / 2;
    Leaf* const fresh = new Leaf;
    Sum moved;
    for (std::uint32_t i = kHalf; i < kStretches; ++i) {
      fresh->stretches[i - kHalf] = leaf->stretches[i];
      moved.items += leaf->stretches[i].count;
    }
    fresh->count = kStretches - kHalf;
    leaf->count = kHalf;
    tree_.Split(leaf, fresh, moved);
    if (index > kHalf) {
      leaf = fresh;
      index -= kHalf;
    }
  }
  std::copy_backward(leaf->stretches + index, leaf->stretches + leaf->count,
                     leaf->stretches + leaf->count + 1);
  ++leaf->count;
}

void LiveItems::Insert(std::uint64_t position, Item item, std::uint32_t count) {
  if (tree_.first() == nullptr) tree_.Append(new Leaf, {});
  std::uint64_t rest = position;
  Leaf* leaf = tree_.Find<&Sum::items>(rest);
  std::uint32_t index = 0;
  while (index < leaf->count && rest > leaf->stretches[index].count)
    rest -= leaf->stretches[index++].count;
  if (index < leaf->count && rest > 0) {
    const Stretch here = leaf->stretches[index];
    if (rest == here.count && here.item + here.count == item) {
      leaf->stretches[index].count += count;
      return tree_.Add(leaf, {count});
    }
    ++index;
    if (rest < here.count) {
      const auto front = static_cast<std::uint32_t>(rest);
      // The tail counts as new for a moment, since it may come to lie in another leaf.
      leaf->stretches[index - 1].count = front;
      tree_.Add(leaf, {front - here.count});
      Open(leaf, index);
      leaf->stretches[index] = {here.item + front, here.count - front};
      tree_.Add(leaf, {here.count - front});
    }
  }
  Open(leaf, index);
  leaf->stretches[index] = {item, count};
  tree_.Add(leaf, {count});
}

void LiveItems::Remove(std::uint64_t position, std::uint64_t count, std::vector<Stretch>* removed) {
  while (count > 0) {
    std::uint64_t rest = position + 1;
    Leaf* leaf = tree_.Find<&Sum::items>(rest);
    std::uint32_t index = 0;
    while (rest > leaf->stretches[index].count) rest -= leaf->stretches[index++].count;
    const Stretch here = leaf->stretches[index];
    const auto front = static_cast<std::uint32_t>(rest - 1);
    const auto part =
        static_cast<std::uint32_t>(std::min<std::uint64_t>(count, here.count - front));
    const Stretch tail{here.item + front + part, here.count - front - part};
    if (removed != nullptr) removed->push_back({here.item + front, part});
    count -= part;
    if (front > 0) {
      leaf->stretches[index].count = front;
      tree_.Add(leaf, {front - here.count});
      if (tail.count == 0) continue;
      ++index;
      Open(leaf, index);
      leaf->stretches[index] = tail;
      tree_.Add(leaf, {tail.count});
    } else if (tail.count > 0) {
      leaf->stretches[index] = tail;
      tree_.Add(leaf, {0 - part});
    } else {
      std::copy(leaf->stretches + index + 1, leaf->stretches + leaf->count,
                leaf->stretches + index);
      --leaf->count;
      tree_.Add(leaf, {0 - part});
      if (leaf->count == 0) tree_.Erase(leaf);
    }
  }
}

Item LiveItems::At(std::uint64_t position) const {
  std::uint64_t rest = position + 1;
  const Leaf* leaf = tree_.Find<&Sum::items>(rest);
  std::uint32_t index = 0;
  while (rest > leaf->stretches[index].count) rest -= leaf->stretches[index++].count;
  return leaf->stretches[index].item + static_cast<std::uint32_t>(rest) - 1;
}

std::optional<std::uint64_t> LiveItems::IndexOf(Item item) const {
  std::uint64_t at = 0;
  for (const Leaf* leaf = tree_.first(); leaf != nullptr; leaf = leaf->next) {
    for (std::uint32_t i = 0; i < leaf->count; ++i) {
      if (item - leaf->stretches[i].item < leaf->stretches[i].count)
        return at + (item - leaf->stretches[i].item);
      at += leaf->stretches[i].count;
    }
  }
  return std::nullopt;
}

std::vector<LiveItems::Stretch> LiveItems::All() const {
  std::vector<Stretch> out;
  for (const Leaf* leaf = tree_.first(); leaf != nullptr; leaf = leaf->next)
    out.insert(out.end(), leaf->stretches, leaf->stretches + leaf->count);
  return out;
}

}  // namespace geflecht::crdt
