#include "crdt/graph.h"

#include <algorithm>
#include <functional>
#include <iterator>
#include <utility>

#include "base/check.h"

namespace geflecht::crdt {

Applied Graph::Add(const Change& change) {
  if (nodes_.contains(change.id)) return Applied::kKnown;
  if (waiting_.contains(change.id)) return Applied::kWaiting;
  if (!Insert(change)) {
    waiting_.emplace(change.id, change);
    return Applied::kWaiting;
  }
  std::vector<ChangeId> arrived{change.id};
  while (!arrived.empty()) {
    const ChangeId parent = arrived.back();
    arrived.pop_back();
    const auto [begin, end] = waits_for_.equal_range(parent);
    std::vector<ChangeId> children;
    for (auto it = begin; it != end; ++it) children.push_back(it->second);
    waits_for_.erase(begin, end);
    for (const ChangeId& child : children) {
      if (!Insert(waiting_.at(child))) continue;
      waiting_.erase(child);
      arrived.push_back(child);
    }
  }
  return Applied::kNew;
}

bool Graph::Insert(const Change& change) {
  std::vector<ChangeId> parents = change.parents;
  std::sort(parents.begin(), parents.end());
  parents.erase(std::unique(parents.begin(), parents.end()), parents.end());
  Entry entry{.change = change, .parents = {}, .depth = 1, .follows_all = parents == heads_};
  for (const ChangeId& parent : parents) {
    const auto found = nodes_.find(parent);
    if (found == nodes_.end()) {
      waits_for_.emplace(parent, change.id);
      return false;
    }
    entry.parents.push_back(found->second);
    entry.depth = std::max(entry.depth, entries_[found->second].depth + 1);
  }
  Heads heads;
  std::set_difference(heads_.begin(), heads_.end(), parents.begin(), parents.end(),
                      std::back_inserter(heads));
  heads.insert(std::upper_bound(heads.begin(), heads.end(), change.id), change.id);
  heads_ = std::move(heads);
  nodes_.emplace(change.id, static_cast<Node>(entries_.size()));
  entries_.push_back(std::move(entry));
  return true;
}

Node Graph::NodeOf(const ChangeId& change) const {
  const auto found = nodes_.find(change);
  CHECK(found != nodes_.end());
  return found->second;
}

std::vector<Node> Graph::HeadNodes() const {
  std::vector<Node> out;
  for (const ChangeId& head : heads_) out.push_back(NodeOf(head));
  return out;
}

std::vector<ChangeId> Graph::Waiting() const {
  std::vector<ChangeId> out;
  for (const auto& [id, change] : waiting_) out.push_back(id);
  return out;
}

bool Graph::Contains(Node other, Node change) const {
  return Diff({change}, {other}).only_left.empty();
}

Graph::Difference Graph::Diff(const std::vector<Node>& left, const std::vector<Node>& right) const {
  constexpr int kLeft = 1, kRight = 2, kBoth = 3;
  // A parent's number is lower than its children's, so whatever reaches a node is known when the
  // node is the greatest that is left.
  std::map<Node, int, std::greater<>> queue;
  std::size_t open = 0;  // entries that are not kBoth
  const auto reach = [&](Node node, int side) {
    int& sides = queue[node];
    if (sides != 0 && sides != kBoth) --open;
    sides |= side;
    if (sides != kBoth) ++open;
  };
  for (const Node node : left) reach(node, kLeft);
  for (const Node node : right) reach(node, kRight);
  Difference out;
  while (open > 0) {
    const auto [node, sides] = *queue.begin();
    queue.erase(queue.begin());
    if (sides != kBoth) --open;
    if (sides == kLeft) out.only_left.push_back(node);
    if (sides == kRight) out.only_right.push_back(node);
    for (const Node parent : entries_[node].parents) reach(parent, sides);
  }
  std::reverse(out.only_left.begin(), out.only_left.end());
  std::reverse(out.only_right.begin(), out.only_right.end());
  return out;
}

std::vector<Node> Graph::Order() const {
  std::vector<Node> out;
  std::vector<bool> reached(entries_.size(), false);
  std::vector<std::pair<Node, std::size_t>> stack;  // node, number of its parents already visited
  const auto enter = [&](Node node) {
    if (reached[node]) return;
    reached[node] = true;
    stack.emplace_back(node, 0);
  };
  for (const Node head : HeadNodes()) {
    enter(head);
    while (!stack.empty()) {
      auto& [node, visited] = stack.back();
      if (visited == entries_[node].parents.size()) {
        out.push_back(node);
        stack.pop_back();
      } else {
        enter(entries_[node].parents[visited++]);
      }
    }
  }
  return out;
}

}  // namespace geflecht::crdt
