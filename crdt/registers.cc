#include <algorithm>
#include <set>
#include <utility>

#include "crdt/engine.h"

namespace geflecht::crdt {

RecordNumber Engine::Write(Number map, std::string_view key, std::variant<Value, Number> slot,
                           bool removed, const Past& past) {
  auto& keys = containers_[map].keys;
  auto at = keys.find(key);
  if (at == keys.end()) at = keys.emplace(std::string(key), Standing()).first;
  Standing& entries = at->second;
  std::vector<Writing> before;
  if (patches_ != nullptr) before = Writings(map, key);

  const RecordNumber record = static_cast<RecordNumber>(records_.size());
  records_.push_back({.node = past.self,
                      .map = map,
                      .key = &at->first,
                      .slot = std::move(slot),
                      .removed = removed});
  bool alone = true, superseded = false;
  std::vector<RecordNumber> kept;
  for (std::size_t i = 0; i < entries.size(); ++i) {
    const RecordNumber earlier = entries.at(i);
    const bool known = Knows(past, records_[earlier].node);
    if (known && !StaysBeside(earlier, past)) {
      superseded = true;
      continue;
    }
    alone = false;
    kept.push_back(earlier);
  }
  if (alone) {
    entries.AssignOne(record);
  } else if (!superseded) {
    entries.Add(record);
  } else {
    kept.push_back(record);
    entries.Assign(kept);
  }
  if (patches_ != nullptr) PatchKey(map, at->first, before);
  return record;
}

// Whether a writing that a new one supersedes is still shown beside it: only a child can be, in
// which somebody has edited what the new writing's maker had not seen.
bool Engine::StaysBeside(RecordNumber record, const Past& past) {
  const auto* number = std::get_if<Number>(&records_[record].slot);
  if (number == nullptr) return false;
  Container& child = containers_[*number];
  // An earlier edit of the same change has found this out.
  if (child.superseded && !child.superseded->by.empty() && child.superseded->by.back() == past.self)
    return !child.superseded->dormant;
  const bool open = open_.active && past.self == graph_.size();
  if (open) {
    open_.steps.push_back({.kind = UndoStep::Kind::kSupersede,
                           .container = *number,
                           .begin = open_.saved_supersessions.size()});
    open_.saved_supersessions.push_back(child.superseded ? *child.superseded : Supersession());
  }
  if (!child.superseded) child.superseded = std::make_unique<Supersession>();
  MoveFrontier(child.superseded->by, past);
  child.superseded->dormant = !Stands(child);
  return !child.superseded->dormant;
}

bool Engine::Sees(Node writer, Node other) const {
  if (writer == other || writer >= graph_.size()) return true;
  return other < graph_.size() && graph_.Contains(writer, other);
}

bool Engine::Stands(const Container& child) const {
  const std::vector<Node>& by = child.superseded->by;
  return std::none_of(by.begin(), by.end(), [&](Node writer) {
    return std::all_of(child.touched_by.begin(), child.touched_by.end(),
                       [&](Node touch) { return Sees(writer, touch); });
  });
}

// Containers that the schema declares cannot be superseded.
void Engine::Touch(Number number, const Past& past) {
  for (; containers_[number].creator != kNoNode; number = containers_[number].parent) {
    Container& container = containers_[number];
    std::vector<Node>& touched_by = container.touched_by;
    if (!touched_by.empty() && touched_by.back() == past.self) return;
    if (open_.active && past.self == graph_.size()) {
      open_.steps.push_back(
          {.kind = UndoStep::Kind::kTouch, .container = number, .begin = open_.saved_nodes.size()});
      open_.saved_nodes.push_back(touched_by);
    }
    MoveFrontier(touched_by, past);
    TreeState* const tree = containers_[container.parent].tree.get();
    if (tree != nullptr && tree->has_removals) tree->made = false;
    if (container.superseded && container.superseded->dormant && Stands(container))
      Revive(number, past);
  }
}

void Engine::Revive(Number number, const Past& past) {
  Container& child = containers_[number];
  const RecordNumber record = child.place;
  const Number map = records_[record].map;
  const std::string& key = *records_[record].key;
  Standing& entries = containers_[map].keys.find(key)->second;
  if (open_.active) {
    open_.steps.push_back({.kind = UndoStep::Kind::kSupersede,
                           .container = number,
                           .begin = open_.saved_supersessions.size()});
    open_.saved_supersessions.push_back(*child.superseded);
    open_.steps.push_back({.kind = UndoStep::Kind::kRegister,
                           .container = map,
                           .count = 0,
                           .begin = open_.saved_registers.size()});
    open_.saved_registers.push_back({key, true, entries.All()});
  }
  // The change may have set the key itself, when nothing stood there that it could have superseded.
  for (std::size_t i = 0; i < entries.size(); ++i)
    if (records_[entries.at(i)].node == past.self) MoveFrontier(child.superseded->by, past);
  if (!Stands(child)) return;
  std::vector<Writing> before;
  if (patches_ != nullptr) before = Writings(map, key);
  child.superseded->dormant = false;
  entries.Add(record);
  if (patches_ != nullptr) PatchKey(map, key, before);
}

bool Engine::Later(RecordNumber left, RecordNumber right) const {
  const Node a = records_[left].node, b = records_[right].node;
  if (a == b) return left > right;
  if (a >= graph_.size() || b >= graph_.size()) return a > b;
  const std::uint64_t left_depth = graph_.depth(a), right_depth = graph_.depth(b);
  if (left_depth != right_depth) return left_depth > right_depth;
  return graph_.WriterLess(b, a);
}

std::vector<RecordNumber> Engine::Sorted(const Standing& entries) const {
  std::vector<RecordNumber> out = entries.All();
  std::sort(out.begin(), out.end(), [&](RecordNumber left, RecordNumber right) {
    if (records_[left].removed != records_[right].removed) return records_[right].removed;
    return Later(left, right);
  });
  return out;
}

std::optional<RecordNumber> Engine::Shown(const Standing& entries) const {
  if (entries.size() == 0) return std::nullopt;
  const RecordNumber first = entries.size() == 1 ? entries.at(0) : Sorted(entries)[0];
  if (records_[first].removed) return std::nullopt;
  return first;
}

namespace {

bool IsAbsent(const Record& record) {
  const auto* value = std::get_if<Value>(&record.slot);
  return value != nullptr && std::holds_alternative<Absent>(*value);
}

// Two values that are not here are never taken for the same.
bool SameSlot(const Record& left, const Record& right) {
  if (left.removed || right.removed) return left.removed && right.removed;
  return left.slot == right.slot && !IsAbsent(left);
}

}  // namespace

std::vector<Writing> Engine::Writings(Number map, std::string_view key) const {
  const auto found = containers_[map].keys.find(key);
  if (found == containers_[map].keys.end()) return {};
  std::vector<RecordNumber> sorted = Sorted(found->second), distinct;
  // Many writings at once are compared in order, few one by one.
  const auto less = [this](RecordNumber left, RecordNumber right) {
    return records_[left].slot < records_[right].slot;
  };
  std::set<RecordNumber, decltype(less)> known(less);
  const bool many = sorted.size() > 16;
  std::vector<Writing> out;
  for (const RecordNumber number : sorted) {
    const Record& record = records_[number];
    if (many && !record.removed && !IsAbsent(record)) {
      if (!known.insert(number).second) continue;
    } else if (std::any_of(distinct.begin(), distinct.end(),
                           [&](RecordNumber other) { return SameSlot(records_[other], record); }))
      continue;
    if (!many || record.removed) distinct.push_back(number);
    const bool open = record.node >= graph_.size();
    out.push_back({.slot = record.removed ? Slot(Value()) : SlotOf(record.slot),
                   .removed = record.removed,
                   .change = open ? ChangeId{} : graph_.id(record.node),
                   .agent = open ? self_ : graph_.agent(record.node)});
  }
  return out;
}

}  // namespace geflecht::crdt
