#include "crdt/replay.h"

#include <algorithm>
#include <type_traits>
#include <utility>

#include "base/check.h"
#include "crdt/container_id.h"
#include "crdt/utf8.h"
#include "crdt/validity.h"

namespace geflecht::crdt {
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

Replay::Replay(const Schema& schema, const Graph& graph, const AgentId& self)
    : schema_(&schema), graph_(&graph), self_(self) {
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

void Replay::Update() {
  bool appended = true;
  for (std::size_t n = visited_; n < graph_->size(); ++n)
    appended = appended && graph_->at(static_cast<Node>(n)).follows_all;
  if (!appended) *this = Replay(*schema_, *graph_, self_);
  spans_.resize(graph_->size());
  in_version_.resize(graph_->size(), false);
  if (appended) {
    for (; visited_ < graph_->size(); ++visited_) Visit(static_cast<Node>(visited_));
  } else {
    for (const Node node : graph_->Order()) Visit(node);
    visited_ = graph_->size();
  }
}

void Replay::Visit(Node node) {
  const Graph::Entry& entry = graph_->at(node);
  MoveTo(entry.parents);
  const std::size_t begin = effects_.size();
  if (const std::string_view reason = CheckChange(*this, entry.change); !reason.empty()) {
    voids_.emplace(node, reason);
  } else {
    std::uint64_t event = 0;
    for (const Edit& edit : entry.change.edits) {
      Perform(edit, node, &entry.change.id, event);
      event += EventCount(edit);
    }
  }
  spans_[node] = {begin, effects_.size()};
  in_version_[node] = true;
  version_ = {node};
}

void Replay::MoveTo(const std::vector<Node>& parents) {
  if (version_ == parents) return;
  const Graph::Difference difference = graph_->Diff(version_, parents);
  for (auto it = difference.only_left.rbegin(); it != difference.only_left.rend(); ++it)
    Retreat(*it);
  for (const Node node : difference.only_right) Advance(node);
  version_ = parents;
}

void Replay::Retreat(Node node) {
  in_version_[node] = false;
  for (std::size_t i = spans_[node].end; i-- > spans_[node].begin;) {
    const Effect& effect = effects_[i];
    Container& container = containers_[effect.container];
    switch (effect.kind) {
      case Effect::Kind::kInsert:
        container.sequence.RetreatInsert(effect.item);
        break;
      case Effect::Kind::kRemove:
        container.sequence.RetreatRemove(effect.item);
        break;
      case Effect::Kind::kAdd:
        container.prepare_sum -= effect.delta;
        break;
    }
  }
}

void Replay::Advance(Node node) {
  in_version_[node] = true;
  for (std::size_t i = spans_[node].begin; i < spans_[node].end; ++i) {
    const Effect& effect = effects_[i];
    Container& container = containers_[effect.container];
    switch (effect.kind) {
      case Effect::Kind::kInsert:
        container.sequence.AdvanceInsert(effect.item);
        break;
      case Effect::Kind::kRemove:
        container.sequence.AdvanceRemove(effect.item);
        break;
      case Effect::Kind::kAdd:
        container.prepare_sum += effect.delta;
        break;
    }
  }
}

void Replay::Open() { MoveTo(graph_->HeadNodes()); }

std::string_view Replay::PerformOpen(const Edit& edit, std::uint64_t event) {
  if (const std::string_view reason = CheckEdit(*this, edit); !reason.empty()) return reason;
  Perform(edit, kOpen, nullptr, event);
  return {};
}

void Replay::Perform(const Edit& edit, Node writer, const ChangeId* change, std::uint64_t event) {
  const ContainerId& id = ContainerOf(edit);
  const Number number = *Find(change ? Globally(id, *change) : id);
  Touch(number, writer);
  const auto less = [this](Node left, Node right) { return WriterLess(left, right); };
  const auto record = [&](Effect::Kind kind, Sequence::Item item, std::int64_t delta) {
    effects_.push_back({.kind = kind, .container = number, .item = item, .delta = delta});
  };
  if (const auto* set = std::get_if<SetKey>(&edit)) {
    Entry entry{.slot = Value{}, .removed = !set->slot, .writer = writer, .superseded_by = {}};
    if (set->slot) entry.slot = MakeSlot(*set->slot, number, writer, change, event);
    Write(containers_[number], set->key, std::move(entry));
  } else if (const auto* text = std::get_if<InsertText>(&edit)) {
    Container& container = containers_[number];
    const std::u32string points = *DecodeUtf8(text->inserted);
    for (std::size_t i = 0; i < points.size(); ++i)
      record(Effect::Kind::kInsert, static_cast<Sequence::Item>(container.points.size() + i), 0);
    container.sequence.Insert(text->position, points.size(), writer, less);
    container.points += points;
  } else if (const auto* list = std::get_if<InsertItems>(&edit)) {
    for (const auto& item : list->items) {
      const Slot slot = MakeSlot(item, number, writer, change, event++);
      record(Effect::Kind::kInsert, static_cast<Sequence::Item>(containers_[number].slots.size()),
             0);
      containers_[number].slots.push_back(slot);
    }
    containers_[number].sequence.Insert(list->position, list->items.size(), writer, less);
  } else if (const auto* remove = std::get_if<Remove>(&edit)) {
    for (const auto item : containers_[number].sequence.Remove(remove->position, remove->count))
      record(Effect::Kind::kRemove, item, 0);
  } else if (const auto* add = std::get_if<Add>(&edit)) {
    containers_[number].sum += add->delta;
    containers_[number].prepare_sum += add->delta;
    record(Effect::Kind::kAdd, 0, add->delta);
  }
}

void Replay::Touch(Number number, Node writer) {
  for (std::optional<Number> at = number; at; at = containers_[*at].parent) {
    std::vector<Node>& touched_by = containers_[*at].touched_by;
    if (touched_by.empty() || touched_by.back() != writer) touched_by.push_back(writer);
  }
}

Slot Replay::MakeSlot(const std::variant<Value, ContainerType>& from, Number parent, Node writer,
                      const ChangeId* change, std::uint64_t event) {
  if (const auto* value = std::get_if<Value>(&from)) return *value;
  Container container;
  container.id = change ? CreatedId(*change, event) : OwnId(event);
  container.type = std::get<ContainerType>(from);
  container.parent = parent;
  container.depth = containers_[parent].depth + 1;
  container.creator = writer;
  Child child{container.type, container.id};
  Create(std::move(container));
  return child;
}

void Replay::Write(Container& map, const std::string& key, Entry entry) {
  std::vector<Entry>& entries = map.keys[key];
  for (Entry& earlier : entries)
    if (Supersedes(entry.writer, earlier)) earlier.superseded_by.push_back(entry.writer);
  std::erase_if(entries, [](const Entry& earlier) {
    return !earlier.superseded_by.empty() && std::holds_alternative<Value>(earlier.slot);
  });
  entries.push_back(std::move(entry));
}

// The prepare version is the past of `writer`.
bool Replay::Supersedes(Node writer, const Entry& entry) const {
  return entry.writer == writer || entry.writer == kOpen || in_version_[entry.writer];
}

bool Replay::Stands(const Entry& entry) const {
  if (entry.superseded_by.empty()) return true;
  const Container& child = containers_[*Find(std::get<Child>(entry.slot).id)];
  const auto saw = [&](Node writer, Node touch) {
    return writer == kOpen || (touch != kOpen && graph_->Contains(writer, touch));
  };
  return std::none_of(entry.superseded_by.begin(), entry.superseded_by.end(), [&](Node writer) {
    return std::all_of(child.touched_by.begin(), child.touched_by.end(),
                       [&](Node touch) { return saw(writer, touch); });
  });
}

std::vector<Writing> Replay::Writings(const Container& map, std::string_view key) const {
  const auto found = map.keys.find(key);
  if (found == map.keys.end()) return {};
  std::vector<const Entry*> standing;
  for (const Entry& entry : found->second)
    if (Stands(entry)) standing.push_back(&entry);
  std::sort(standing.begin(), standing.end(), [&](const Entry* left, const Entry* right) {
    if (left->removed != right->removed) return right->removed;
    const std::uint64_t left_depth = DepthOf(left->writer), right_depth = DepthOf(right->writer);
    if (left_depth != right_depth) return left_depth > right_depth;
    return WriterLess(right->writer, left->writer);
  });
  std::vector<Writing> out;
  for (const Entry* entry : standing) {
    const bool known = std::any_of(out.begin(), out.end(), [&](const Writing& writing) {
      return writing.slot == entry->slot && writing.removed == entry->removed;
    });
    if (known) continue;
    const bool open = entry->writer == kOpen;
    out.push_back({.slot = entry->slot,
                   .removed = entry->removed,
                   .change = open ? ChangeId{} : graph_->at(entry->writer).change.id,
                   .agent = open ? self_ : graph_->at(entry->writer).change.agent});
  }
  return out;
}

bool Replay::WriterLess(Node left, Node right) const {
  if (left == right) return false;
  if (left == kOpen || right == kOpen) return right == kOpen;
  const Change& a = graph_->at(left).change;
  const Change& b = graph_->at(right).change;
  return a.agent != b.agent ? a.agent < b.agent : a.id < b.id;
}

std::uint64_t Replay::DepthOf(Node writer) const {
  return writer == kOpen ? UINT64_MAX : graph_->at(writer).depth;
}

std::optional<Replay::Number> Replay::Find(const ContainerId& id) const {
  const auto found = numbers_.find(id);
  if (found == numbers_.end()) return std::nullopt;
  return found->second;
}

bool Replay::Known(const Container& container) const {
  return container.creator == kSchema || container.creator == kOpen ||
         in_version_[container.creator];
}

Replay::Number Replay::Create(Container container) {
  const Number number = static_cast<Number>(containers_.size());
  numbers_.emplace(container.id, number);
  containers_.push_back(std::move(container));
  return number;
}

}  // namespace geflecht::crdt
