#include "crdt/validity.h"

#include <algorithm>
#include <functional>
#include <limits>

#include "base/limits.h"
#include "crdt/container_id.h"
#include "crdt/order_key.h"
#include "crdt/utf8.h"

namespace geflecht::crdt {

std::string_view CheckKey(const Schema& schema, bool root, std::string_view key,
                          const std::optional<NewSlot>& slot) {
  if (key.empty()) return "empty-key";
  if (key.size() > limits::kKeyBytesMax) return "key-too-long";
  if (!IsUtf8(key)) return "invalid-utf8";
  if (!root) return {};
  const FieldSpec* const field = schema.Find(key);
  const bool child = slot && std::holds_alternative<ContainerType>(*slot);
  if (field != nullptr && (field->type != FieldType::kValue || child)) return "wrong-type";
  return {};
}

std::string_view CheckValue(const NewSlot& slot, unsigned depth) {
  if (const auto* value = std::get_if<Value>(&slot)) {
    const auto* text = std::get_if<std::string>(value);
    return text == nullptr || IsUtf8(*text) ? std::string_view() : "invalid-utf8";
  }
  const ContainerType type = std::get<ContainerType>(slot);
  if (type < ContainerType::kMap || type > ContainerType::kTree) return "unknown-type";
  return depth >= limits::kDepthMax ? "too-deep" : std::string_view();
}

std::string_view CheckAttribute(std::string_view key, const std::optional<Value>& value) {
  if (key.empty()) return "empty-key";
  if (key.size() > limits::kKeyBytesMax) return "key-too-long";
  if (!IsUtf8(key)) return "invalid-utf8";
  const auto* text = value ? std::get_if<std::string>(&*value) : nullptr;
  return text == nullptr || IsUtf8(*text) ? std::string_view() : "invalid-utf8";
}

std::string_view CheckAttributes(const std::map<std::string, Value>& attributes) {
  if (attributes.size() > limits::kBlockAttributesMax) return "too-many-attributes";
  for (const auto& [key, value] : attributes)
    if (const auto reason = CheckAttribute(key, value); !reason.empty()) return reason;
  return {};
}

std::string_view CheckMark(const crdt::Mark& mark, std::uint64_t length) {
  if (mark.from >= mark.to) return "empty-mark";
  if (mark.to > length) return "position-out-of-range";
  if (mark.expand > Expand::kBoth) return "unknown-expand";
  return CheckAttribute(mark.key, mark.value);
}

bool FitsCounter(Total sum, std::int64_t delta) {
  using Limits = std::numeric_limits<std::int64_t>;
  return delta < 0 ? sum + delta >= Limits::min() : sum + delta <= Limits::max();
}

std::string_view Checker::Check(const Change& change, std::vector<Number>& numbers) {
  const auto& parents = change.parents;
  if (std::adjacent_find(parents.begin(), parents.end(), std::greater_equal<>()) != parents.end())
    return "parents-not-ascending";
  if (change.edits.empty()) return "no-edits";
  if (change.edits.size() > limits::kEditsPerChangeHardMax) return "too-many-edits";
  for (const Edit& edit : change.edits) {
    const bool sets = std::holds_alternative<crdt::SetBlock>(edit);
    sets_blocks_ = sets_blocks_ || sets;
    rich_ = rich_ || sets || std::holds_alternative<crdt::Mark>(edit) ||
            std::holds_alternative<crdt::InsertBlock>(edit) ||
            std::holds_alternative<SetItem>(edit) || std::holds_alternative<MoveItem>(edit);
  }
  for (const Edit& edit : change.edits) {
    Number number = kNoNumber;
    if (const std::string_view reason = Check(edit, number); !reason.empty()) return reason;
    numbers.push_back(number);
  }
  for (const Measure& measure : measures_)
    if (measure.inserted > 0)
      if (const auto reason = CheckRoom(measure.number < engine_.container_count()
                                            ? engine_.at(measure.number).sequence->log.items()
                                            : 0,
                                        measure.inserted);
          !reason.empty())
        return reason;
  return {};
}

std::string_view Checker::Check(const Edit& edit, Number& number) {
  number = Resolve(ContainerOf(edit));
  Measure* const at = number == kNoNumber ? nullptr : Find(number);
  if (at == nullptr) return "unknown-container";
  const std::string_view reason =
      std::visit([&](const auto& kind) { return CheckKind(kind, *at); }, edit);
  event_ += EventCount(edit);
  return reason;
}

Number Checker::Resolve(const ContainerId& id) const {
  if (id.starts_with("#:")) {
    if (const auto name = ParseContainerId(id)) {
      const auto at =
          std::lower_bound(made_.begin(), made_.end(), std::pair(name->event, Number{0}));
      if (at != made_.end() && at->first == name->event) return at->second;
    }
  }
  return engine_.Resolve(id, past_.self);
}

Measure* Checker::Find(Number number) {
  std::vector<std::uint32_t>& slots = engine_.measured_;
  if (slots.size() <= number) slots.resize(number + 1 + engine_.containers_.size());
  if (const std::uint32_t slot = slots[number];
      slot < measures_.size() && measures_[slot].number == number)
    return &measures_[slot];
  const Container& container = engine_.at(number);
  if (container.creator != kNoNode && !engine_.Knows(past_, container.creator)) return nullptr;
  Measure measure{.number = number,
                  .type = container.type,
                  .depth = container.depth,
                  .parent = container.parent};
  if (container.sequence) measure.length = engine_.Prepare(number, past_, rich_);
  if (container.counter) {
    measure.sum = container.counter->sum;
    measure.magnitude = container.counter->magnitude;
    measure.exact = past_.all;
  }
  slots[number] = static_cast<std::uint32_t>(measures_.size());
  measures_.push_back(measure);
  return &measures_.back();
}

std::string_view Checker::CheckKind(const SetKey& edit, const Measure& at) {
  if (at.type != ContainerType::kMap) return "wrong-type";
  const unsigned depth = at.depth;
  if (edit.absent_key && edit.absent_key->bytes > limits::kKeyBytesMax) return "key-too-long";
  if (!edit.absent_key)
    if (const auto reason = CheckKey(engine_.schema(), at.number == 0, edit.key, edit.slot);
        !reason.empty())
      return reason;
  return edit.slot ? CheckSlot(*edit.slot, at.number, depth, event_) : std::string_view();
}

std::string_view Checker::CheckKind(const InsertText& edit, Measure& at) {
  if (at.type != ContainerType::kText) return "wrong-type";
  if (edit.inserted.empty() && (!edit.absent || edit.absent->points == 0)) return "empty-insertion";
  if (!IsUtf8(edit.inserted)) return "invalid-utf8";
  const std::uint64_t count = edit.absent ? edit.absent->points : CountCodePoints(edit.inserted);
  const std::string_view reason = CheckInsertion(at.length, edit.position, count);
  at.length += count;
  at.inserted += count;
  if (sets_blocks_) shifts_.push_back({at.number, edit.position, count, false, false});
  return reason;
}

std::string_view Checker::CheckKind(const crdt::Mark& edit, const Measure& at) {
  if (at.type != ContainerType::kText) return "wrong-type";
  return CheckMark(edit, at.length);
}

std::string_view Checker::CheckKind(const crdt::InsertBlock& edit, Measure& at) {
  if (at.type != ContainerType::kText) return "wrong-type";
  if (const auto reason = CheckAttributes(edit.attributes); !reason.empty()) return reason;
  const std::string_view reason = CheckInsertion(at.length, edit.position, 1);
  ++at.length;
  ++at.inserted;
  if (sets_blocks_) shifts_.push_back({at.number, edit.position, 1, false, true});
  return reason;
}

std::string_view Checker::CheckKind(const crdt::SetBlock& edit, const Measure& at) {
  if (at.type != ContainerType::kText) return "wrong-type";
  if (edit.position >= at.length) return "position-out-of-range";
  if (!IsBlock(at, edit.position)) return "no-block";
  return CheckAttribute(edit.key, edit.value);
}

// Goes back through the edits of the change to the version that it was made on.
bool Checker::IsBlock(const Measure& at, std::uint64_t position) {
  for (auto shift = shifts_.rbegin(); shift != shifts_.rend(); ++shift) {
    if (shift->text != at.number) continue;
    if (shift->removal) {
      if (position >= shift->position) position += shift->count;
    } else if (position >= shift->position + shift->count) {
      position -= shift->count;
    } else if (position >= shift->position) {
      return shift->block;
    }
  }
  // A text that the change makes holds nothing but what it has inserted.
  engine_.EnsureWalker(at.number, past_, true);
  const Sequence& sequence = *engine_.at(at.number).sequence;
  sequence.walker->MoveTo(past_.parents);
  return sequence.log.Block(sequence.walker->ItemAt(position)) != nullptr;
}

std::string_view Checker::CheckKind(const InsertItems& edit, Measure& at) {
  if (at.type != ContainerType::kList) return "wrong-type";
  if (edit.items.empty()) return "empty-insertion";
  const std::uint64_t length = at.length;
  const Number list = at.number;
  const unsigned depth = at.depth;
  at.length += edit.items.size();
  at.inserted += edit.items.size();
  std::uint64_t event = event_;
  for (const NewSlot& item : edit.items)
    if (const auto reason = CheckSlot(item, list, depth, event++); !reason.empty()) return reason;
  return CheckInsertion(length, edit.position, edit.items.size());
}

std::string_view Checker::CheckKind(const SetItem& edit, const Measure& at) {
  if (at.type != ContainerType::kList) return "wrong-type";
  if (edit.position >= at.length) return "position-out-of-range";
  return CheckSlot(edit.slot, at.number, at.depth, event_);
}

std::string_view Checker::CheckKind(const MoveItem& edit, Measure& at) {
  if (at.type != ContainerType::kList) return "wrong-type";
  ++at.inserted;
  return edit.from < at.length && edit.to <= at.length ? std::string_view()
                                                       : "position-out-of-range";
}

std::string_view Checker::CheckKind(const Remove& edit, Measure& at) {
  if (at.type != ContainerType::kText && at.type != ContainerType::kList) return "wrong-type";
  const std::string_view reason = CheckRemoval(at.length, edit.position, edit.count);
  at.length -= edit.count;
  if (sets_blocks_) shifts_.push_back({at.number, edit.position, edit.count, true, false});
  return reason;
}

std::string_view Checker::CheckKind(const Add& edit, Measure& at) {
  if (at.type != ContainerType::kCounter) return "wrong-type";
  const Total size = edit.delta < 0 ? -Total{edit.delta} : Total{edit.delta};
  at.magnitude += size;
  if (!at.exact && at.magnitude > std::numeric_limits<std::int64_t>::max()) {
    // The earlier edits of this change are not in the counter yet.
    const CounterState& counter = *engine_.at(at.number).counter;
    at.sum += engine_.SumAt(counter, past_) - counter.sum;
    at.exact = true;
  }
  if (at.exact && !FitsCounter(at.sum, edit.delta)) return "counter-overflow";
  at.sum += edit.delta;
  return {};
}

bool Checker::IsNode(Number tree, const ContainerId& id) {
  const Number number = Resolve(id);
  if (number == kNoNumber || number == 0) return false;
  const Measure* const at = Find(number);
  return at != nullptr && at->parent == tree;
}

std::string_view Checker::CheckKind(const CreateNode& edit, const Measure& at) {
  if (at.type != ContainerType::kTree) return "wrong-type";
  const Number tree = at.number;
  const unsigned depth = at.depth;
  if (!edit.parent.empty() && !IsNode(tree, edit.parent)) return "unknown-node";
  if (!IsOrderKey(edit.order)) return "bad-order";
  if (depth >= limits::kDepthMax) return "too-deep";
  Make(ContainerType::kMap, tree, depth + 1, event_);
  return {};
}

std::string_view Checker::CheckKind(const MoveNode& edit, const Measure& at) {
  if (at.type != ContainerType::kTree) return "wrong-type";
  const Number tree = at.number;
  if (!IsNode(tree, edit.node)) return "unknown-node";
  if (!edit.parent.empty() && !IsNode(tree, edit.parent)) return "unknown-node";
  return IsOrderKey(edit.order) ? std::string_view() : "bad-order";
}

std::string_view Checker::CheckKind(const RemoveNode& edit, const Measure& at) {
  if (at.type != ContainerType::kTree) return "wrong-type";
  return IsNode(at.number, edit.node) ? std::string_view() : "unknown-node";
}

std::string_view Checker::CheckSlot(const NewSlot& slot, Number parent, unsigned depth,
                                    std::uint64_t event) {
  if (const std::string_view reason = CheckValue(slot, depth); !reason.empty()) return reason;
  if (const auto* type = std::get_if<ContainerType>(&slot)) Make(*type, parent, depth + 1, event);
  return {};
}

// A child is known to the later edits of the change under its short name.
void Checker::Make(ContainerType type, Number parent, unsigned depth, std::uint64_t event) {
  const Number number = static_cast<Number>(engine_.container_count() + made_.size());
  made_.emplace_back(event, number);
  std::vector<std::uint32_t>& slots = engine_.measured_;
  if (slots.size() <= number) slots.resize(2 * std::size_t{number});
  slots[number] = static_cast<std::uint32_t>(measures_.size());
  measures_.push_back(
      {.number = number, .type = type, .depth = depth, .parent = parent, .exact = true});
}

}  // namespace geflecht::crdt
