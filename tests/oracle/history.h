// All changes that a test has delivered, with their causal pasts written out.
#pragma once

#include <cstdint>
#include <map>
#include <vector>

#include "crdt/change.h"
#include "crdt/value.h"

namespace geflecht::crdt::oracle {

// Number of a change in the order of arrival; a parent has a lower number than its children.
using Node = std::uint32_t;

class History {
 public:
  struct Entry {
    Change change;
    std::vector<Node> parents;
    std::uint64_t depth = 0;
    std::vector<std::uint64_t> past;  // bits by node, with itself
  };

  // Keeps a change whose parents are missing until they come. A known id changes nothing.
  void Add(const Change& change);

  Node size() const { return static_cast<Node>(entries_.size()); }
  const Entry& at(Node node) const { return entries_[node]; }
  Entry& at(Node node) { return entries_[node]; }
  const Node* Find(const ChangeId& id) const;
  // The edits of a change that is here or waits.
  std::vector<Edit>* FindEdits(const ChangeId& id);
  std::vector<ChangeId> Waiting() const;
  Heads FindHeads() const;

  // Whether `first` lies in the past of `second` or is it.
  bool Before(Node first, Node second) const;
  bool Concurrent(Node one, Node other) const { return !Before(one, other) && !Before(other, one); }
  // By device key, then by change id.
  bool WriterLess(Node left, Node right) const;
  // Whether `left` is the later one (docs/formats/change.md, Order of changes).
  bool Later(Node left, Node right) const;

 private:
  bool Insert(const Change& change);

  std::vector<Entry> entries_;
  std::map<ChangeId, Node> nodes_;
  std::map<ChangeId, Change> waiting_;
};

}  // namespace geflecht::crdt::oracle
