// The order of a text's or list's elements, as a flat list that is scanned.
//
// Replay: Gentle and Kleppmann, Collaborative Text Editing with Eg-walker, EuroSys 2025. Order of
// concurrent insertions: docs/decisions/0010, found by scanning as in YjsMod.
#pragma once

#include <cstdint>
#include <functional>
#include <vector>

namespace geflecht::crdt::oracle {

class Sequence {
 public:
  using Item = std::uint32_t;  // number in the order of insertion into this object
  static constexpr Item kNone = 0xFFFFFFFF;
  using WriterLess = std::function<bool(std::uint32_t, std::uint32_t)>;
  // Whether a new element goes behind this removed one rather than in front of it.
  using Holds = std::function<bool(Item)>;

  // Inserts a new element of `writer` behind `position` shown elements. It gets the next number,
  // is inserted and is shown.
  Item Insert(std::uint64_t position, std::uint32_t writer, const WriterLess& less,
              const Holds& holds);
  // The element at `position`, or kNone behind the last one.
  Item Shown(std::uint64_t position) const;

  // Whether the element belongs to the version at hand, and whether it is visible there.
  void Set(Item item, bool inserted, bool shown);

  std::uint64_t length() const { return length_; }  // shown elements
  const std::vector<Item>& order() const { return order_; }

 private:
  struct Element {
    Item left = kNone;          // the element in front when it was inserted
    Item right_parent = kNone;  // the element behind, if that has the same one in front
    std::uint32_t writer = 0;
    bool inserted = true, shown = true;
  };

  std::size_t Integrate(std::size_t gap, const Element& element, const WriterLess& less) const;
  std::size_t IndexOf(Item item) const;

  std::vector<Element> elements_;
  std::vector<Item> order_;
  std::uint64_t length_ = 0;
};

}  // namespace geflecht::crdt::oracle
