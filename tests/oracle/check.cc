// Whether an edit fits the version that its writer saw.
#include <algorithm>
#include <limits>

#include "base/limits.h"
#include "crdt/container_id.h"
#include "crdt/order_key.h"
#include "crdt/utf8.h"
#include "tests/oracle/state.h"

namespace geflecht::crdt::oracle {
namespace {

using Reason = std::string_view;

bool IsText(const std::optional<Value>& value) {
  const auto* text = value ? std::get_if<std::string>(&*value) : nullptr;
  return text == nullptr || IsUtf8(*text);
}

Reason CheckKey(const std::string& key) {
  if (key.empty()) return "empty-key";
  if (key.size() > limits::kKeyBytesMax) return "key-too-long";
  return IsUtf8(key) ? Reason() : "invalid-utf8";
}

Reason CheckInsertion(const Container& at, std::uint64_t position, std::uint64_t count) {
  const std::uint64_t length = at.sequence.length();
  if (position > length) return "position-out-of-range";
  if (count > limits::kTextCodePointsMax || length > limits::kTextCodePointsMax - count)
    return "too-long";
  return {};
}

}  // namespace

Reason State::Check(const NewSlot& slot, const Container& parent) const {
  if (const auto* value = std::get_if<Value>(&slot)) return IsText(*value) ? "" : "invalid-utf8";
  const ContainerType type = std::get<ContainerType>(slot);
  if (type < ContainerType::kMap || type > ContainerType::kTree) return "unknown-type";
  return parent.depth >= limits::kDepthMax ? "too-deep" : "";
}

Reason State::Check(const Container& at, const SetKey& edit) const {
  if (at.type != ContainerType::kMap) return "wrong-type";
  if (edit.absent_key && edit.absent_key->bytes > limits::kKeyBytesMax) return "key-too-long";
  if (!edit.absent_key) {
    if (const Reason reason = CheckKey(edit.key); !reason.empty()) return reason;
    const FieldSpec* const field = at.id.empty() ? schema_.Find(edit.key) : nullptr;
    const bool child = edit.slot && std::holds_alternative<ContainerType>(*edit.slot);
    if (field != nullptr && (field->type != FieldType::kValue || child)) return "wrong-type";
  }
  return edit.slot ? Check(*edit.slot, at) : "";
}

Reason State::Check(const Container& at, const InsertText& edit) const {
  if (at.type != ContainerType::kText) return "wrong-type";
  const std::uint64_t count = EventCount(edit);
  if (count == 0) return "empty-insertion";
  if (!IsUtf8(edit.inserted)) return "invalid-utf8";
  return CheckInsertion(at, edit.position, count);
}

Reason State::Check(const Container& at, const InsertItems& edit) const {
  if (at.type != ContainerType::kList) return "wrong-type";
  if (edit.items.empty()) return "empty-insertion";
  for (const NewSlot& item : edit.items)
    if (const Reason reason = Check(item, at); !reason.empty()) return reason;
  return CheckInsertion(at, edit.position, edit.items.size());
}

Reason State::Check(const Container& at, const Remove& edit) const {
  if (at.type != ContainerType::kText && at.type != ContainerType::kList) return "wrong-type";
  if (edit.count == 0) return "empty-removal";
  const std::uint64_t length = at.sequence.length();
  const bool fits = edit.position <= length && edit.count <= length - edit.position;
  return fits ? "" : "position-out-of-range";
}

Reason State::Check(const Container& at, const Add& edit) const {
  if (at.type != ContainerType::kCounter) return "wrong-type";
  const Total sum = at.sum + edit.delta;
  // Concurrent additions may have left the range already; the way back is open.
  using Limits = std::numeric_limits<std::int64_t>;
  const bool fits = edit.delta < 0 ? sum >= Limits::min() : sum <= Limits::max();
  return fits ? "" : "counter-overflow";
}

Reason State::Check(const Container& at, const SetItem& edit) const {
  if (at.type != ContainerType::kList) return "wrong-type";
  if (edit.position >= at.sequence.length()) return "position-out-of-range";
  return Check(edit.slot, at);
}

Reason State::Check(const Container& at, const MoveItem& edit) const {
  if (at.type != ContainerType::kList) return "wrong-type";
  const std::uint64_t length = at.sequence.length();
  return edit.from < length && edit.to <= length ? "" : "position-out-of-range";
}

bool State::IsNode(const Container& tree, const ContainerId& node) const {
  const auto number = Known(node);
  const ContainerId id = Globally(node, history_.at(node_).change.id);
  return number && std::any_of(tree.edits.begin(), tree.edits.end(), [&](const NodeEdit& edit) {
           return edit.kind == NodeEdit::Kind::kCreate && edit.node == id;
         });
}

Reason State::Check(const Container& at, const CreateNode& edit) const {
  if (at.type != ContainerType::kTree) return "wrong-type";
  if (!edit.parent.empty() && !IsNode(at, edit.parent)) return "unknown-node";
  if (!IsOrderKey(edit.order)) return "bad-order";
  return at.depth >= limits::kDepthMax ? "too-deep" : "";
}

Reason State::Check(const Container& at, const MoveNode& edit) const {
  if (at.type != ContainerType::kTree) return "wrong-type";
  if (!IsNode(at, edit.node)) return "unknown-node";
  if (!edit.parent.empty() && !IsNode(at, edit.parent)) return "unknown-node";
  return IsOrderKey(edit.order) ? "" : "bad-order";
}

Reason State::Check(const Container& at, const RemoveNode& edit) const {
  if (at.type != ContainerType::kTree) return "wrong-type";
  return IsNode(at, edit.node) ? "" : "unknown-node";
}

Reason State::Check(const Container& at, const Mark& edit) const {
  if (at.type != ContainerType::kText) return "wrong-type";
  if (edit.from >= edit.to) return "empty-mark";
  if (edit.to > at.sequence.length()) return "position-out-of-range";
  if (edit.expand > Expand::kBoth) return "unknown-expand";
  if (const Reason reason = CheckKey(edit.key); !reason.empty()) return reason;
  return IsText(edit.value) ? "" : "invalid-utf8";
}

Reason State::Check(const Container& at, const InsertBlock& edit) const {
  if (at.type != ContainerType::kText) return "wrong-type";
  if (edit.attributes.size() > limits::kBlockAttributesMax) return "too-many-attributes";
  for (const auto& [key, value] : edit.attributes) {
    if (const Reason reason = CheckKey(key); !reason.empty()) return reason;
    if (!IsText(value)) return "invalid-utf8";
  }
  return CheckInsertion(at, edit.position, 1);
}

Reason State::Check(const Container& at, const SetBlock& edit) const {
  if (at.type != ContainerType::kText) return "wrong-type";
  if (edit.position >= at.sequence.length()) return "position-out-of-range";
  if (!at.points[at.sequence.Shown(edit.position)].is_block) return "no-block";
  if (const Reason reason = CheckKey(edit.key); !reason.empty()) return reason;
  return IsText(edit.value) ? "" : "invalid-utf8";
}

}  // namespace geflecht::crdt::oracle
