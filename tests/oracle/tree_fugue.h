// A second oracle for texts, of another kind: replicas that name every element by an id and keep
// the elements in the tree of Weidner and Kleppmann, The Art of the Fugue, 2023 (section 4, and
// section 5 for FugueMax). No versions are moved, no positions of others are read.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "tests/oracle/history.h"

namespace geflecht::crdt::oracle {

enum class SiblingOrder : std::uint8_t { kFugue, kFugueMax };

class TreeFugue {
 public:
  using Id = std::pair<Node, std::uint64_t>;  // the change, and the element's number in it
  enum class Side : std::uint8_t { kLeft, kRight };
  struct Insertion {
    Id id;
    std::optional<Id> parent;  // nothing: the root
    Side side = Side::kRight;
    std::optional<Id> right_origin;  // nothing: the end
    char32_t point = 0;
  };
  struct Operation {
    std::optional<Insertion> insertion;
    Id removed;  // without insertion
  };

  TreeFugue(const History& history, SiblingOrder order) : history_(history), order_(order) {}

  // Takes an operation of any replica. What it names is here already.
  void Apply(const Operation& operation);
  // What this replica sends when its user inserts or removes one element at `position`. Applied.
  // Nothing behind the end.
  std::optional<Operation> Insert(std::uint64_t position, char32_t point, const Id& id);
  std::optional<Operation> Remove(std::uint64_t position);

  std::u32string Text() const;

 private:
  struct Element {
    Insertion made;
    bool removed = false;
    std::vector<Id> left, right;  // children, in order
  };

  const Element& at(const std::optional<Id>& id) const { return id ? elements_.at(*id) : root_; }
  Element& at(const std::optional<Id>& id) { return id ? elements_.at(*id) : root_; }
  std::vector<Id> Traverse() const;
  bool IsBefore(const Insertion& left, const Insertion& right) const;

  const History& history_;
  SiblingOrder order_;
  Element root_;
  std::map<Id, Element> elements_;
};

// The text that the changes of `history` leave in its text `id`: every change is typed at a replica
// of its own, which has received what its parents had. Nothing if an edit does not fit there: it
// was typed in another order.
std::optional<std::u32string> TextByTreeFugue(const History& history, const ContainerId& id,
                                              SiblingOrder order);

}  // namespace geflecht::crdt::oracle
