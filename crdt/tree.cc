#include "crdt/tree.h"

#include <algorithm>
#include <map>
#include <utility>

#include "base/limits.h"
#include "crdt/container_id.h"
#include "crdt/engine.h"
#include "crdt/order_key.h"

namespace geflecht::crdt {

const TreeState::Place* TreeState::Outcome::Find(std::uint32_t node) const {
  const auto at = std::lower_bound(
      places.begin(), places.end(), node,
      [](const auto& place, std::uint32_t number) { return place.first < number; });
  return at != places.end() && at->first == node ? &at->second : nullptr;
}

namespace {

using Place = TreeState::Place;

// Where the nodes of a tree stand while its edits are performed, by their numbers in the outcome:
// what stands below a node is visited without looking at all others.
class Shape {
 public:
  static constexpr std::uint32_t kNone = 0xFFFFFFFF;

  explicit Shape(std::size_t nodes) : links_(nodes) {}

  // Takes a node from where it stands and puts it below `parent`, or nowhere that is shown.
  void Put(std::uint32_t node, std::uint32_t parent) {
    Link& link = links_[node];
    if (link.parent != kNone) {
      (link.previous != kNone ? links_[link.previous].next : links_[link.parent].first) = link.next;
      if (link.next != kNone) links_[link.next].previous = link.previous;
    }
    link.parent = parent;
    link.previous = link.next = kNone;
    if (parent == kNone) return;
    link.next = std::exchange(links_[parent].first, node);
    if (link.next != kNone) links_[link.next].previous = node;
  }

  // Whether `node` is `top` or stands below it.
  bool IsBelow(std::uint32_t node, std::uint32_t top) const {
    while (node != kNone && node != top) node = links_[node].parent;
    return node != kNone;
  }

  // Whether `asked` holds for `top` or a node below it.
  template <class Asked>
  bool AnyBelow(std::uint32_t top, const Asked& asked) const {
    std::uint32_t node = top;
    while (true) {
      if (asked(node)) return true;
      if (links_[node].first != kNone) {
        node = links_[node].first;
        continue;
      }
      while (node != top && links_[node].next == kNone) node = links_[node].parent;
      if (node == top) return false;
      node = links_[node].next;
    }
  }

 private:
  struct Link {
    std::uint32_t parent = kNone, first = kNone, previous = kNone, next = kNone;
  };
  std::vector<Link> links_;
};

// The number of a node in the outcome, or kNone.
std::uint32_t NumberIn(const TreeState::Outcome& outcome, std::uint32_t node) {
  const auto at = std::lower_bound(
      outcome.places.begin(), outcome.places.end(), node,
      [](const auto& place, std::uint32_t wanted) { return place.first < wanted; });
  if (at == outcome.places.end() || at->first != node) return Shape::kNone;
  return static_cast<std::uint32_t>(at - outcome.places.begin());
}

}  // namespace

bool Engine::LaterEdit(const NodeEdit& left, const NodeEdit& right) const {
  if (left.by == right.by) return left.event > right.event;
  if (left.by >= graph_.size() || right.by >= graph_.size()) return left.by > right.by;
  const std::uint64_t a = graph_.depth(left.by), b = graph_.depth(right.by);
  return a != b ? a > b : graph_.WriterLess(right.by, left.by);
}

bool Engine::FollowsEdit(const NodeEdit& later, const NodeEdit& earlier) const {
  if (later.by == earlier.by) return later.event > earlier.event;
  return Sees(later.by, earlier.by);
}

const TreeState& Engine::TreeAt(Number number) const {
  TreeState& tree = *containers_[number].tree;
  if (tree.made) return tree;
  TreeState::Outcome& outcome = tree.outcome;
  outcome = {};
  std::vector<std::size_t> order(tree.edits.size());
  // Writers of edits that put something below a node.
  std::map<Number, std::vector<Node>> placed_by;
  for (std::size_t i = 0; i < order.size(); ++i) {
    const NodeEdit& edit = tree.edits[i];
    order[i] = i;
    if (!Counts(edit.by)) continue;
    if (edit.kind == NodeEdit::Kind::kCreate)
      outcome.places.push_back({edit.node, {i, true, number}});
  }
  std::sort(outcome.places.begin(), outcome.places.end(),
            [](const auto& left, const auto& right) { return left.first < right.first; });
  // What happens to a node whose creation does not count does not count either.
  std::erase_if(order, [&](std::size_t i) {
    return !Counts(tree.edits[i].by) || outcome.Find(tree.edits[i].node) == nullptr;
  });
  if (tree.has_removals)
    for (const std::size_t i : order)
      if (tree.edits[i].kind != NodeEdit::Kind::kRemove)
        placed_by[tree.edits[i].parent].push_back(tree.edits[i].by);
  std::sort(order.begin(), order.end(), [&](std::size_t left, std::size_t right) {
    return LaterEdit(tree.edits[right], tree.edits[left]);
  });
  const auto unseen = [&](Number node, Node by) {
    const auto any = [&](const std::vector<Node>& writers) {
      return std::any_of(writers.begin(), writers.end(),
                         [&](Node writer) { return !Sees(by, writer); });
    };
    const auto placed = placed_by.find(node);
    return any(containers_[node].touched_by) || (placed != placed_by.end() && any(placed->second));
  };
  std::vector<std::pair<Node, bool>> asked(outcome.places.size(), {kNoNode, false});  // of unseen
  Shape shape(outcome.places.size());
  for (const std::size_t i : order) {
    const NodeEdit& edit = tree.edits[i];
    const std::uint32_t node = NumberIn(outcome, edit.node);
    Place& place = outcome.places[node].second;
    if (edit.kind == NodeEdit::Kind::kRemove) {
      const bool kept = shape.AnyBelow(node, [&](std::uint32_t other) {
        if (asked[other].first != edit.by)
          asked[other] = {edit.by, unseen(outcome.places[other].first, edit.by)};
        return asked[other].second;
      });
      if (kept) {
        outcome.kept.push_back(i);
      } else {
        place.removed = true;
        shape.Put(node, Shape::kNone);
      }
      continue;
    }
    const std::uint32_t parent =
        edit.parent == number ? Shape::kNone : NumberIn(outcome, edit.parent);
    if (edit.kind == NodeEdit::Kind::kMove && edit.parent != number && parent == Shape::kNone)
      continue;
    if (edit.kind == NodeEdit::Kind::kMove && shape.IsBelow(parent, node)) {
      outcome.cycles.push_back(i);
    } else {
      place = {i, false, edit.parent};
      shape.Put(node, parent);
    }
  }
  tree.made = true;
  return tree;
}

bool Engine::IsShownNode(Number node) const {
  const Number tree = containers_[node].parent;
  const TreeState::Outcome& outcome = TreeAt(tree).outcome;
  while (node != tree) {
    const Place* const place = outcome.Find(node);
    if (place == nullptr || place->removed) return false;
    node = place->parent;
  }
  return true;
}

const NodeEdit* Engine::PlacedBy(Number node) const {
  const TreeState& tree = TreeAt(containers_[node].parent);
  const Place* const place = tree.outcome.Find(node);
  return place == nullptr || place->removed ? nullptr : &tree.edits[place->edit];
}

bool Engine::IsNodeBelow(Number node, Number top) const {
  const Number tree = containers_[top].parent;
  const TreeState::Outcome& outcome = TreeAt(tree).outcome;
  while (node != tree && node != top) {
    const Place* const place = outcome.Find(node);
    if (place == nullptr || place->removed) return false;
    node = place->parent;
  }
  return node == top;
}

std::map<Number, std::vector<std::size_t>> Engine::StandingEdits(const TreeState& tree) const {
  std::map<Number, std::vector<std::size_t>> standing;
  for (std::size_t i = 0; i < tree.edits.size(); ++i) {
    const NodeEdit& edit = tree.edits[i];
    if (!Counts(edit.by) || tree.outcome.Find(edit.node) == nullptr) continue;
    std::vector<std::size_t>& of_node = standing[edit.node];
    std::erase_if(of_node, [&](std::size_t other) { return FollowsEdit(edit, tree.edits[other]); });
    of_node.push_back(i);
  }
  return standing;
}

std::vector<Engine::NodeContest> Engine::NodeContests(Number number) const {
  const TreeState& tree = TreeAt(number);
  const std::vector<NodeEdit>& edits = tree.edits;
  std::vector<bool> idle(edits.size(), false);
  for (const auto* const list : {&tree.outcome.cycles, &tree.outcome.kept})
    for (const std::size_t i : *list) idle[i] = true;
  std::map<Number, std::size_t> holds;  // the last of each node's edits that has an effect
  for (std::size_t i = 0; i < edits.size(); ++i) {
    const NodeEdit& edit = edits[i];
    if (idle[i] || !Counts(edit.by) || tree.outcome.Find(edit.node) == nullptr) continue;
    if (edit.kind == NodeEdit::Kind::kMove && edit.parent != number &&
        tree.outcome.Find(edit.parent) == nullptr)
      continue;
    const auto [at, first] = holds.emplace(edit.node, i);
    if (!first && LaterEdit(edit, edits[at->second])) at->second = i;
  }
  std::vector<NodeContest> out;
  for (auto& [node, last] : StandingEdits(tree)) {
    const bool moved = std::any_of(last.begin(), last.end(), [&](std::size_t edit) {
      return edits[edit].kind != NodeEdit::Kind::kRemove;
    });
    const bool without_effect =
        std::any_of(last.begin(), last.end(), [&](std::size_t edit) { return idle[edit]; });
    if (!without_effect && (last.size() < 2 || !moved)) continue;
    std::sort(last.begin(), last.end(), [&](std::size_t left, std::size_t right) {
      return LaterEdit(edits[left], edits[right]);
    });
    NodeContest contest{node, {edits[holds.at(node)]}};
    for (const std::size_t edit : last)
      if (edit != holds.at(node)) contest.edits.push_back(edits[edit]);
    out.push_back(std::move(contest));
  }
  return out;
}

Tree Engine::ReadTree(Number number) const {
  const TreeState& tree = TreeAt(number);
  const std::vector<NodeEdit>& edits = tree.edits;
  const auto change_of = [&](std::size_t edit) {
    return edits[edit].by < graph_.size() ? graph_.id(edits[edit].by) : ChangeId{};
  };
  std::map<Number, std::vector<std::size_t>> standing = StandingEdits(tree);
  Tree out;
  const auto list = [&](const std::vector<std::size_t>& from, std::vector<ChangeId>& to) {
    for (const std::size_t i : from) {
      const std::vector<std::size_t>& last = standing[edits[i].node];
      if (std::find(last.begin(), last.end(), i) != last.end()) to.push_back(change_of(i));
    }
  };
  list(tree.outcome.cycles, out.cycles);
  list(tree.outcome.kept, out.kept);

  std::map<Number, std::vector<std::size_t>> children;
  for (const auto& [node, place] : tree.outcome.places)
    if (!place.removed) children[place.parent].push_back(place.edit);
  std::vector<Number> shown{number};
  for (std::size_t at = 0; at < shown.size(); ++at) {
    const auto found = children.find(shown[at]);
    if (found == children.end()) continue;
    std::sort(found->second.begin(), found->second.end(), [&](std::size_t left, std::size_t right) {
      const NodeEdit &a = edits[left], &b = edits[right];
      if (a.order != b.order) return a.order < b.order;
      if (a.by == b.by) return a.event < b.event;
      if (a.by >= graph_.size() || b.by >= graph_.size()) return a.by < b.by;
      return graph_.WriterLess(a.by, b.by);
    });
    for (const std::size_t edit : found->second) {
      shown.push_back(edits[edit].node);
      out.nodes.push_back({IdOf(edits[edit].node),
                           shown[at] == number ? ContainerId() : IdOf(shown[at]),
                           edits[edit].order});
    }
  }
  for (auto& [node, last] : standing) {
    const bool moved = std::any_of(last.begin(), last.end(), [&](std::size_t edit) {
      return edits[edit].kind != NodeEdit::Kind::kRemove;
    });
    if (last.size() < 2 || !moved) continue;
    std::sort(last.begin(), last.end(), [&](std::size_t left, std::size_t right) {
      return LaterEdit(edits[left], edits[right]);
    });
    TreeContest contest{IdOf(node), {}};
    for (const std::size_t edit : last) contest.changes.push_back(change_of(edit));
    out.contests.push_back(std::move(contest));
  }
  std::sort(out.contests.begin(), out.contests.end(),
            [](const auto& left, const auto& right) { return left.node < right.node; });
  return out;
}

void Engine::AddNodeEdit(Number number, NodeEdit edit) {
  TreeState& tree = *containers_[number].tree;
  tree.has_removals = tree.has_removals || edit.kind == NodeEdit::Kind::kRemove;
  tree.made = false;
  tree.edits.push_back(std::move(edit));
  if (patches_ == nullptr) return;
  if (const std::optional<std::string> path = PathOf(number)) {
    Patch patch;
    patch.path = *path;
    patches_->push_back(std::move(patch));
  }
}

Number Engine::NodeOf(Number tree, std::string_view id, Node node) const {
  if (id.empty()) return tree;
  const Number number = Resolve(id, node);
  return number != kNoNumber && containers_[number].parent == tree ? number : kNoNumber;
}

void Engine::PerformNode(const Edit& edit, Number number, Node node, std::uint64_t event) {
  NodeEdit made{.by = node, .event = event, .order = {}};
  if (const auto* create = std::get_if<CreateNode>(&edit)) {
    made.parent = NodeOf(number, create->parent, node);
    made.order = create->order;
    made.node = Create(ContainerType::kMap, number, node, event, 0);
  } else if (const auto* move = std::get_if<MoveNode>(&edit)) {
    made.kind = NodeEdit::Kind::kMove;
    made.node = NodeOf(number, move->node, node);
    made.parent = NodeOf(number, move->parent, node);
    made.order = move->order;
  } else {
    made.kind = NodeEdit::Kind::kRemove;
    made.node = NodeOf(number, std::get<RemoveNode>(edit).node, node);
  }
  AddNodeEdit(number, std::move(made));
}

std::string_view Engine::StageNode(const Edit& edit) {
  if (cold_) return WantHistory();
  const Node node = static_cast<Node>(graph_.size());
  const Number number = Resolve(ContainerOf(edit), node);
  if (number == kNoNumber) return "unknown-container";
  if (containers_[number].type != ContainerType::kTree) return "wrong-type";
  if (const auto* create = std::get_if<CreateNode>(&edit)) {
    if (NodeOf(number, create->parent, node) == kNoNumber) return "unknown-node";
    if (!IsOrderKey(create->order)) return "bad-order";
    if (containers_[number].depth >= limits::kDepthMax) return "too-deep";
  } else if (const auto* move = std::get_if<MoveNode>(&edit)) {
    if (move->node.empty() || NodeOf(number, move->node, node) == kNoNumber ||
        NodeOf(number, move->parent, node) == kNoNumber)
      return "unknown-node";
    if (!IsOrderKey(move->order)) return "bad-order";
  } else {
    const ContainerId& removed = std::get<RemoveNode>(edit).node;
    if (removed.empty() || NodeOf(number, removed, node) == kNoNumber) return "unknown-node";
  }
  BeginEdit(number);
  PerformNode(edit, number, node, open_.events);
  open_.steps.push_back({.kind = UndoStep::Kind::kNodeEdit, .container = number});
  open_.edits.push_back(
      {OpenEdit::Kind::kNode, number, 0, 0, containers_[number].tree->edits.size() - 1, 0});
  ++open_.events;
  return {};
}

Edit Engine::NodeEditOf(const OpenEdit& from) const {
  const NodeEdit& edit = containers_[from.container].tree->edits[from.begin];
  ContainerId id = IdOf(from.container);
  ContainerId parent = edit.parent == from.container ? ContainerId() : IdOf(edit.parent);
  switch (edit.kind) {
    case NodeEdit::Kind::kCreate:
      return CreateNode{std::move(id), std::move(parent), edit.order};
    case NodeEdit::Kind::kMove:
      return MoveNode{std::move(id), IdOf(edit.node), std::move(parent), edit.order};
    case NodeEdit::Kind::kRemove:
      return RemoveNode{std::move(id), IdOf(edit.node)};
  }
  return RemoveNode{};
}

}  // namespace geflecht::crdt
