// Which marks elements of a text have to have when a change is taken back. A mark that somebody
// made is looked at beside that member of an element which its writer knew.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "crdt/undo_order.h"

namespace geflecht::crdt {

class UndoMarks {
 public:
  UndoMarks(const UndoOrder& order, Node change);

  // Whether the change has made any mark.
  bool any() const { return any_; }

  struct Cover {
    std::map<std::string, MarkWish::Format> wanted;  // all
    std::map<std::string, MarkWish::Format> undone;  // of the keys that the change has marked
  };
  // Of an element, and a number that neighbours share which have the same.
  std::pair<std::size_t, const Cover*> At(Item root);

 private:
  struct Range {
    std::size_t op = 0;
    std::uint32_t from = 0, to = 0;  // places
  };
  void Find(const std::vector<Item>& members);

  const UndoOrder& order_;
  const Node change_;
  std::vector<Range> marks_;  // the later behind
  bool any_ = false;
  Cover cover_;
  std::size_t number_ = 0;
  std::vector<Item> members_;  // of the last element
  std::uint32_t left_ = 0;     // elements behind it with the same marks
};

}  // namespace geflecht::crdt
