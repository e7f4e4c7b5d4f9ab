// Which leaf of a walker holds an item: a sorted list of stretches in blocks. A look-up costs two
// binary searches, an assignment the shifting of one block.
#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <utility>
#include <vector>

namespace geflecht::crdt {

// Every item from a key up to the next key has the key's value. Items in front of the first key
// have none.
template <class Value>
class ItemIndex {
 public:
  Value Find(std::uint32_t item) const {
    const Place place = PlaceOf(item);
    return blocks_[place.block]->entries[place.entry].value;
  }

  // Gives `value` to all items from `first` on; nothing has been assigned to them yet.
  void Append(std::uint32_t first, Value value) {
    if (!blocks_.empty()) {
      Entry& last = blocks_.back()->entries[blocks_.back()->count - 1];
      if (last.first == first) last.value = value;
      if (last.value == value) return;
    }
    InsertAt(
        {blocks_.empty() ? 0 : blocks_.size() - 1, blocks_.empty() ? 0 : blocks_.back()->count},
        {first, value});
  }

  // Gives `value` to the items from `first` up to and without `end`, which all have one.
  void Set(std::uint32_t first, std::uint32_t end, Value value) {
    Place at = PlaceOf(first);
    Value last = blocks_[at.block]->entries[at.entry].value;
    const std::uint32_t key = blocks_[at.block]->entries[at.entry].first;
    if (last == value && NextKey(at) >= end) return;
    if (key < first) {
      ++at.entry;
      InsertAt(at, {first, value});
      at = PlaceOf(first);
    } else {
      blocks_[at.block]->entries[at.entry].value = value;
    }
    // What lay between is covered now.
    for (Place next = Next(at); Exists(next); next = Next(at)) {
      const Entry entry = blocks_[next.block]->entries[next.entry];
      if (entry.first >= end) break;
      last = entry.value;
      EraseAt(next);
    }
    const Place next = Next(at);
    if (last == value || (Exists(next) && blocks_[next.block]->entries[next.entry].first == end))
      return;
    ++at.entry;
    InsertAt(at, {end, last});
  }

 private:
  static constexpr std::uint32_t kBlock = 64;
  struct Entry {
    std::uint32_t first = 0;
    Value value{};
  };
  struct Block {
    std::uint32_t count = 0;
    std::array<Entry, kBlock> entries;
  };
  struct Place {
    std::size_t block = 0;
    std::uint32_t entry = 0;
  };

  Place PlaceOf(std::uint32_t item) const {
    const auto block = std::upper_bound(firsts_.begin(), firsts_.end(), item) - firsts_.begin();
    const Block& found = *blocks_[static_cast<std::size_t>(block - 1)];
    const auto behind = std::upper_bound(
        found.entries.begin(), found.entries.begin() + found.count, item,
        [](std::uint32_t value, const Entry& entry) { return value < entry.first; });
    return {static_cast<std::size_t>(block - 1),
            static_cast<std::uint32_t>(behind - found.entries.begin() - 1)};
  }
  Place Next(Place place) const {
    if (place.entry + 1 < blocks_[place.block]->count) return {place.block, place.entry + 1};
    return {place.block + 1, 0};
  }
  bool Exists(Place place) const { return place.block < blocks_.size(); }
  std::uint32_t NextKey(Place place) const {
    const Place next = Next(place);
    return Exists(next) ? blocks_[next.block]->entries[next.entry].first : 0xFFFFFFFF;
  }

  void InsertAt(Place at, Entry entry) {
    if (blocks_.empty()) {
      blocks_.push_back(std::make_unique<Block>());
      firsts_.push_back(entry.first);
    }
    Block* block = blocks_[at.block].get();
    if (block->count == kBlock) {
      auto right = std::make_unique<Block>();
      // A block that is filled from left to right stays full.
      const std::uint32_t half = at.entry == kBlock ? kBlock : kBlock / 2;
      std::copy(block->entries.begin() + half, block->entries.end(), right->entries.begin());
      right->count = kBlock - half;
      block->count = half;
      const std::uint32_t first = half == kBlock ? entry.first : right->entries[0].first;
      firsts_.insert(firsts_.begin() + static_cast<std::ptrdiff_t>(at.block + 1), first);
      blocks_.insert(blocks_.begin() + static_cast<std::ptrdiff_t>(at.block + 1), std::move(right));
      if (at.entry > half || half == kBlock) {
        at = {at.block + 1, at.entry - half};
        block = blocks_[at.block].get();
      }
    }
    std::copy_backward(block->entries.begin() + at.entry, block->entries.begin() + block->count,
                       block->entries.begin() + block->count + 1);
    block->entries[at.entry] = entry;
    ++block->count;
    if (at.entry == 0) firsts_[at.block] = entry.first;
  }

  void EraseAt(Place at) {
    Block& block = *blocks_[at.block];
    std::copy(block.entries.begin() + at.entry + 1, block.entries.begin() + block.count,
              block.entries.begin() + at.entry);
    if (--block.count == 0) {
      blocks_.erase(blocks_.begin() + static_cast<std::ptrdiff_t>(at.block));
      firsts_.erase(firsts_.begin() + static_cast<std::ptrdiff_t>(at.block));
    } else if (at.entry == 0) {
      firsts_[at.block] = block.entries[0].first;
    }
  }

  std::vector<std::unique_ptr<Block>> blocks_;
  std::vector<std::uint32_t> firsts_;  // the first key of each block
};

}  // namespace geflecht::crdt
