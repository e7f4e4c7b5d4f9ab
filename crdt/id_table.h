// An index from 256-bit ids to numbers. The ids themselves lie with the caller.
#pragma once

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
    if (slots_.empty()) return kNone;
    const std::uint32_t hash = Hash(id);
    const std::size_t mask = slots_.size() - 1;
    for (std::size_t at = hash & mask;; at = (at + 1) & mask) {
      const Slot& slot = slots_[at];
      if (slot.number == kNone) return kNone;
      if (slot.hash == hash && id_of(slot.number) == id) return slot.number;
    }
  }

  // `number` is new.
  void Insert(std::uint32_t number, const ChangeId& id) {
    if (2 * (count_ + 1) > slots_.size()) {
      std::vector<Slot> old(slots_.empty() ? 16 : 2 * slots_.size());
      old.swap(slots_);
      for (const Slot& slot : old)
        if (slot.number != kNone) Place(slot);
    }
    Place({number, Hash(id)});
    ++count_;
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
  void Place(const Slot& slot) {
    const std::size_t mask = slots_.size() - 1;
    std::size_t at = slot.hash & mask;
    while (slots_[at].number != kNone) at = (at + 1) & mask;
    slots_[at] = slot;
  }

  std::vector<Slot> slots_;
  std::size_t count_ = 0;
};

}  // namespace geflecht::crdt
