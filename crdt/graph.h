// The event graph: every change that is here, its parents, and the changes that wait for theirs.
#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <vector>

#include "crdt/change.h"
#include "crdt/document.h"
#include "crdt/value.h"

namespace geflecht::crdt {

// Number of a change in the order of arrival; a parent has a lower number than its children.
using Node = std::uint32_t;

class Graph {
 public:
  struct Entry {
    Change change;
    std::vector<Node> parents;  // by change id, ascending, none twice
    std::uint64_t depth = 0;    // derived Lamport time: one more than the greatest of the parents
    bool follows_all = false;   // its parents were the heads when it came
  };

  // Adds `change` and all that waited for it. Changes with one id are one change: the first counts.
  Applied Add(const Change& change);

  std::size_t size() const { return entries_.size(); }
  const Entry& at(Node node) const { return entries_[node]; }
  const Heads& heads() const { return heads_; }
  std::vector<Node> HeadNodes() const;
  std::vector<ChangeId> Waiting() const;
  // Whether `change` lies in the causal past of `other` or is it.
  bool Contains(Node other, Node change) const;
  // The nodes of `changes`. All of them are here.
  Node NodeOf(const ChangeId& change) const;

  // The causal pasts of `left` and `right`, themselves included: what only one of them holds,
  // ascending.
  struct Difference {
    std::vector<Node> only_left, only_right;
  };
  Difference Diff(const std::vector<Node>& left, const std::vector<Node>& right) const;

  // All nodes, parents first, in an order that depends on nothing but the set of changes.
  std::vector<Node> Order() const;

 private:
  bool Insert(const Change& change);  // false: a parent is missing

  std::vector<Entry> entries_;
  std::map<ChangeId, Node> nodes_;
  Heads heads_;
  std::map<ChangeId, Change> waiting_;
  std::multimap<ChangeId, ChangeId> waits_for_;  // missing parent -> waiting change
};

}  // namespace geflecht::crdt
