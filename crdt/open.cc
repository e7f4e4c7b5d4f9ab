#include <algorithm>
#include <utility>

#include "base/check.h"
#include "crdt/container_id.h"
#include "crdt/engine.h"
#include "crdt/utf8.h"
#include "crdt/validity.h"

namespace geflecht::crdt {
namespace {

// Memory for so much stays for the next open change.
constexpr std::size_t kStepsKept = 1024;

}  // namespace

void OpenChange::Clear() {
  if (steps.capacity() > kStepsKept || removed_text.capacity() > kStepsKept) {
    *this = OpenChange();
    return;
  }
  active = false;
  events = 0;
  edits.clear();
  steps.clear();
  removed_text.clear();
  removed_items.clear();
  marks.clear();
  saved_nodes.clear();
  saved_registers.clear();
  saved_supersessions.clear();
  saved = kNoNumber;
}

OpenMark Engine::MarkOpen() {
  open_.saved = kNoNumber;
  OpenMark mark{.active = open_.active,
                .edits = open_.edits.size(),
                .steps = open_.steps.size(),
                .events = open_.events,
                .last = {}};
  if (!open_.edits.empty()) mark.last = open_.edits.back();
  return mark;
}

void Engine::RollBack(const OpenMark& mark) {
  while (open_.steps.size() > mark.steps) {
    const UndoStep step = open_.steps.back();
    open_.steps.pop_back();
    Undo(step);
  }
  open_.edits.resize(mark.edits);
  if (!open_.edits.empty()) open_.edits.back() = mark.last;
  open_.events = mark.events;
  open_.saved = kNoNumber;
  if (!mark.active) open_.Clear();
}

void Engine::SaveNodes(UndoStep::Kind kind, Number number, const std::vector<Node>& nodes) {
  UndoStep step{.kind = kind, .container = number};
  step.count = nodes.size();
  if (step.count == 1) step.position = nodes[0];
  if (step.count > 1) {
    step.begin = open_.saved_nodes.size();
    open_.saved_nodes.push_back(nodes);
  }
  open_.steps.push_back(step);
}

void Engine::RestoreNodes(const UndoStep& step, std::vector<Node>& nodes) const {
  if (step.count > 1) {
    nodes = open_.saved_nodes[step.begin];
  } else {
    nodes.assign(static_cast<std::size_t>(step.count), static_cast<Node>(step.position));
  }
}

// Saves what the edits of a sequence change besides its content.
void Engine::BeginEdit(Number number) {
  open_.active = true;
  const Past past{.all = true, .self = static_cast<Node>(graph_.size()), .parents = {}};
  if (containers_[number].creator != kNoNode) Touch(number, past);
  if (!containers_[number].sequence || open_.saved == number) return;
  open_.saved = number;
  Sequence& sequence = *containers_[number].sequence;
  open_.steps.push_back(
      {.kind = UndoStep::Kind::kLog, .container = number, .begin = open_.marks.size()});
  open_.marks.push_back(sequence.log.End());
  if (sequence.frontier.size() == 1 && sequence.frontier[0] == past.self) return;
  SaveNodes(UndoStep::Kind::kFrontier, number, sequence.frontier);
  sequence.frontier.assign(1, past.self);
}

std::string_view Engine::StageInsertText(Number text, std::uint64_t position,
                                         std::string_view inserted) {
  const Container& container = containers_[text];
  if (container.type != ContainerType::kText) return "wrong-type";
  if (inserted.empty()) return "empty-insertion";
  std::uint64_t points = 1;
  if (inserted.size() > 1 || static_cast<signed char>(inserted[0]) < 0) {
    if (!IsUtf8(inserted)) return "invalid-utf8";
    points = CountCodePoints(inserted);
  }
  Sequence& sequence = *container.sequence;
  const std::uint64_t length = sequence.silent ? WrittenLength(text) : sequence.rope.length();
  if (const auto reason = CheckInsertion(length, position, points); !reason.empty()) return reason;
  if (const auto reason = CheckRoom(sequence.log.items(), points); !reason.empty()) return reason;
  if (open_.saved != text || container.creator != kNoNode) BeginEdit(text);
  const std::size_t begin = sequence.log.text().size();
  sequence.log.InsertText(static_cast<Node>(graph_.size()), position, inserted, points);
  if (sequence.silent) {
    Reshow(text);
  } else {
    sequence.rope.Insert(position, inserted, points);
    if (patches_ != nullptr) PatchSequence(text, false, position, points, inserted);
    if (UndoStep& last = open_.steps.back();
        last.kind == UndoStep::Kind::kInsert && last.position + last.count == position) {
      last.count += points;
    } else {
      open_.steps.push_back({UndoStep::Kind::kInsert, text, position, points, 0});
    }
  }
  open_.events += points;
  if (!open_.edits.empty()) {
    OpenEdit& last = open_.edits.back();
    if (last.kind == OpenEdit::Kind::kInsertText && last.container == text &&
        last.position + last.count == position) {
      last.count += points;
      last.bytes += inserted.size();
      return {};
    }
  }
  open_.edits.push_back(
      {OpenEdit::Kind::kInsertText, text, position, points, begin, inserted.size()});
  return {};
}

std::string_view Engine::StageInsertItems(Number list, std::uint64_t position,
                                          const std::vector<NewSlot>& items) {
  if (containers_[list].type != ContainerType::kList) return "wrong-type";
  if (items.empty()) return "empty-insertion";
  for (const NewSlot& item : items)
    if (const auto reason = CheckValue(item, containers_[list].depth); !reason.empty())
      return reason;
  if (const auto reason = CheckInsertion(WrittenLength(list), position, items.size());
      !reason.empty())
    return reason;
  if (const auto reason = CheckRoom(containers_[list].sequence->log.items(), items.size());
      !reason.empty())
    return reason;
  BeginEdit(list);
  const Node node = static_cast<Node>(graph_.size());
  const Item item = containers_[list].sequence->log.items();
  for (std::size_t i = 0; i < items.size(); ++i) {
    ListElement element = MakeElement(items[i], list, node, open_.events + i);
    containers_[list].sequence->log.InsertElement(node, position + i, std::move(element));
  }
  if (containers_[list].sequence->silent) {
    Reshow(list);
  } else {
    ApplyInsert(list, position, items.size(), item, {});
    open_.steps.push_back({UndoStep::Kind::kInsert, list, position, items.size(), 0});
  }
  open_.edits.push_back({OpenEdit::Kind::kInsertItems, list, position, items.size(), item, 0});
  open_.events += items.size();
  return {};
}

std::string_view Engine::StageRemove(Number number, std::uint64_t position, std::uint64_t count) {
  const Container& container = containers_[number];
  if (!container.sequence) return "wrong-type";
  const std::uint64_t length =
      container.sequence->silent ? WrittenLength(number) : LengthOf(container);
  if (const auto reason = CheckRemoval(length, position, count); !reason.empty()) return reason;
  if (open_.saved != number || container.creator != kNoNode) BeginEdit(number);
  Sequence& sequence = *containers_[number].sequence;
  sequence.log.Remove(static_cast<Node>(graph_.size()), position, count);
  if (sequence.silent) {
    Reshow(number);
  } else if (containers_[number].type == ContainerType::kText) {
    UndoStep& last = open_.steps.back();
    if (count == 1 && position + 1 == last.position &&
        (last.kind == UndoStep::Kind::kRemoveBackwards ||
         (last.kind == UndoStep::Kind::kRemoveText && last.count == 1))) {
      last.kind = UndoStep::Kind::kRemoveBackwards;
      last.position = position;
      ++last.count;
    } else {
      open_.steps.push_back(
          {UndoStep::Kind::kRemoveText, number, position, count, open_.removed_text.size()});
    }
    sequence.rope.Remove(position, count, &open_.removed_text);
  } else {
    open_.steps.push_back(
        {UndoStep::Kind::kRemoveItems, number, position, count, open_.removed_items.size()});
    sequence.items.Remove(position, count, &open_.removed_items);
  }
  if (patches_ != nullptr && !sequence.silent) PatchSequence(number, true, position, count, {});
  open_.events += count;
  if (!open_.edits.empty()) {
    OpenEdit& last = open_.edits.back();
    if (last.kind == OpenEdit::Kind::kRemove && last.container == number &&
        (position == last.position || position + count == last.position)) {
      last.position = position;
      last.count += count;
      return {};
    }
  }
  open_.edits.push_back({OpenEdit::Kind::kRemove, number, position, count, 0, 0});
  return {};
}

std::string_view Engine::StageSet(Number map, std::string_view key, std::optional<NewSlot>&& slot) {
  if (containers_[map].type != ContainerType::kMap) return "wrong-type";
  if (const auto reason = CheckKey(*schema_, map == 0, key, slot); !reason.empty()) return reason;
  if (slot)
    if (const auto reason = CheckValue(*slot, containers_[map].depth); !reason.empty())
      return reason;
  BeginEdit(map);
  const Past past{.all = true, .self = static_cast<Node>(graph_.size()), .parents = {}};
  std::variant<Value, Number> content;
  if (slot) {
    if (auto* value = std::get_if<Value>(&*slot)) {
      content = std::move(*value);
    } else {
      content = Create(std::get<ContainerType>(*slot), map, past.self, open_.events,
                       static_cast<std::uint32_t>(records_.size()));
    }
  }
  Keys::value_type& entry = EntryOf(map, key);
  open_.steps.push_back({UndoStep::Kind::kRegister, map, 0, 1, open_.saved_registers.size()});
  open_.saved_registers.emplace_back(entry);
  const RecordNumber record = Write(map, entry, std::move(content), !slot, past);
  open_.edits.push_back({OpenEdit::Kind::kSet, map, 0, 0, record, 0});
  ++open_.events;
  return {};
}

std::string_view Engine::StageAdd(Number number, std::int64_t delta) {
  if (!containers_[number].counter) return "wrong-type";
  if (!FitsCounter(containers_[number].counter->sum, delta)) return "counter-overflow";
  BeginEdit(number);
  CounterState& counter = *containers_[number].counter;
  counter.sum += delta;
  counter.magnitude += delta < 0 ? -Total{delta} : Total{delta};
  counter.additions.emplace_back(static_cast<Node>(graph_.size()), delta);
  if (patches_ != nullptr) PatchCounter(number);
  open_.steps.push_back({.kind = UndoStep::Kind::kAdd, .container = number});
  open_.edits.push_back({OpenEdit::Kind::kAdd, number, static_cast<std::uint64_t>(delta), 0, 0, 0});
  ++open_.events;
  return {};
}

std::string_view Engine::Stage(const Edit& edit) {
  if (std::holds_alternative<CreateNode>(edit) || std::holds_alternative<MoveNode>(edit) ||
      std::holds_alternative<RemoveNode>(edit))
    return StageNode(edit);
  const Number number = Resolve(ContainerOf(edit), static_cast<Node>(graph_.size()));
  if (number == kNoNumber) return cold_ ? WantHistory() : "unknown-container";
  if (const auto* set = std::get_if<SetKey>(&edit)) {
    if (set->absent_key) return "empty-key";
    return StageSet(number, set->key, std::optional<NewSlot>(set->slot));
  }
  if (const auto* text = std::get_if<InsertText>(&edit))
    return StageInsertText(number, text->position, text->inserted);
  if (const auto* list = std::get_if<InsertItems>(&edit))
    return StageInsertItems(number, list->position, list->items);
  if (const auto* remove = std::get_if<crdt::Remove>(&edit))
    return StageRemove(number, remove->position, remove->count);
  if (const auto* add = std::get_if<Add>(&edit)) return StageAdd(number, add->delta);
  if (const auto* mark = std::get_if<crdt::Mark>(&edit)) return StageMark(number, *mark);
  if (const auto* block = std::get_if<crdt::InsertBlock>(&edit))
    return StageInsertBlock(number, block->position, block->attributes);
  if (const auto* setting = std::get_if<crdt::SetBlock>(&edit))
    return StageSetBlock(number, *setting);
  if (const auto* item = std::get_if<crdt::SetItem>(&edit))
    return StageSetItem(number, item->position, item->slot);
  const auto& move = std::get<crdt::MoveItem>(edit);
  return StageMoveItem(number, move.from, move.to);
}

// The key's writings are those that were saved.
void Engine::UndoRegister(const UndoStep& step) {
  const SavedRegister& saved = open_.saved_registers[step.begin];
  const std::string& key = saved.entry->first;
  std::vector<Writing> before;
  if (patches_ != nullptr) before = Writings(step.container, key);
  saved.Restore();
  if (patches_ != nullptr) PatchKey(step.container, key, before);
  if (step.count > 0) records_.pop_back();
  if (saved.count == 0)
    containers_[step.container].keys.erase(containers_[step.container].keys.find(key));
}

void Engine::UndoRemoval(const UndoStep& step) {
  if (step.kind == UndoStep::Kind::kRemoveItems) {
    std::uint64_t position = step.position;
    for (std::size_t i = step.begin; i < open_.removed_items.size(); ++i) {
      const LiveItems::Stretch& stretch = open_.removed_items[i];
      ApplyInsert(step.container, position, stretch.count, stretch.item, {});
      position += stretch.count;
    }
    open_.removed_items.resize(step.begin);
    return;
  }
  std::string removed = open_.removed_text.substr(step.begin);
  open_.removed_text.resize(step.begin);
  if (step.kind == UndoStep::Kind::kRemoveBackwards) {
    std::u32string points = *DecodeUtf8(removed);
    std::reverse(points.begin(), points.end());
    removed = EncodeUtf8(points);
  }
  ApplyInsert(step.container, step.position, step.count, 0, removed);
}

void Engine::Undo(const UndoStep& step) {
  switch (step.kind) {
    case UndoStep::Kind::kInsert:
      return ApplyRemove(step.container, step.position, step.count);
    case UndoStep::Kind::kRemoveText:
    case UndoStep::Kind::kRemoveBackwards:
    case UndoStep::Kind::kRemoveItems:
      return UndoRemoval(step);
    case UndoStep::Kind::kLog: {
      Sequence& sequence = *containers_[step.container].sequence;
      sequence.log.Truncate(open_.marks[step.begin]);
      if (sequence.walker && sequence.walker->fed() > sequence.log.size()) sequence.walker.reset();
      if (sequence.silent) Reshow(step.container);
      return;
    }
    case UndoStep::Kind::kFrontier:
      RestoreNodes(step, containers_[step.container].sequence->frontier);
      return;
    case UndoStep::Kind::kNodeEdit: {
      TreeState& tree = *containers_[step.container].tree;
      tree.edits.pop_back();
      tree.made = false;
      return;
    }
    case UndoStep::Kind::kTouch:
      RestoreNodes(step, containers_[step.container].touched_by);
      return;
    case UndoStep::Kind::kCreate:
      containers_.pop_back();
      ++made_;
      return;
    case UndoStep::Kind::kRegister:
      return UndoRegister(step);
    case UndoStep::Kind::kSupersede: {
      Supersession& saved = open_.saved_supersessions[step.begin];
      std::unique_ptr<Supersession>& now = containers_[step.container].superseded;
      if (saved.by.empty()) {
        now.reset();
      } else {
        *now = std::move(saved);
      }
      return;
    }
    case UndoStep::Kind::kAdd: {
      CounterState& counter = *containers_[step.container].counter;
      const std::int64_t delta = counter.additions.back().second;
      counter.additions.pop_back();
      counter.sum -= delta;
      counter.magnitude -= delta < 0 ? -Total{delta} : Total{delta};
      if (patches_ != nullptr) PatchCounter(step.container);
      return;
    }
  }
}

namespace {

// What an edit says that made a slot.
NewSlot Said(const std::variant<Value, Number>& slot, const Engine& engine) {
  if (const auto* value = std::get_if<Value>(&slot)) return *value;
  return engine.at(std::get<Number>(slot)).type;
}

void Say(const Record& record, const Engine& engine, SetKey& edit) {
  edit.key = record.key();
  if (!record.removed) edit.slot.emplace(Said(record.slot, engine));
}

}  // namespace

Edit Engine::EditOf(const OpenEdit& from) const {
  ContainerId id = IdOf(from.container);
  switch (from.kind) {
    case OpenEdit::Kind::kSet: {
      SetKey edit{.map = std::move(id), .key = {}, .slot = {}};
      Say(records_[from.begin], *this, edit);
      return edit;
    }
    case OpenEdit::Kind::kInsertText:
      return crdt::InsertText{
          .text = std::move(id),
          .position = from.position,
          .inserted = std::string(
              containers_[from.container].sequence->log.text().substr(from.begin, from.bytes))};
    case OpenEdit::Kind::kInsertItems: {
      InsertItems edit{.list = std::move(id), .position = from.position, .items = {}};
      const SequenceLog& log = containers_[from.container].sequence->log;
      for (std::size_t i = 0; i < from.count; ++i)
        edit.items.push_back(Said(log.Element(static_cast<Item>(from.begin + i)), *this));
      return edit;
    }
    case OpenEdit::Kind::kSetItem:
      return crdt::SetItem{
          std::move(id), from.position,
          Said(containers_[from.container].sequence->log.SetElement(from.begin), *this)};
    case OpenEdit::Kind::kMoveItem:
      return crdt::MoveItem{std::move(id), from.position, from.count};
    case OpenEdit::Kind::kRemove:
      return crdt::Remove{std::move(id), from.position, from.count};
    case OpenEdit::Kind::kNode:
      return NodeEditOf(from);
    case OpenEdit::Kind::kMark: {
      crdt::Mark mark = containers_[from.container].sequence->log.marks()[from.begin];
      mark.text = std::move(id);
      return mark;
    }
    case OpenEdit::Kind::kInsertBlock:
      return crdt::InsertBlock{
          std::move(id), from.position,
          *containers_[from.container].sequence->log.Block(static_cast<Item>(from.begin))};
    case OpenEdit::Kind::kSetBlock: {
      crdt::SetBlock setting = containers_[from.container].sequence->log.settings()[from.begin];
      setting.text = std::move(id);
      return setting;
    }
    case OpenEdit::Kind::kAdd:
      return crdt::Add{std::move(id), static_cast<std::int64_t>(from.position)};
  }
  return crdt::Add{};
}

std::vector<Edit> Engine::OpenEdits() const {
  std::vector<Edit> out;
  out.reserve(open_.edits.size());
  const SetKey* last = nullptr;  // the name of its map is not made again for the next key of it
  Number map = kNoNumber;
  for (const OpenEdit& edit : open_.edits) {
    if (edit.kind != OpenEdit::Kind::kSet) {
      out.push_back(EditOf(edit));
      continue;
    }
    auto& set = std::get<SetKey>(out.emplace_back(std::in_place_type<SetKey>));
    set.map = edit.container == map ? last->map : IdOf(edit.container);
    Say(records_[edit.begin], *this, set);
    last = &set;
    map = edit.container;
  }
  return out;
}

// The commonest edits are compared in place.
bool Engine::Is(const Edit& edit, const OpenEdit& open) const {
  if (const auto* text = std::get_if<crdt::InsertText>(&edit))
    return open.kind == OpenEdit::Kind::kInsertText && text->position == open.position &&
           !text->absent &&
           text->inserted ==
               containers_[open.container].sequence->log.text().substr(open.begin, open.bytes) &&
           IsIdOf(text->text, open.container);
  if (const auto* remove = std::get_if<crdt::Remove>(&edit))
    return open.kind == OpenEdit::Kind::kRemove && remove->position == open.position &&
           remove->count == open.count && IsIdOf(remove->sequence, open.container);
  const auto* set = std::get_if<SetKey>(&edit);
  if (set == nullptr || open.kind != OpenEdit::Kind::kSet) return edit == EditOf(open);
  const Record& record = records_[open.begin];
  if (set->absent_key || set->slot.has_value() == record.removed ||
      !SameText(set->key, record.key()) || !IsIdOf(set->map, open.container))
    return false;
  if (record.removed) return true;
  if (const auto* value = std::get_if<Value>(&record.slot)) {
    const auto* said = std::get_if<Value>(&*set->slot);
    return said != nullptr && *said == *value;
  }
  return *set->slot == Said(record.slot, *this);
}

bool Engine::OpenEquals(const std::vector<Edit>& edits) const {
  return std::equal(edits.begin(), edits.end(), open_.edits.begin(), open_.edits.end(),
                    [this](const Edit& edit, const OpenEdit& open) { return Is(edit, open); });
}

bool Engine::IsIdOf(std::string_view id, Number number) const {
  const Container& container = containers_[number];
  if (number != 0 && container.creator < graph_.size())
    return IsCreatedId(id, graph_.id(container.creator), container.event);
  if (number == 0) return id.empty();
  if (container.creator != kNoNode) return IsOwnId(id, container.event);
  return id.size() > 1 && id[0] == '/' &&
         SameText(id.substr(1), schema_->fields[container.place].key);
}

void Engine::CommitOpen(const ChangeId& id, const std::vector<Edit>& edits) {
  parents_.assign(graph_.heads().begin(), graph_.heads().end());
  graph_.Append(id, self_, parents_);
  numbers_.clear();
  for (const OpenEdit& edit : open_.edits) numbers_.push_back(edit.container);
  history_.Append(edits, graph_, numbers_);
  open_.Clear();
}

}  // namespace geflecht::crdt
