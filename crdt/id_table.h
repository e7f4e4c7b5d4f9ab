// An index from 256-bit ids to numbers. The ids themselves lie with the caller.
#pragma once

#include <algorithm>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <vector>

#include "crdt/value.h"

namespace geflecht::crdt {

// Open addressing. Ids are hashes, so their first bytes are spread evenly; whoever grinds ids for
// one place makes probes longer by as many entries as he made.
class IdTable {
 public:
  static constexpr std::uint32_t kNone = 0xFFFFFFFF;

  // The number whose id, as `id_of(number)` gives it, is `id`, or kNone.
  template <class IdOf>
  std::uint32_t Find(const ChangeId& id, const IdOf& id_of) const {
    if (count_ == 0) return kNone;
    const std::uint32_t hash = Hash(id);
    const std::size_t mask = slots_.size() - 1;
    for (std::size_t at = hash & mask;; at = (at + 1) & mask) {
      if (tags_[at] == 0) return kNone;
      if (tags_[at] != TagOf(hash)) continue;
      const Slot& slot = slots_[at];
      if (slot.hash == hash && id_of(slot.number) == id) return slot.number;
    }
  }

  // `id` will be looked for or inserted soon.
  void Fetch(const ChangeId& id) const {
    if (slots_.empty()) return;
    const std::size_t at = Hash(id) & (slots_.size() - 1);
    __builtin_prefetch(&tags_[at], 1);
    __builtin_prefetch(&slots_[at], 1);
  }

  // `number` is new.
  void Insert(std::uint32_t number, const ChangeId& id) {
    if (2 * (count_ + 1) > slots_.size()) Grow(slots_.empty() ? 16 : 2 * slots_.size());
    Place({number, Hash(id)});
    ++count_;
  }

  // Makes room for `more` ids beside those that are here.
  void Reserve(std::size_t more) {
    if (2 * (count_ + more) > slots_.size()) Grow(std::bit_ceil(2 * (count_ + more)));
  }

  void Clear() {
    if (count_ > 0) std::fill(tags_.begin(), tags_.end(), std::uint8_t{0});
    count_ = 0;
  }

 private:
  struct Slot {
    std::uint32_t number = kNone;
    std::uint32_t hash = 0;
  };

  static std::uint32_t Hash(const ChangeId& id) {
    std::uint64_t words[4];
    std::memcpy(words, id.bytes.data(), sizeof(words));
    std::uint64_t mixed = 0;
    for (const std::uint64_t word : words)
      mixed = (mixed ^ word ^ (word >> 32)) * 0x9E3779B97F4A7C15u;
    return static_cast<std::uint32_t>(mixed >> 32);
  }
  static std::uint8_t TagOf(std::uint32_t hash) {
    return static_cast<std::uint8_t>(hash >> 25 | 0x80);
  }
  void Place(const Slot& slot) {
    const std::size_t mask = slots_.size() - 1;
    std::size_t at = slot.hash & mask;
    while (tags_[at] != 0) at = (at + 1) & mask;
    tags_[at] = TagOf(slot.hash);
    slots_[at] = slot;
  }
  void Grow(std::size_t size) {
    std::vector<Slot> slots(size);
    std::vector<std::uint8_t> tags(size, 0);
    slots.swap(slots_);
    tags.swap(tags_);
    for (std::size_t i = 0; i < slots.size(); ++i)
      if (tags[i] != 0) Place(slots[i]);
  }

  // A byte for each slot, 0 for an empty one: most look-ups are for what is not here, and touch
  // nothing else.
  std::vector<std::uint8_t> tags_;
  std::vector<Slot> slots_;
  std::size_t count_ = 0;
};

}  // namespace geflecht::crdt
