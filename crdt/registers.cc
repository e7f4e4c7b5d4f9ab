#include <algorithm>
#include <set>
#include <tuple>
#include <utility>

#include "crdt/engine.h"

namespace geflecht::crdt {

Keys::value_type& Engine::EntryOf(Number map, std::string_view key) {
  Keys& keys = containers_[map].keys;
  const auto at = keys.lower_bound(key);
  if (at != keys.end() && SameText(at->first, key)) return *at;
  return *keys.emplace_hint(at, std::piecewise_construct, std::forward_as_tuple(key),
                            std::forward_as_tuple());
}

RecordNumber Engine::Write(Number map, Keys::value_type& entry, std::variant<Value, Number>&& slot,
                           bool removed, const Past& past) {
  Standing& entries = entry.second;
  std::vector<Writing> before;
  if (patches_ != nullptr) before = Writings(map, entry.first);

  const RecordNumber record = static_cast<RecordNumber>(records_.size());
  Record& made = records_.emplace_back();
  made.node = past.self;
  made.map = map;
  made.entry = &entry;
  made.slot = std::move(slot);
  made.removed = removed;
  // On the empty document nothing is known but what the change itself has written last.
  const bool on_nothing = !past.all && past.parents.empty();
  std::size_t kept = on_nothing ? entries.size() : 0;
  while (on_nothing && kept > 0 && records_[entries.at(kept - 1)].node == past.self) --kept;
  for (std::size_t i = kept; i < entries.size(); ++i) {
    const RecordNumber earlier = entries.at(i);
    if (Knows(past, records_[earlier].node) && !StaysBeside(earlier, past)) continue;
    entries.Put(kept++, earlier);
  }
  entries.Cut(kept);
  entries.Add(record);
  if (patches_ != nullptr) PatchKey(map, entry.first, before);
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
    if (open_.active && past.self == graph_.size())
      SaveNodes(UndoStep::Kind::kTouch, number, touched_by);
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
  const std::string& key = records_[record].key();
  Standing& entries = records_[record].entry->second;
  if (open_.active) {
    open_.steps.push_back({.kind = UndoStep::Kind::kSupersede,
                           .container = number,
                           .begin = open_.saved_supersessions.size()});
    open_.saved_supersessions.push_back(*child.superseded);
    open_.steps.push_back({.kind = UndoStep::Kind::kRegister,
                           .container = map,
                           .count = 0,
                           .begin = open_.saved_registers.size()});
    open_.saved_registers.emplace_back(*records_[record].entry);
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

std::vector<RecordNumber> Engine::Sorted(const Standing& entries) const {
  std::vector<RecordNumber> out = entries.All();
  if (out.size() < 2) return out;
  struct Place {
    RecordNumber record = 0;
    Node node = 0;
    std::uint32_t agent = 0;
    bool removed = false, open = false;
    std::uint64_t depth = 0;
  };
  std::vector<Place> places;
  places.reserve(out.size());
  for (const RecordNumber number : out) {
    const Record& record = records_[number];
    Place place{.record = number, .node = record.node, .removed = record.removed};
    place.open = record.node >= graph_.size();
    if (!place.open) {
      place.agent = graph_.AgentOf(record.node);
      place.depth = graph_.depth(record.node);
    }
    places.push_back(place);
  }
  std::sort(places.begin(), places.end(), [&](const Place& left, const Place& right) {
    if (left.removed != right.removed) return right.removed;
    if (left.node == right.node) return left.record > right.record;
    if (left.open != right.open) return left.open;
    if (left.depth != right.depth) return left.depth > right.depth;
    if (left.agent != right.agent) return graph_.AgentLess(right.agent, left.agent);
    return graph_.id(right.node) < graph_.id(left.node);
  });
  for (std::size_t i = 0; i < out.size(); ++i) out[i] = places[i].record;
  return out;
}

std::optional<RecordNumber> Engine::Shown(const Standing& entries) const {
  if (entries.size() == 0) return std::nullopt;
  const RecordNumber first = entries.size() == 1 ? entries.at(0) : Sorted(entries)[0];
  if (records_[first].removed) return std::nullopt;
  return first;
}

bool Engine::IsReached(Number number) const {
  for (; containers_[number].creator != kNoNode; number = containers_[number].parent) {
    const Container& container = containers_[number];
    if (containers_[container.parent].type != ContainerType::kMap || container.place == kNoPlace ||
        Shown(records_[container.place].entry->second) != container.place)
      return false;
  }
  return true;
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
