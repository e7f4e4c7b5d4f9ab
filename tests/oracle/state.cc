#include "tests/oracle/state.h"

#include <algorithm>
#include <functional>

#include "base/limits.h"
#include "crdt/container_id.h"
#include "crdt/content.h"
#include "crdt/utf8.h"

namespace geflecht::crdt::oracle {
namespace {

ContainerType TypeOf(FieldType type) {
  switch (type) {
    case FieldType::kValue:
    case FieldType::kMap:
      return ContainerType::kMap;
    case FieldType::kList:
      return ContainerType::kList;
    case FieldType::kText:
      return ContainerType::kText;
    case FieldType::kCounter:
      return ContainerType::kCounter;
    case FieldType::kTree:
      return ContainerType::kTree;
  }
  return ContainerType::kMap;
}

}  // namespace

State::State(const Schema& schema, const History& history) : schema_(schema), history_(history) {
  Create(Container{});
  for (const FieldSpec& field : schema.fields) {
    if (field.type == FieldType::kValue) continue;
    Container container;
    container.id = DeclaredId(field.key);
    container.type = TypeOf(field.type);
    container.parent = 0;
    container.depth = 1;
    Create(std::move(container));
  }
}

std::string_view State::Visit(Node node) {
  const Change& change = history_.at(node).change;
  const auto& parents = change.parents;
  if (std::adjacent_find(parents.begin(), parents.end(), std::greater_equal<>()) != parents.end())
    return "parents-not-ascending";
  if (change.edits.empty()) return "no-edits";
  if (change.edits.size() > limits::kEditsPerChangeHardMax) return "too-many-edits";
  Begin(node);
  for (const Edit& edit : change.edits)
    if (const std::string_view reason = Perform(edit); !reason.empty()) return reason;
  return {};
}

void State::Skip(Node node) {
  effects_.resize(node + 1);
  in_version_.resize(node + 1, false);
  visited_ = node + 1;
}

void State::Begin(Node node) {
  Skip(node);
  for (Node other = 0; other < node; ++other) {
    const auto& parents = history_.at(node).parents;
    const bool on = std::any_of(parents.begin(), parents.end(),
                                [&](Node parent) { return history_.Before(other, parent); });
    if (on != In(other)) Switch(other, on);
  }
  in_version_[node] = true;
  node_ = node;
  event_ = 0;
}

std::string_view State::Perform(const Edit& edit) {
  const auto at = Known(ContainerOf(edit));
  if (!at) return "unknown-container";
  const Reason reason =
      std::visit([&](const auto& kind) { return Check(containers_[*at], kind); }, edit);
  if (!reason.empty()) return reason;
  for (std::optional<std::size_t> up = at; up; up = containers_[*up].parent) {
    std::vector<Node>& touched_by = containers_[*up].touched_by;
    if (touched_by.empty() || touched_by.back() != node_) touched_by.push_back(node_);
  }
  std::visit([&](const auto& kind) { Do(*at, kind); }, edit);
  event_ += EventCount(edit);
  return {};
}

void State::Switch(Node node, bool on) {
  in_version_[node] = on;
  for (const Effect& effect : effects_[node]) {
    if (effect.thing == Thing::kAddition) {
      Container& counter = containers_[effect.container];
      const std::int64_t delta = counter.additions[effect.number].second;
      counter.sum += on ? Total{delta} : -Total{delta};
    } else {
      Refresh(effect);
    }
  }
}

void State::Refresh(const Effect& effect) {
  Container& container = containers_[effect.container];
  if (effect.thing == Thing::kPoint) RefreshPoint(container, effect.number);
  if (effect.thing == Thing::kItem) RefreshItem(container, effect.number);
}

void State::RefreshPoint(Container& text, std::size_t number) {
  const Point& point = text.points[number];
  const bool inserted = In(point.by.writer);
  const bool removed = std::any_of(point.removed_by.begin(), point.removed_by.end(),
                                   [&](Node writer) { return In(writer); });
  text.sequence.Set(static_cast<Sequence::Item>(number), inserted, inserted && !removed);
}

void State::RefreshItem(Container& list, std::size_t number) {
  const ListItem& item = list.items[number];
  bool alive = false;
  for (const Written& one : item.writings) {
    if (!In(one.by.writer) || !one.slot) continue;
    alive = alive || std::none_of(item.writings.begin(), item.writings.end(), [&](const auto& w) {
              return In(w.by.writer) && Follows(w.by, one.by);
            });
  }
  const std::pair<Stamp, Sequence::Item>* last = nullptr;
  for (const auto& place : item.places)
    if (In(place.first.writer) && (last == nullptr || Later(place.first, last->first)))
      last = &place;
  for (const auto& place : item.places)
    list.sequence.Set(place.second, In(place.first.writer), alive && last == &place);
}

void State::Touched(std::size_t container, Thing thing, std::size_t number) {
  effects_[node_].push_back({container, thing, number});
  Refresh(effects_[node_].back());
}

bool State::Follows(const Stamp& later, const Stamp& earlier) const {
  if (later.writer == earlier.writer) return later.event > earlier.event;
  return history_.Before(earlier.writer, later.writer);
}

bool State::Later(const Stamp& left, const Stamp& right) const {
  if (left.writer == right.writer) return left.event > right.event;
  return history_.Later(left.writer, right.writer);
}

const Container* State::Find(const ContainerId& id) const {
  const auto found = numbers_.find(id);
  return found == numbers_.end() ? nullptr : &containers_[found->second];
}

std::optional<std::size_t> State::Known(const ContainerId& id) const {
  const auto found = numbers_.find(Globally(id, history_.at(node_).change.id));
  if (found == numbers_.end()) return std::nullopt;
  const std::optional<Node> creator = containers_[found->second].creator;
  if (creator && !In(*creator)) return std::nullopt;
  return found->second;
}

std::size_t State::Create(Container container) {
  numbers_.emplace(container.id, containers_.size());
  containers_.push_back(std::move(container));
  return containers_.size() - 1;
}

Slot State::MakeSlot(const NewSlot& from, std::size_t parent, std::uint64_t event) {
  if (const auto* value = std::get_if<Value>(&from)) return *value;
  Container child;
  child.id = CreatedId(history_.at(node_).change.id, event);
  child.type = std::get<ContainerType>(from);
  child.parent = parent;
  child.depth = containers_[parent].depth + 1;
  child.creator = node_;
  const Child slot{child.type, child.id};
  Create(std::move(child));
  return slot;
}

std::size_t State::Insert(Container& container, std::uint64_t position) {
  return container.sequence.Insert(
      position, node_, [this](Node left, Node right) { return history_.WriterLess(left, right); },
      [&](Sequence::Item item) {
        if (container.type != ContainerType::kText) return false;
        const std::vector<Node>& marks = container.points[item].held_by;
        return std::any_of(marks.begin(), marks.end(), [&](Node writer) { return In(writer); });
      });
}

void State::Do(std::size_t at, const SetKey& edit) {
  std::optional<Slot> slot;
  if (edit.slot) slot = MakeSlot(*edit.slot, at, event_);
  if (!edit.absent_key) containers_[at].keys[edit.key].push_back({Now(), std::move(slot)});
}

void State::Do(std::size_t at, const InsertText& edit) {
  const std::u32string points =
      edit.absent ? std::u32string(static_cast<std::size_t>(edit.absent->points),
                                   edit.absent->gap == Gap::kErased ? kErasedPoint : kMissingPoint)
                  : *DecodeUtf8(edit.inserted);
  for (std::size_t i = 0; i < points.size(); ++i) {
    Container& text = containers_[at];
    const std::size_t number = Insert(text, edit.position + i);
    Point point;
    point.by = Now(i);
    point.point = points[i];
    if (edit.absent) point.gap = edit.absent->gap;
    text.points.push_back(std::move(point));
    Touched(at, Thing::kPoint, number);
  }
}

void State::Do(std::size_t at, const InsertBlock& edit) {
  Container& text = containers_[at];
  const std::size_t number = Insert(text, edit.position);
  Point point;
  point.by = Now();
  point.is_block = true;
  for (const auto& [key, value] : edit.attributes) point.attributes[key] = {{Now(), value}};
  text.points.push_back(std::move(point));
  Touched(at, Thing::kPoint, number);
}

void State::Do(std::size_t at, const SetBlock& edit) {
  Container& text = containers_[at];
  text.points[text.sequence.Shown(edit.position)].attributes[edit.key].push_back(
      {Now(), edit.value});
}

void State::Do(std::size_t at, const InsertItems& edit) {
  for (std::size_t i = 0; i < edit.items.size(); ++i) {
    ListItem item;
    item.by = Now(i);
    item.writings = {{Now(i), MakeSlot(edit.items[i], at, event_ + i)}};
    Container& list = containers_[at];
    const std::size_t slot = Insert(list, edit.position + i);
    item.places = {{Now(i), static_cast<Sequence::Item>(slot)}};
    list.item.push_back(list.items.size());
    list.items.push_back(std::move(item));
    Touched(at, Thing::kItem, list.items.size() - 1);
  }
}

void State::Do(std::size_t at, const Remove& edit) {
  Container& container = containers_[at];
  std::vector<Sequence::Item> shown;
  for (std::uint64_t i = 0; i < edit.count; ++i)
    shown.push_back(container.sequence.Shown(edit.position + i));
  for (std::size_t i = 0; i < shown.size(); ++i) {
    if (container.type == ContainerType::kText) {
      container.points[shown[i]].removed_by.push_back(node_);
      Touched(at, Thing::kPoint, shown[i]);
    } else {
      const std::size_t number = container.item[shown[i]];
      container.items[number].writings.push_back({Now(i), std::nullopt});
      Touched(at, Thing::kItem, number);
    }
  }
}

void State::Do(std::size_t at, const SetItem& edit) {
  Slot slot = MakeSlot(edit.slot, at, event_);
  Container& list = containers_[at];
  const std::size_t number = list.item[list.sequence.Shown(edit.position)];
  list.items[number].writings.push_back({Now(), std::move(slot)});
  Touched(at, Thing::kItem, number);
}

void State::Do(std::size_t at, const MoveItem& edit) {
  Container& list = containers_[at];
  const std::size_t number = list.item[list.sequence.Shown(edit.from)];
  const std::size_t slot = Insert(list, edit.to);
  list.item.push_back(number);
  list.items[number].places.push_back({Now(), static_cast<Sequence::Item>(slot)});
  Touched(at, Thing::kItem, number);
}

void State::Do(std::size_t at, const Add& edit) {
  Container& counter = containers_[at];
  counter.additions.push_back({Now(), edit.delta});
  counter.sum += edit.delta;
  effects_[node_].push_back({at, Thing::kAddition, counter.additions.size() - 1});
}

void State::Do(std::size_t at, const CreateNode& edit) {
  const Slot slot = MakeSlot(ContainerType::kMap, at, event_);
  const ChangeId& change = history_.at(node_).change.id;
  containers_[at].edits.push_back({Now(), NodeEdit::Kind::kCreate, std::get<Child>(slot).id,
                                   Globally(edit.parent, change), edit.order});
}

void State::Do(std::size_t at, const MoveNode& edit) {
  const ChangeId& change = history_.at(node_).change.id;
  containers_[at].edits.push_back({Now(), NodeEdit::Kind::kMove, Globally(edit.node, change),
                                   Globally(edit.parent, change), edit.order});
}

void State::Do(std::size_t at, const RemoveNode& edit) {
  const ChangeId& change = history_.at(node_).change.id;
  containers_[at].edits.push_back(
      {Now(), NodeEdit::Kind::kRemove, Globally(edit.node, change), {}, {}});
}

void State::Do(std::size_t at, const Mark& edit) {
  Container& text = containers_[at];
  const auto anchor = [&](Sequence::Item item, bool right) {
    if (right && item != Sequence::kNone) text.points[item].held_by.push_back(node_);
    return Anchor{item, right};
  };
  const bool before = edit.expand == Expand::kBefore || edit.expand == Expand::kBoth;
  const bool after = edit.expand == Expand::kAfter || edit.expand == Expand::kBoth;
  MarkSpan mark{.by = Now(), .from = {}, .to = {}, .key = edit.key, .value = edit.value};
  const Sequence& sequence = text.sequence;
  if (before) {
    mark.from = anchor(edit.from == 0 ? Sequence::kNone : sequence.Shown(edit.from - 1), true);
  } else {
    mark.from = anchor(sequence.Shown(edit.from), false);
  }
  mark.to =
      after ? anchor(sequence.Shown(edit.to), false) : anchor(sequence.Shown(edit.to - 1), true);
  text.marks.push_back(std::move(mark));
}

}  // namespace geflecht::crdt::oracle
