#include "crdt/undo_inverse.h"

#include <algorithm>
#include <functional>
#include <memory>

#include "crdt/container_id.h"
#include "crdt/path.h"
#include "crdt/state.h"
#include "crdt/undo_order.h"

namespace geflecht::crdt {
namespace {

class Finder {
 public:
  Finder(const Document& document, const Engine& now, Node change, const std::set<ChangeId>& aside,
         const Copies& copies)
      : document_(document),
        now_(now),
        graph_(now.graph()),
        change_(change),
        aside_ids_(aside),
        copies_(copies),
        in_use_([this](Number top) { return InUse(top, used_since_); }) {}

  Result<Inverse> Find() {
    if (now_.voids().contains(change_)) return std::move(out_);
    aside_.assign(graph_.size(), false);
    std::copy(now_.silent().begin(), now_.silent().end(), aside_.begin());
    for (const ChangeId& id : aside_ids_)
      if (const auto node = graph_.Find(id)) aside_[*node] = true;
    ASSIGN(const std::vector<Edit> undone, now_.history().Find(graph_, change_));
    FindTrees(undone);
    for (const auto& [tree, nodes] : trees_) TRY(TakeBackNodes(tree, nodes));
    FindPlaces(undone);
    for (const auto& [map, key] : keys_) TRY(TakeBackKey(map, key));
    for (const Number counter : counters_) TRY(TakeBackAdditions(counter));
    for (const Number number : sequences_) TRY(TakeBackSequence(number));
    return std::move(out_);
  }

 private:
  // The state that is wanted.
  Result<const Engine*> Wanted() {
    if (!wanted_) {
      ASSIGN(wanted_, CheckoutWithout(document_, document_.heads(), aside_ids_));
    }
    return &DocumentAccess::State(*wanted_).engine;
  }

  // The container that an edit of the change is in; nothing where it is not shown, or was made by
  // the change, so that it comes and goes with what that made.
  std::optional<Number> PlaceOf(const Edit& edit) const {
    const Number number = now_.Resolve(ContainerOf(edit), change_);
    if (number == kNoNumber || !shown_.contains(number) || now_.at(number).creator == change_)
      return std::nullopt;
    return number;
  }

  void FindTrees(const std::vector<Edit>& undone) {
    now_.ForEachShown([&](const std::string&, Number number) { shown_.insert(number); });
    std::uint64_t event = 0;
    for (const Edit& edit : undone) {
      const ContainerId own = CreatedId(graph_.id(change_), event);
      event += EventCount(edit);
      const auto number = PlaceOf(edit);
      if (!number || !now_.at(*number).tree) continue;
      std::set<ContainerId>& nodes = trees_[*number];
      if (const auto* move = std::get_if<MoveNode>(&edit))
        nodes.insert(Globally(move->node, graph_.id(change_)));
      if (const auto* remove = std::get_if<RemoveNode>(&edit))
        nodes.insert(Globally(remove->node, graph_.id(change_)));
      if (std::holds_alternative<CreateNode>(edit)) nodes.insert(own);
    }
  }

  void FindPlaces(const std::vector<Edit>& undone) {
    for (const Edit& edit : undone) {
      const auto number = PlaceOf(edit);
      if (!number) continue;
      if (const auto* set = std::get_if<SetKey>(&edit)) {
        if (!set->absent_key) keys_.emplace(*number, set->key);
      } else if (std::holds_alternative<Add>(edit)) {
        counters_.insert(*number);
      } else if (now_.at(*number).sequence) {
        sequences_.insert(*number);
      }
    }
  }

  Result<void> TakeBackSequence(Number number) {
    const ContainerId id = now_.IdOf(number);
    const auto copies = copies_.find(id);
    const UndoOrder order(now_, number, aside_,
                          copies == copies_.end() ? nullptr : &copies->second);
    if (now_.at(number).type == ContainerType::kText) {
      TakeBackText(now_, number, change_, order, out_);
    } else {
      TRY(FindUsed(HasChildren(number)));
      TakeBackItems(now_, number, change_, order, in_use_, out_);
    }
    return {};
  }

  bool HasChildren(Number list) const {
    for (Number number = 0; number < now_.container_count(); ++number)
      if (now_.at(number).parent == list && number != list) return true;
    return false;
  }

  // Which containers changes that count have edited, if that matters.
  Result<void> FindUsed(bool matters) {
    if (!matters || used_known_) return {};
    used_known_ = true;
    return now_.history().ForEach(graph_, [&](Node node, std::vector<Edit>& edits) {
      if (aside_[node] || now_.voids().contains(node)) return true;
      const bool known = graph_.Contains(change_, node);
      for (const Edit& edit : edits) {
        Number number = now_.Resolve(ContainerOf(edit), node);
        ContainerId parent;
        if (const auto* create = std::get_if<CreateNode>(&edit)) parent = create->parent;
        if (const auto* move = std::get_if<MoveNode>(&edit)) parent = move->parent;
        if (!parent.empty()) number = now_.Resolve(parent, node);
        if (number == kNoNumber) continue;
        used_.insert(number);
        if (!known) used_since_.insert(number);
      }
      return true;
    });
  }

  // Whether something that counts stands in it or below it.
  bool InUse(Number top, const std::set<Number>& used) const {
    const Number above = now_.at(top).parent;
    const bool node = above != kNoNumber && now_.at(above).tree != nullptr;
    return std::any_of(used.begin(), used.end(), [&](Number number) {
      for (; number != kNoNumber; number = now_.at(number).parent) {
        if (number == top) return true;
        if (node && now_.at(number).parent == above && now_.IsNodeBelow(number, top)) return true;
        if (now_.at(number).creator == kNoNode) return false;
      }
      return false;
    });
  }

  Result<void> TakeBackKey(Number map, const std::string& key) {
    const std::vector<Writing> now = now_.Writings(map, key);
    ASSIGN(const Engine* const then, Wanted());
    const Number there = then->Resolve(now_.IdOf(map), kNoNode);
    std::vector<Writing> wanted;
    if (there != kNoNumber) wanted = then->Writings(there, key);
    const bool set = !now.empty() && !now[0].removed;
    const bool sets = !wanted.empty() && !wanted[0].removed;
    if (now.empty() || !IsAside(now[0].change)) return {};
    const ContainerId id = now_.IdOf(map);
    if (!sets) {
      if (!set) return {};
      if (const auto* child = std::get_if<Child>(&now[0].slot)) {
        TRY(FindUsed(true));
        if (InUse(now_.Resolve(child->id, kNoNode), used_since_)) return {};
      }
      out_.edits.push_back(SetKey{id, key, std::nullopt});
    } else if (const auto* value = std::get_if<Value>(&wanted[0].slot);
               value != nullptr && IsKnown(*value) && (!set || now[0].slot != wanted[0].slot)) {
      out_.edits.push_back(SetKey{id, key, NewSlot(*value)});
    }
    return {};
  }

  bool IsAside(const ChangeId& id) const {
    const auto node = graph_.Find(id);
    return node && aside_[*node];
  }

  Result<void> TakeBackAdditions(Number counter) {
    ASSIGN(const Engine* const then, Wanted());
    const Number there = then->Resolve(now_.IdOf(counter), kNoNode);
    if (there == kNoNumber) return {};
    const Total difference = Total{ReadCounter(*then, there)} - Total{ReadCounter(now_, counter)};
    if (difference == 0 || difference < INT64_MIN || difference > INT64_MAX) return {};
    out_.edits.push_back(Add{now_.IdOf(counter), static_cast<std::int64_t>(difference)});
    return {};
  }

  // Nodes that are put somewhere come behind their parents. One whose parent is not there any more,
  // or stands below it, stays where it is.
  Result<void> TakeBackNodes(Number number, const std::set<ContainerId>& nodes) {
    const ContainerId tree = now_.IdOf(number);
    const Tree now = now_.ReadTree(number);
    ASSIGN(const Engine* const then, Wanted());
    Tree wanted;
    if (const Number there = then->Resolve(tree, kNoNode); there != kNoNumber)
      wanted = then->ReadTree(there);
    std::map<ContainerId, ContainerId> parents;  // of what is shown, as edits are staged
    for (const TreeNode& node : now.nodes) parents.emplace(node.id, node.parent);
    std::vector<MoveNode> rest;
    std::vector<Number> gone;
    for (const ContainerId& id : nodes) {
      const Number here = now_.Resolve(id, kNoNode), there = then->Resolve(id, kNoNode);
      const NodeEdit* const place = now_.PlacedBy(here);
      const NodeEdit* const wants = there == kNoNumber ? nullptr : then->PlacedBy(there);
      if (place != nullptr && !aside_[place->by]) continue;
      if (wants == nullptr) {
        if (place != nullptr) gone.push_back(here);
        continue;
      }
      MoveNode move{tree, id, {}, wants->order};
      if (const ContainerId parent = then->IdOf(wants->parent); parent != tree)
        move.parent = parent;
      if (place == nullptr || place->order != wants->order ||
          now_.IdOf(place->parent) != then->IdOf(wants->parent))
        rest.push_back(std::move(move));
    }
    const auto is_below = [&](ContainerId node, const ContainerId& top) {
      while (!node.empty() && node != top) node = parents.at(node);
      return node == top;
    };
    for (bool more = true; more;) {
      more = false;
      std::erase_if(rest, [&](const MoveNode& move) {
        if (!move.parent.empty() &&
            (!parents.contains(move.parent) || is_below(move.parent, move.node)))
          return false;
        parents[move.node] = move.parent;
        out_.edits.push_back(move);
        return more = true;
      });
      // What was below comes back with it.
      for (const TreeNode& node : wanted.nodes)
        if (!nodes.contains(node.id) && parents.contains(node.parent))
          parents.emplace(node.id, node.parent);
    }
    for (const auto& [node, parent] : parents) shown_.insert(now_.Resolve(node, kNoNode));
    if (!gone.empty()) TRY(FindUsed(true));
    for (const Number node : gone) {
      // One whose creation was taken back and which stayed, being in use, stays.
      const bool stayed = aside_[now_.at(node).creator] && now_.at(node).creator != change_;
      if (!InUse(node, stayed ? used_ : used_since_))
        out_.edits.push_back(RemoveNode{tree, now_.IdOf(node)});
    }
    return {};
  }

  const Document& document_;
  const Engine& now_;
  const EventGraph& graph_;
  const Node change_;
  const std::set<ChangeId>& aside_ids_;
  const Copies& copies_;
  const std::function<bool(Number)> in_use_;
  std::vector<bool> aside_;  // by number
  std::optional<Document> wanted_;
  std::set<std::pair<Number, std::string>> keys_;
  std::set<Number> shown_;  // once the edits are staged
  std::set<Number> counters_, sequences_;
  std::set<Number> used_,
      used_since_;  // edited by changes that count; that the change did not know
  std::map<Number, std::set<ContainerId>> trees_;
  bool used_known_ = false;
  Inverse out_;
};

}  // namespace

Result<Inverse> FindInverse(const Document& document, const Engine& now, Node change,
                            const std::set<ChangeId>& aside, const Copies& copies) {
  return Finder(document, now, change, aside, copies).Find();
}

}  // namespace geflecht::crdt
