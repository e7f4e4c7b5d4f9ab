// The elements that a list shows, as stretches of item numbers in a counted B+tree.
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "crdt/counted_tree.h"
#include "crdt/sequence_log.h"

namespace geflecht::crdt {

class LiveItems {
 public:
  struct Stretch {
    Item item = 0;
    std::uint32_t count = 0;
    bool operator==(const Stretch&) const = default;
  };

  std::uint64_t length() const { return tree_.total().items; }
  // `position` <= length().
  void Insert(std::uint64_t position, Item item, std::uint32_t count);
  // `position` + `count` <= length(). What is removed is appended to `removed` if that is given.
  void Remove(std::uint64_t position, std::uint64_t count, std::vector<Stretch>* removed = nullptr);

  Item At(std::uint64_t position) const;  // `position` < length()
  // O(number of stretches).
  std::optional<std::uint64_t> IndexOf(Item item) const;
  std::vector<Stretch> All() const;

 private:
  static constexpr std::uint32_t kStretches = 32;
  struct Sum {
    std::uint32_t items = 0;
    Sum& operator+=(const Sum& other) { return items += other.items, *this; }
    Sum& operator-=(const Sum& other) { return items -= other.items, *this; }
  };
  struct Leaf : TreeLeaf<Leaf, Sum> {
    std::uint32_t count = 0;
    Stretch stretches[kStretches];
  };
  // Makes room for a stretch at `index` of `leaf`, which may become its right neighbour.
  void Open(Leaf*& leaf, std::uint32_t& index);

  CountedTree<Leaf, Sum> tree_;
};

}  // namespace geflecht::crdt
