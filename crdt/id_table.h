// An index from 256-bit ids to numbers. The ids themselves lie with the caller.
#pragma once

#include <cstddef>
#include <cstdint>
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
    const std::size_t mask = slots_.size() - 1;
    for (std::size_t at = Hash(id) & mask;; at = (at + 1) & mask) {
      if (slots_[at] == kNone) return kNone;
      if (id_of(slots_[at]) == id) return slots_[at];
    }
  }

  // `number` is new.
  template <class IdOf>
  void Insert(std::uint32_t number, const IdOf& id_of) {
    if (2 * (count_ + 1) > slots_.size()) {
      std::vector<std::uint32_t> old(slots_.empty() ? 16 : 2 * slots_.size(), kNone);
      old.swap(slots_);
      for (const std::uint32_t one : old)
        if (one != kNone) Place(one, id_of(one));
    }
    Place(number, id_of(number));
    ++count_;
  }

 private:
  static std::size_t Hash(const ChangeId& id) {
    std::uint64_t mixed = 0;
    for (std::size_t i = 0; i < id.bytes.size(); i += 8) {
      std::uint64_t word = 0;
      for (std::size_t j = 0; j < 8; ++j) word = word << 8 | id.bytes[i + j];
      mixed = (mixed ^ word) * 0x9E3779B97F4A7C15u;
      mixed ^= mixed >> 32;
    }
    return static_cast<std::size_t>(mixed);
  }
  void Place(std::uint32_t number, const ChangeId& id) {
    const std::size_t mask = slots_.size() - 1;
    std::size_t at = Hash(id) & mask;
    while (slots_[at] != kNone) at = (at + 1) & mask;
    slots_[at] = number;
  }

  std::vector<std::uint32_t> slots_;
  std::size_t count_ = 0;
};

}  // namespace geflecht::crdt
