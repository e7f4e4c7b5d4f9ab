#include "crdt/event_graph.h"

#include <algorithm>
#include <utility>

#include "base/bytes.h"
#include "base/check.h"

namespace geflecht::crdt {

Node EventGraph::Append(const ChangeId& id, const AgentId& agent, std::span<const Node> parents) {
  const Node node = static_cast<Node>(ids_.size());
  CHECK(node != kNoNode);
  ids_.push_back(id);
  table_.Insert(node, id);
  const bool on_heads = std::equal(parents.begin(), parents.end(), heads_.begin(), heads_.end());

  while (!critical_.empty() && (parents.empty() || critical_.back().end > parents.back() + 1)) {
    if (!parents.empty() && critical_.back().first <= parents.back()) {
      critical_.back().end = parents.back() + 1;
    } else {
      critical_.pop_back();
    }
  }
  if (on_heads) {
    if (!critical_.empty() && critical_.back().end == node) {
      ++critical_.back().end;
    } else {
      critical_.push_back({node, node + 1});
    }
    heads_.assign(1, node);
  } else {
    for (const Node parent : parents) {
      const auto at = std::lower_bound(heads_.begin(), heads_.end(), parent);
      if (at != heads_.end() && *at == parent) heads_.erase(at);
    }
    heads_.push_back(node);
  }

  const bool follows = parents.size() == 1 && parents[0] + 1 == node;
  if (follows && agents_[runs_.back().agent] == agent) return node;
  Run run{.first = node,
          .agent = AgentNumber(agent),
          .depth = 1,
          .parents = static_cast<std::uint32_t>(parents_.size()),
          .parent_count = static_cast<std::uint32_t>(parents.size())};
  for (const Node parent : parents) run.depth = std::max(run.depth, depth(parent) + 1);
  parents_.insert(parents_.end(), parents.begin(), parents.end());
  runs_.push_back(run);
  return node;
}

std::uint32_t EventGraph::AgentNumber(const AgentId& agent) {
  const auto less = [this](std::uint32_t number, const AgentId& id) {
    return agents_[number] < id;
  };
  const auto at = std::lower_bound(agents_by_id_.begin(), agents_by_id_.end(), agent, less);
  if (at != agents_by_id_.end() && agents_[*at] == agent) return *at;
  const std::uint32_t number = static_cast<std::uint32_t>(agents_.size());
  agents_by_id_.insert(at, number);
  agents_.push_back(agent);
  agent_keys_.push_back(ReadBe64(agent.bytes));
  return number;
}

std::size_t EventGraph::RunIndex(Node node) const {
  if (runs_.back().first <= node) return runs_.size() - 1;
  const auto behind =
      std::upper_bound(runs_.begin(), runs_.end(), node,
                       [](Node value, const Run& run) { return value < run.first; });
  return static_cast<std::size_t>(behind - runs_.begin()) - 1;
}

NodeRange EventGraph::Range(std::size_t run) const {
  const bool last = run + 1 == runs_.size();
  return {runs_[run].first, last ? static_cast<Node>(ids_.size()) : runs_[run + 1].first};
}

std::uint64_t EventGraph::depth(Node node) const {
  const Run& run = RunOf(node);
  return run.depth + (node - run.first);
}

std::span<const Node> EventGraph::Parents(Node node, Node& own) const {
  const std::size_t run = RunIndex(node);
  if (runs_[run].first == node) return ParentsOfRun(run);
  own = node - 1;
  return {&own, 1};
}

std::optional<Node> EventGraph::Find(const ChangeId& id) const {
  const Node found =
      table_.Find(id, [this](Node number) -> const ChangeId& { return ids_[number]; });
  if (found == IdTable::kNone) return std::nullopt;
  return found;
}

bool EventGraph::WriterLess(Node left, Node right) const {
  if (left == right) return false;
  const std::uint32_t a = RunOf(left).agent, b = RunOf(right).agent;
  return a != b ? AgentLess(a, b) : ids_[left] < ids_[right];
}

Node EventGraph::LastCritical(Node node) const {
  auto at =
      std::upper_bound(critical_.begin(), critical_.end(), node,
                       [](Node value, const NodeRange& range) { return value < range.first; });
  if (at == critical_.begin()) return kNoNode;
  --at;
  return std::min(node, at->end - 1);
}

bool EventGraph::Contains(Node other, Node change) const {
  return Contains(std::span<const Node>(&other, 1), change);
}

bool EventGraph::Contains(std::span<const Node> others, Node change) const {
  const std::optional<bool> known = ContainsAtOnce(others, change);
  return known ? *known : Search(others, change);
}

std::optional<bool> EventGraph::ContainsAtOnce(std::span<const Node> others, Node change) const {
  if (others.empty() || change > others.back()) return false;
  const Node critical = LastCritical(others.back());
  if (critical != kNoNode && change <= critical) return true;
  bool above = false;  // a run that reaches further back than `change` is left to be searched
  for (const Node other : others) {
    if (change > other) continue;
    const std::size_t run = RunIndex(other);
    if (change >= runs_[run].first) return true;
    for (const Node parent : ParentsOfRun(run)) {
      if (parent == change) return true;
      above = above || parent > change;
    }
  }
  if (!above) return false;
  return std::nullopt;
}

// Goes back from the greatest number; a run is passed in one step.
bool EventGraph::Search(std::span<const Node> others, Node change) const {
  std::vector<Node> heap;
  for (const Node other : others)
    if (other >= change) heap.push_back(other);
  std::make_heap(heap.begin(), heap.end());
  while (!heap.empty()) {
    const Node node = heap.front();
    const std::size_t run = RunIndex(node);
    const Node first = runs_[run].first;
    if (change >= first) return true;
    while (!heap.empty() && heap.front() >= first) {
      std::pop_heap(heap.begin(), heap.end());
      heap.pop_back();
    }
    for (const Node parent : ParentsOfRun(run)) {
      if (parent < change) continue;
      heap.push_back(parent);
      std::push_heap(heap.begin(), heap.end());
    }
  }
  return false;
}

void EventGraph::Diff(std::span<const Node> left, std::span<const Node> right,
                      Difference& out) const {
  enum : std::uint32_t { kLeft = 1, kRight = 2, kBoth = 3 };
  out.only_left.clear();
  out.only_right.clear();
  std::vector<std::pair<Node, std::uint32_t>> heap;  // version reached, and from which side
  std::size_t open = 0;                              // entries that are not kBoth
  const auto push = [&](Node node, std::uint32_t sides) {
    heap.emplace_back(node, sides);
    std::push_heap(heap.begin(), heap.end());
    open += sides != kBoth;
  };
  const auto pop = [&] {
    std::pop_heap(heap.begin(), heap.end());
    const auto top = heap.back();
    heap.pop_back();
    open -= top.second != kBoth;
    return top;
  };
  const auto emit = [](std::vector<NodeRange>& to, Node first, Node end) {
    if (!to.empty() && to.back().first == end) {
      to.back().first = first;
    } else {
      to.push_back({first, end});
    }
  };
  for (const Node node : left) push(node, kLeft);
  for (const Node node : right) push(node, kRight);
  while (open > 0) {
    auto [node, sides] = pop();
    const std::size_t run = RunIndex(node);
    while (true) {
      while (!heap.empty() && heap.front().first == node) sides |= pop().second;
      // The stretch of the run down to the next version that was reached, or to its begin.
      const bool more = !heap.empty() && heap.front().first >= runs_[run].first;
      const Node first = more ? heap.front().first + 1 : runs_[run].first;
      if (sides == kLeft) emit(out.only_left, first, node + 1);
      if (sides == kRight) emit(out.only_right, first, node + 1);
      if (!more) break;
      node = first - 1;
    }
    for (const Node parent : ParentsOfRun(run)) push(parent, sides);
  }
}

}  // namespace geflecht::crdt
