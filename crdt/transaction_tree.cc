// Edits of trees: places among siblings are given as numbers and stored as keys between theirs.
#include <algorithm>
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "crdt/container_id.h"
#include "crdt/document.h"
#include "crdt/order_key.h"
#include "crdt/state.h"

namespace geflecht::crdt {
namespace {

// Ascending keys between two others.
std::optional<std::vector<std::string>> KeysBetween(std::string left, std::string_view right,
                                                    std::size_t count, const AgentId& agent) {
  std::vector<std::string> keys;
  for (; count > 0; --count) {
    std::optional<std::string> key = OrderBetween(left, right, agent);
    if (!key) return std::nullopt;
    keys.push_back(*key);
    left = *std::move(key);
  }
  return keys;
}

// One tree in front of an edit.
class Outline {
 public:
  Outline(Engine& engine, Number number) : engine_(engine), number_(number) {
    nodes_ = engine.ReadTree(number).nodes;
    for (const TreeNode& node : nodes_) parents_.emplace(node.id, node.parent);
  }

  bool Shows(const ContainerId& node) const { return parents_.contains(node); }

  bool IsBelow(ContainerId node, const ContainerId& top) const {
    while (!node.empty() && node != top) node = parents_.at(node);
    return node == top;
  }

  // A key for child `index` of `parent`, which counts the others than `moved`. Where siblings leave
  // no room between them, they are moved.
  Result<std::string> OrderAt(const ContainerId& parent, std::uint64_t index,
                              const ContainerId& moved) {
    if (!parent.empty() && !Shows(parent)) return Fail(Code::kUsage, "unknown-node");
    std::vector<const TreeNode*> siblings;
    for (const TreeNode& node : nodes_)
      if (node.parent == parent && node.id != moved) siblings.push_back(&node);
    if (index > siblings.size()) return Fail(Code::kUsage, "position-out-of-range");
    std::size_t from = static_cast<std::size_t>(index), end = from;
    const std::string left = from == 0 ? std::string() : siblings[from - 1]->order;
    while (end < siblings.size() && siblings[end]->order <= left) ++end;
    const std::string right = end == siblings.size() ? std::string() : siblings[end]->order;
    auto keys = KeysBetween(left, right, 1 + end - from, engine_.self());
    if (!keys) {
      from = 0;
      end = siblings.size();
      keys = KeysBetween({}, {}, 1 + end, engine_.self());
    }
    if (!keys) return Fail(Code::kUsage, "bad-order");
    std::size_t key = 0;
    std::string own;
    for (std::size_t i = from; i <= end; ++i) {
      if (i == index) own = (*keys)[key++];
      if (i == end) break;
      const ContainerId tree = engine_.IdOf(number_);
      TRY(Staged(engine_.StageNode(crdt::MoveNode{tree, siblings[i]->id, parent, (*keys)[key++]})));
    }
    return own;
  }

 private:
  Engine& engine_;
  const Number number_;
  std::vector<TreeNode> nodes_;
  std::map<ContainerId, ContainerId> parents_;
};

}  // namespace

Result<ContainerId> Transaction::CreateNode(std::string_view path, const ContainerId& parent,
                                            std::uint64_t index) {
  ASSIGN(const Number number, document_.state_->EditAt(path, ContainerType::kTree));
  Engine& engine = document_.state_->engine;
  ASSIGN(std::string order, Outline(engine, number).OrderAt(parent, index, {}));
  const ContainerId node = OwnId(engine.open_events());
  TRY(Staged(engine.StageNode(crdt::CreateNode{engine.IdOf(number), parent, std::move(order)})));
  return node;
}

Result<void> Transaction::MoveNode(std::string_view path, const ContainerId& node,
                                   const ContainerId& parent, std::uint64_t index) {
  ASSIGN(const Number number, document_.state_->EditAt(path, ContainerType::kTree));
  Engine& engine = document_.state_->engine;
  const Number moved = engine.NodeOf(number, node, static_cast<Node>(engine.graph().size()));
  if (node.empty() || moved == kNoNumber || !engine.Counts(engine.at(moved).creator))
    return Fail(Code::kUsage, "unknown-node");
  Outline outline(engine, number);
  if (!parent.empty() && outline.Shows(parent) && outline.IsBelow(parent, node))
    return Fail(Code::kUsage, "below-itself");
  ASSIGN(std::string order, outline.OrderAt(parent, index, node));
  return Staged(
      engine.StageNode(crdt::MoveNode{engine.IdOf(number), node, parent, std::move(order)}));
}

Result<void> Transaction::RemoveNode(std::string_view path, const ContainerId& node) {
  ASSIGN(const Number number, document_.state_->EditAt(path, ContainerType::kTree));
  Engine& engine = document_.state_->engine;
  if (!Outline(engine, number).Shows(node)) return Fail(Code::kUsage, "unknown-node");
  return Staged(engine.StageNode(crdt::RemoveNode{engine.IdOf(number), node}));
}

}  // namespace geflecht::crdt
