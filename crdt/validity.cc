#include "crdt/validity.h"

#include <algorithm>
#include <cstdint>
#include <functional>
#include <limits>
#include <map>

#include "base/limits.h"
#include "crdt/container_id.h"
#include "crdt/replay.h"
#include "crdt/utf8.h"

namespace geflecht::crdt {
namespace {

// What the earlier edits of the same change have made of a container, as far as later ones depend
// on it.
struct Measure {
  ContainerType type = ContainerType::kMap;
  bool root = false;
  unsigned depth = 0;
  std::uint64_t length = 0;
  Total sum = 0;
};

class Checker {
 public:
  explicit Checker(const Replay& replay) : replay_(replay) {}

  std::string_view Check(const Edit& edit) {
    Measure* const at = Find(ContainerOf(edit));
    if (at == nullptr) return "unknown-container";
    const std::string_view reason =
        std::visit([&](const auto& kind) { return CheckKind(kind, *at); }, edit);
    event_ += EventCount(edit);
    return reason;
  }

 private:
  Measure* Find(const ContainerId& id) {
    const auto staged = staged_.find(id);
    if (staged != staged_.end()) return &staged->second;
    const auto number = replay_.Find(id);
    if (!number || !replay_.Known(replay_.at(*number))) return nullptr;
    const Replay::Container& container = replay_.at(*number);
    return &staged_
                .emplace(id, Measure{.type = container.type,
                                     .root = id.empty(),
                                     .depth = container.depth,
                                     .length = container.sequence.prepare_length(),
                                     .sum = container.prepare_sum})
                .first->second;
  }

  std::string_view CheckKind(const SetKey& edit, const Measure& at) {
    if (at.type != ContainerType::kMap) return "wrong-type";
    if (edit.key.empty()) return "empty-key";
    if (!IsUtf8(edit.key)) return "invalid-utf8";
    if (at.root) {
      const FieldSpec* const field = replay_.schema().Find(edit.key);
      const bool child = edit.slot && std::holds_alternative<ContainerType>(*edit.slot);
      if (field != nullptr && (field->type != FieldType::kValue || child)) return "wrong-type";
    }
    return edit.slot ? CheckSlot(*edit.slot, at, event_) : std::string_view();
  }

  std::string_view CheckKind(const InsertText& edit, Measure& at) {
    if (at.type != ContainerType::kText) return "wrong-type";
    if (edit.inserted.empty()) return "empty-insertion";
    if (!IsUtf8(edit.inserted)) return "invalid-utf8";
    return Insert(edit.position, CountCodePoints(edit.inserted), at);
  }

  std::string_view CheckKind(const InsertItems& edit, Measure& at) {
    if (at.type != ContainerType::kList) return "wrong-type";
    if (edit.items.empty()) return "empty-insertion";
    const Measure list = at;
    std::uint64_t event = event_;
    for (const auto& item : edit.items)
      if (const auto reason = CheckSlot(item, list, event++); !reason.empty()) return reason;
    return Insert(edit.position, edit.items.size(), at);
  }

  std::string_view CheckKind(const Remove& edit, Measure& at) {
    if (at.type != ContainerType::kText && at.type != ContainerType::kList) return "wrong-type";
    if (edit.count == 0) return "empty-removal";
    if (edit.position > at.length || edit.count > at.length - edit.position)
      return "position-out-of-range";
    at.length -= edit.count;
    return {};
  }

  std::string_view CheckKind(const Add& edit, Measure& at) {
    if (at.type != ContainerType::kCounter) return "wrong-type";
    at.sum += edit.delta;
    // Concurrent additions may have left the range already; the way back is open.
    using Limits = std::numeric_limits<std::int64_t>;
    const bool fits = edit.delta < 0 ? at.sum >= Limits::min() : at.sum <= Limits::max();
    return fits ? std::string_view() : "counter-overflow";
  }

  template <class Other>
  std::string_view CheckKind(const Other&, const Measure&) {
    return "unsupported-edit";
  }

  static std::string_view Insert(std::uint64_t position, std::uint64_t count, Measure& at) {
    if (position > at.length) return "position-out-of-range";
    if (count > limits::kTextCodePointsMax || at.length > limits::kTextCodePointsMax - count)
      return "too-long";
    at.length += count;
    return {};
  }

  // A child is known to the later edits of the change under its short name.
  std::string_view CheckSlot(const std::variant<Value, ContainerType>& slot, const Measure& parent,
                             std::uint64_t event) {
    if (const auto* value = std::get_if<Value>(&slot)) {
      const auto* text = std::get_if<std::string>(value);
      return text == nullptr || IsUtf8(*text) ? std::string_view() : "invalid-utf8";
    }
    const ContainerType type = std::get<ContainerType>(slot);
    if (type < ContainerType::kMap || type > ContainerType::kCounter) return "unknown-type";
    if (parent.depth >= limits::kDepthMax) return "too-deep";
    staged_.emplace(OwnId(event), Measure{.type = type, .depth = parent.depth + 1});
    return {};
  }

  const Replay& replay_;
  std::map<ContainerId, Measure> staged_;
  std::uint64_t event_ = 0;
};

}  // namespace

std::string_view CheckChange(const Replay& replay, const Change& change) {
  const auto& parents = change.parents;
  if (std::adjacent_find(parents.begin(), parents.end(), std::greater_equal<>()) != parents.end())
    return "parents-not-ascending";
  if (change.edits.empty()) return "no-edits";
  if (change.edits.size() > limits::kEditsPerChangeHardMax) return "too-many-edits";
  Checker checker(replay);
  for (const Edit& edit : change.edits)
    if (const std::string_view reason = checker.Check(edit); !reason.empty()) return reason;
  return {};
}

std::string_view CheckEdit(const Replay& replay, const Edit& edit) {
  return Checker(replay).Check(edit);
}

}  // namespace geflecht::crdt
