#include "crdt/engine.h"

#include <algorithm>
#include <utility>

#include "base/check.h"
#include "crdt/container_id.h"
#include "crdt/path.h"
#include "crdt/utf8.h"

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

void Standing::Add(RecordNumber record) {
  if (size() == 0) {
    one_ = record;
    count_ = 1;
    return;
  }
  if (!more_) more_ = std::make_unique<std::vector<RecordNumber>>(1, one_);
  more_->push_back(record);
}

void Standing::Assign(const std::vector<RecordNumber>& records) {
  Cut(0);
  for (const RecordNumber record : records) Add(record);
}

std::vector<RecordNumber> Standing::All() const {
  std::vector<RecordNumber> out;
  for (std::size_t i = 0; i < size(); ++i) out.push_back(at(i));
  return out;
}

Engine::Engine(const Schema& schema, const AgentId& self) : schema_(&schema), self_(self) {
  CreateDeclared();
}

void Engine::CreateDeclared() {
  Create(ContainerType::kMap, kNoNumber, kNoNode, 0, 0);
  for (std::size_t i = 0; i < schema_->fields.size(); ++i)
    if (schema_->fields[i].type != FieldType::kValue)
      Create(TypeOf(schema_->fields[i].type), 0, kNoNode, 0, static_cast<std::uint32_t>(i));
  declared_ = static_cast<Number>(containers_.size());
}

Number Engine::Create(ContainerType type, Number parent, Node creator, std::uint64_t event,
                      std::uint32_t place) {
  const Number number = static_cast<Number>(containers_.size());
  CHECK(number != kNoNumber);
  Container container;
  container.type = type;
  container.parent = parent;
  container.creator = creator;
  container.event = event;
  container.place = place;
  if (parent != kNoNumber)
    container.depth = static_cast<std::uint8_t>(containers_[parent].depth + 1);
  if (type == ContainerType::kText || type == ContainerType::kList)
    container.sequence = std::make_unique<Sequence>();
  if (type == ContainerType::kTree) container.tree = std::make_unique<TreeState>();
  if (type == ContainerType::kCounter) container.counter = std::make_unique<CounterState>();
  containers_.push_back(std::move(container));
  if (creator != kNoNode && open_.active && creator == graph_.size())
    open_.steps.push_back({.kind = UndoStep::Kind::kCreate});
  return number;
}

Number Engine::Declared(std::string_view key) const {
  for (Number number = 1; number < declared_; ++number)
    if (SameText(schema_->fields[containers_[number].place].key, key)) return number;
  return kNoNumber;
}

Number Engine::Resolve(std::string_view id, Node node) const {
  if (id.empty()) return 0;
  if (id[0] == '/') return Declared(id.substr(1));
  const std::optional<ContainerName> name = ParseContainerId(id);
  if (!name) return kNoNumber;
  Node creator = node;
  if (name->kind == ContainerName::Kind::kCreated) {
    const std::optional<Node> found = graph_.Find(name->change);
    if (!found || *found == node) return kNoNumber;
    creator = *found;
  }
  // Made in the order of changes and events.
  const auto at = std::partition_point(
      containers_.begin() + declared_, containers_.end(), [&](const Container& container) {
        return std::pair(container.creator, container.event) < std::pair(creator, name->event);
      });
  if (at == containers_.end() || at->creator != creator || at->event != name->event)
    return kNoNumber;
  return static_cast<Number>(at - containers_.begin());
}

ContainerId Engine::IdOf(Number number) const {
  const Container& container = containers_[number];
  if (number == 0) return {};
  if (container.creator == kNoNode) return DeclaredId(schema_->fields[container.place].key);
  if (container.creator >= graph_.size()) return OwnId(container.event);
  return CreatedId(graph_.id(container.creator), container.event);
}

const AgentId& Engine::AgentOf(const ChangeId& change) const {
  const std::optional<Node> node = graph_.Find(change);
  return node ? graph_.agent(*node) : self_;
}

Slot Engine::SlotOf(const std::variant<Value, Number>& from) const {
  if (const auto* value = std::get_if<Value>(&from)) return *value;
  const Number number = std::get<Number>(from);
  return Child{containers_[number].type, IdOf(number)};
}

ListElement Engine::MakeElement(const NewSlot& slot, Number list, Node node, std::uint64_t event) {
  if (const auto* value = std::get_if<Value>(&slot)) return *value;
  return Create(std::get<ContainerType>(slot), list, node, event,
                containers_[list].sequence->log.items());
}

// One path grows and shrinks on the way: names may be long, and siblings many.
void Engine::ForEachShown(const std::function<void(const std::string&, Number)>& visit) const {
  struct Step {
    std::size_t parent = 0;  // length of the parent's path
    std::variant<std::string_view, std::string> name;
    Number number = 0;
  };
  std::vector<Step> rest{{0, {}, 0}};
  std::string path;
  while (!rest.empty()) {
    const Step step = std::move(rest.back());
    rest.pop_back();
    const Number number = step.number;
    path.resize(step.parent);
    if (number != 0)
      path = JoinPath(
          path, std::visit([](const auto& name) -> std::string_view { return name; }, step.name));
    visit(path, number);
    const Container& container = containers_[number];
    const auto add = [&](std::variant<std::string_view, std::string> name, Number child) {
      rest.push_back({path.size(), std::move(name), child});
    };
    for (const auto& [key, standing] : container.keys)
      if (const std::optional<RecordNumber> shown = Shown(standing))
        if (const auto* child = std::get_if<Number>(&records_[*shown].slot))
          add(std::string_view(key), *child);
    if (number == 0)
      for (Number child = 1; child < declared_; ++child)
        add(std::string_view(schema_->fields[containers_[child].place].key), child);
    if (container.tree)
      for (const TreeNode& node : ReadTree(number).nodes)
        add(node.id, Resolve(node.id, static_cast<Node>(graph_.size())));
    if (container.type != ContainerType::kList) continue;
    std::uint64_t index = 0;
    for (const LiveItems::Stretch& stretch : container.sequence->items.All())
      for (std::uint32_t i = 0; i < stretch.count; ++i, ++index)
        if (const auto* child = std::get_if<Number>(&ElementOf(number, stretch.item + i)))
          add(std::to_string(index), *child);
  }
}

void Engine::ApplyInsert(Number number, std::uint64_t position, std::uint64_t count, Item item,
                         std::string_view text) {
  Sequence& sequence = *containers_[number].sequence;
  if (containers_[number].type == ContainerType::kText) {
    sequence.rope.Insert(position, text, count);
  } else {
    sequence.items.Insert(position, item, static_cast<std::uint32_t>(count));
  }
  if (patches_ != nullptr) PatchSequence(number, false, position, count, text);
}

void Engine::ApplyRemove(Number number, std::uint64_t position, std::uint64_t count) {
  Sequence& sequence = *containers_[number].sequence;
  if (containers_[number].type == ContainerType::kText) {
    sequence.rope.Remove(position, count);
  } else {
    sequence.items.Remove(position, count);
  }
  if (patches_ != nullptr) PatchSequence(number, true, position, count, {});
}

}  // namespace geflecht::crdt
