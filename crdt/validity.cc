#include "crdt/validity.h"

#include <algorithm>
#include <functional>
#include <limits>

#include "base/limits.h"
#include "crdt/container_id.h"
#include "crdt/utf8.h"

namespace geflecht::crdt {

std::string_view CheckInsertion(std::uint64_t length, std::uint64_t position, std::uint64_t count) {
  if (position > length) return "position-out-of-range";
  if (count > limits::kTextCodePointsMax || length > limits::kTextCodePointsMax - count)
    return "too-long";
  return {};
}

std::string_view CheckRemoval(std::uint64_t length, std::uint64_t position, std::uint64_t count) {
  if (count == 0) return "empty-removal";
  if (position > length || count > length - position) return "position-out-of-range";
  return {};
}

std::string_view CheckKey(const Schema& schema, bool root, std::string_view key,
                          const std::optional<NewSlot>& slot) {
  if (key.empty()) return "empty-key";
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
  if (type < ContainerType::kMap || type > ContainerType::kCounter) return "unknown-type";
  return depth >= limits::kDepthMax ? "too-deep" : std::string_view();
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
    Number number = kNoNumber;
    if (const std::string_view reason = Check(edit, number); !reason.empty()) return reason;
    numbers.push_back(number);
  }
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

Checker::Measure* Checker::Find(Number number) {
  std::vector<std::uint32_t>& slots = engine_.measured_;
  if (slots.size() <= number) slots.resize(number + 1 + engine_.containers_.size());
  if (const std::uint32_t slot = slots[number];
      slot < measures_.size() && measures_[slot].number == number)
    return &measures_[slot];
  const Container& container = engine_.at(number);
  if (container.creator != kNoNode && !engine_.Knows(past_, container.creator)) return nullptr;
  Measure measure{.number = number, .type = container.type, .depth = container.depth};
  if (container.sequence) measure.length = engine_.Prepare(number, past_);
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
  if (!edit.absent_key)
    if (const auto reason = CheckKey(engine_.schema(), at.number == 0, edit.key, edit.slot);
        !reason.empty())
      return reason;
  return edit.slot ? CheckSlot(*edit.slot, depth, event_) : std::string_view();
}

std::string_view Checker::CheckKind(const InsertText& edit, Measure& at) {
  if (at.type != ContainerType::kText) return "wrong-type";
  if (edit.inserted.empty() && !edit.absent) return "empty-insertion";
  if (!IsUtf8(edit.inserted)) return "invalid-utf8";
  const std::uint64_t count = edit.absent ? edit.absent->points : CountCodePoints(edit.inserted);
  const std::string_view reason = CheckInsertion(at.length, edit.position, count);
  at.length += count;
  return reason;
}

std::string_view Checker::CheckKind(const InsertItems& edit, Measure& at) {
  if (at.type != ContainerType::kList) return "wrong-type";
  if (edit.items.empty()) return "empty-insertion";
  const std::uint64_t length = at.length;
  const unsigned depth = at.depth;
  at.length += edit.items.size();
  std::uint64_t event = event_;
  for (const NewSlot& item : edit.items)
    if (const auto reason = CheckSlot(item, depth, event++); !reason.empty()) return reason;
  return CheckInsertion(length, edit.position, edit.items.size());
}

std::string_view Checker::CheckKind(const Remove& edit, Measure& at) {
  if (at.type != ContainerType::kText && at.type != ContainerType::kList) return "wrong-type";
  const std::string_view reason = CheckRemoval(at.length, edit.position, edit.count);
  at.length -= edit.count;
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

// A child is known to the later edits of the change under its short name.
std::string_view Checker::CheckSlot(const NewSlot& slot, unsigned depth, std::uint64_t event) {
  if (const std::string_view reason = CheckValue(slot, depth); !reason.empty()) return reason;
  if (const auto* type = std::get_if<ContainerType>(&slot)) {
    const Number number = static_cast<Number>(engine_.container_count() + made_.size());
    made_.emplace_back(event, number);
    std::vector<std::uint32_t>& slots = engine_.measured_;
    if (slots.size() <= number) slots.resize(2 * std::size_t{number});
    slots[number] = static_cast<std::uint32_t>(measures_.size());
    measures_.push_back({.number = number, .type = *type, .depth = depth + 1, .exact = true});
  }
  return {};
}

}  // namespace geflecht::crdt
