#include "crdt/undo.h"

#include <algorithm>
#include <optional>
#include <set>
#include <utility>

#include "crdt/container_id.h"
#include "crdt/history.h"
#include "crdt/rope.h"
#include "crdt/state.h"
#include "crdt/walker.h"

namespace geflecht::crdt {

// The edits that take one change back, on top of everything.
class UndoStack::Inverse {
 public:
  Inverse(const UndoStack& stack, const Engine& now, Node node)
      : stack_(stack), now_(now), graph_(now.graph()), node_(node) {}

  Result<std::vector<Edit>> Find(const Document& document) {
    std::vector<Edit> undone;
    TRY(now_.history().ForEach(graph_, [&](Node node, std::vector<Edit>& edits) {
      if (node == node_) undone = std::move(edits);
      return node < node_;
    }));
    std::set<Place> keys;
    std::set<ContainerId> sequences;
    for (Edit& edit : undone) {
      const ContainerId id = NameFrom(ContainerOf(edit));
      if (const auto* add = std::get_if<Add>(&edit)) {
        if (add->delta != INT64_MIN) out_.push_back(Add{id, -add->delta});
      } else if (const auto* set = std::get_if<SetKey>(&edit)) {
        if (!set->absent_key && keys.emplace(id, set->key).second)
          TRY(TakeBackKey(document, id, set->key));
      } else if (std::holds_alternative<InsertText>(edit) ||
                 std::holds_alternative<InsertItems>(edit) ||
                 std::holds_alternative<crdt::Remove>(edit)) {
        if (sequences.insert(id).second) TakeBackElements(id);
      }
    }
    return std::move(out_);
  }

  Staged staged;

 private:
  ContainerId NameFrom(const ContainerId& id) const { return Globally(id, graph_.id(node_)); }

  // Only while the change's writing, or one that says it again, is the one that stands.
  Result<void> TakeBackKey(const Document& document, const ContainerId& id,
                           const std::string& key) {
    const Number map = now_.Resolve(id, kNoNode);
    const std::vector<Writing> writings = now_.Writings(map, key);
    const ChangeId& undone = graph_.id(node_);
    if (writings.size() != 1 || Origin(writings[0].change, {id, key}) != Origin(undone, {id, key}))
      return {};
    Heads parents;
    Node own = 0;
    for (const Node parent : graph_.Parents(node_, own)) parents.push_back(graph_.id(parent));
    ASSIGN(const Document before, Checkout(document, parents));
    const Engine& engine = DocumentAccess::State(before).Current();
    const Number there = engine.Resolve(id, kNoNode);
    std::vector<Writing> earlier;
    if (there != kNoNumber) earlier = engine.Writings(there, key);
    if (earlier.empty() || earlier[0].removed) {
      if (writings[0].removed) return {};
      out_.push_back(SetKey{id, key, std::nullopt});
    } else {
      const auto* value = std::get_if<Value>(&earlier[0].slot);
      if (value == nullptr || std::holds_alternative<Absent>(*value)) return {};
      out_.push_back(SetKey{id, key, NewSlot(*value)});
    }
    staged.writings.emplace_back(
        Place{id, key}, earlier.empty() ? ChangeId{} : Origin(earlier[0].change, {id, key}));
    return {};
  }

  ChangeId Origin(ChangeId change, const Place& place) const {
    const auto found = stack_.said_by_.find({change, place});
    return found == stack_.said_by_.end() ? change : found->second;
  }

  Item Latest(const ContainerId& id, Item item) const {
    for (auto at = stack_.again_.find({id, item}); at != stack_.again_.end();
         at = stack_.again_.find({id, item}))
      item = at->second;
    return item;
  }

  void TakeBackElements(const ContainerId& id) {
    const Container& container = now_.at(now_.Resolve(id, kNoNode));
    const SequenceLog& log = container.sequence->log;
    Walker walker(graph_, log, 0, kNoNode);
    walker.Feed(log.size());
    walker.MoveTo(graph_.heads());
    std::set<Item> inserted, removed, removed_by_others;
    for (std::size_t op = 0; op < log.size(); ++op) {
      const SequenceLog::Op& here = log.ops()[op];
      if (here.kind == SequenceLog::Kind::kRemove) {
        for (const Walker::Stretch& gone : walker.RemovedBy(op))
          for (std::uint32_t i = 0; i < gone.count; ++i)
            (here.node == node_ ? removed : removed_by_others).insert(gone.item + i);
      } else if (here.kind == SequenceLog::Kind::kInsert && here.node == node_) {
        for (std::uint32_t i = 0; i < here.count; ++i) inserted.insert(Latest(id, here.item + i));
      }
    }
    const std::vector<Walker::Element> elements = walker.Elements();
    // By number of shown elements in front: what is brought back there.
    std::map<std::uint64_t, std::vector<Item>> back;
    std::map<Item, std::uint64_t> behind;  // a shown element: the number up to it
    for (const Walker::Element& element : elements)
      for (std::uint32_t i = 0; element.shown && i < element.count; ++i)
        behind.emplace(element.item + i, behind.size() + 1);
    std::uint64_t gap = 0;
    for (const Item item : InOrder(id, elements)) {
      const auto shown = behind.find(item);
      if (shown != behind.end()) {
        gap = shown->second;
      } else if (removed.contains(item) && !removed_by_others.contains(item) &&
                 !inserted.contains(item)) {
        back[gap].push_back(item);
      }
    }
    std::uint64_t position = 0, seen = 0;
    Item next = log.items();
    const auto bring_back = [&] {
      for (const Item item : back[seen]) {
        if (!PutInsertion(id, container, position, item)) continue;
        staged.elements.emplace_back(id, item, next++);
        ++position;
      }
    };
    bring_back();
    for (const Walker::Element& element : elements)
      for (std::uint32_t i = 0; element.shown && i < element.count; ++i, ++seen, bring_back()) {
        if (inserted.contains(element.item + i)) {
          PutRemoval(id, position);
        } else {
          ++position;
        }
      }
  }

  // All elements, those that this stack has brought back behind what they stand for. Where they lie
  // in the sequence is directly behind what was shown then, so in front of what is still removed.
  std::vector<Item> InOrder(const ContainerId& id,
                            const std::vector<Walker::Element>& elements) const {
    std::map<Item, Item> stands_for;
    for (auto at = stack_.again_.lower_bound({id, 0});
         at != stack_.again_.end() && at->first.first == id; ++at)
      stands_for.emplace(at->second, at->first.second);
    std::map<Item, std::vector<Item>> groups;  // by element: what comes behind it, in order
    std::vector<Item> rest;
    std::vector<Item>* group = nullptr;
    Item first = 0;  // of the group; what is behind it and was inserted later belongs to it
    for (const Walker::Element& element : elements)
      for (std::uint32_t i = 0; i < element.count; ++i) {
        const Item item = element.item + i;
        if (const auto found = stands_for.find(item); found != stands_for.end()) {
          group = &groups[found->second];
          first = item;
        } else if (group != nullptr && item < first) {
          group = nullptr;
        }
        (group != nullptr ? *group : rest).push_back(item);
      }
    std::reverse(rest.begin(), rest.end());
    std::vector<Item> out;
    while (!rest.empty()) {
      const Item item = rest.back();
      rest.pop_back();
      out.push_back(item);
      if (const auto found = groups.find(item); found != groups.end())
        rest.insert(rest.end(), found->second.rbegin(), found->second.rend());
    }
    return out;
  }

  void PutRemoval(const ContainerId& id, std::uint64_t position) {
    if (!out_.empty())
      if (auto* last = std::get_if<crdt::Remove>(&out_.back()))
        if (last->sequence == id && last->position == position) {
          ++last->count;
          return;
        }
    out_.push_back(crdt::Remove{id, position, 1});
  }

  // False if what was there is not here any more.
  bool PutInsertion(const ContainerId& id, const Container& container, std::uint64_t position,
                    Item item) {
    const SequenceLog& log = container.sequence->log;
    if (container.type == ContainerType::kList) {
      const auto* value = std::get_if<Value>(&log.Element(item));
      if (value == nullptr || std::holds_alternative<Absent>(*value)) return false;
      out_.push_back(InsertItems{id, position, {NewSlot(*value)}});
      return true;
    }
    const std::size_t op = log.OpOf(item);
    if (log.ops()[op].kind != SequenceLog::Kind::kInsert || log.GapOf(item)) return false;
    std::string_view text = log.TextOf(op);
    text.remove_prefix(BytesOfPoints(text, item - log.ops()[op].item));
    text = text.substr(0, BytesOfPoints(text, 1));
    if (!out_.empty())
      if (auto* last = std::get_if<InsertText>(&out_.back()))
        if (last->text == id && last->position + points_ == position) {
          last->inserted += text;
          ++points_;
          return true;
        }
    out_.push_back(InsertText{id, position, std::string(text)});
    points_ = 1;
    return true;
  }

  const UndoStack& stack_;
  const Engine& now_;
  const EventGraph& graph_;
  const Node node_;
  std::vector<Edit> out_;
  std::uint64_t points_ = 0;  // of the last insertion into a text
};

void UndoStack::Done(const ChangeId& change) {
  done_.push_back(change);
  undone_.clear();
}

Result<bool> UndoStack::Stage(Document& document, const ChangeId& change) {
  if (document.HasOpen()) return Fail(Code::kUsage, "a change is open");
  ASSIGN(const Document whole, Checkout(document, document.heads()));
  const Engine& now = DocumentAccess::State(whole).Current();
  const std::optional<Node> node = now.graph().Find(change);
  if (!node) return Fail(Code::kNotFound, "a change that is not here");
  Inverse inverse(*this, now, *node);
  ASSIGN(std::vector<Edit> edits, inverse.Find(document));
  if (edits.empty()) return false;
  staged_ = std::move(inverse.staged);
  TRY(document.RestoreOpen(std::move(edits)));
  return true;
}

// What was brought back is found by what it is now.
void UndoStack::Remember(const ChangeId& change) {
  for (const auto& [id, from, to] : staged_.elements) again_[{id, from}] = to;
  for (const auto& [place, origin] : staged_.writings) said_by_[{change, place}] = origin;
  staged_ = {};
}

Result<bool> UndoStack::Undo(Document& document) {
  if (done_.empty()) return Fail(Code::kNotFound, "nothing to take back");
  ASSIGN(const bool staged, Stage(document, done_.back()));
  if (!staged) done_.pop_back();
  return staged;
}

void UndoStack::Undone(const ChangeId& change) {
  Remember(change);
  done_.pop_back();
  undone_.push_back(change);
}

Result<bool> UndoStack::Redo(Document& document) {
  if (undone_.empty()) return Fail(Code::kNotFound, "nothing to do again");
  ASSIGN(const bool staged, Stage(document, undone_.back()));
  if (!staged) undone_.pop_back();
  return staged;
}

void UndoStack::Redone(const ChangeId& change) {
  Remember(change);
  undone_.pop_back();
  done_.push_back(change);
}

}  // namespace geflecht::crdt
