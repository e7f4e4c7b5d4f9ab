#include "tests/oracle/read.h"

#include <algorithm>
#include <limits>

#include "crdt/content.h"

namespace geflecht::crdt::oracle {

Reader::Reader(const State& state, const std::set<ChangeId>& excluded)
    : state_(state), excluded_(state.visited(), false) {
  for (Node node = 0; node < state.visited(); ++node)
    excluded_[node] = excluded.contains(state.history().at(node).change.id);
}

// A child stays as long as an edit inside it is not in the past of what superseded it.
bool Reader::Stands(const Written& one, const std::vector<Written>& all) const {
  if (!Counts(one.by)) return false;
  const auto* child = one.slot ? std::get_if<Child>(&*one.slot) : nullptr;
  const auto saw_all = [&](Node writer) {
    if (child == nullptr) return true;
    const std::vector<Node>& touches = state_.Find(child->id)->touched_by;
    return std::all_of(touches.begin(), touches.end(), [&](Node touch) {
      return !Counts(touch) || state_.history().Before(touch, writer);
    });
  };
  return std::none_of(all.begin(), all.end(), [&](const Written& other) {
    return Counts(other.by) && state_.Follows(other.by, one.by) && saw_all(other.by.writer);
  });
}

void Reader::SortWritings(std::vector<Written>& writings) const {
  std::sort(writings.begin(), writings.end(), [&](const Written& left, const Written& right) {
    if (left.slot.has_value() != right.slot.has_value()) return left.slot.has_value();
    return state_.Later(left.by, right.by);
  });
  std::vector<Written> once;
  for (Written& one : writings) {
    const auto* value = one.slot ? std::get_if<Value>(&*one.slot) : nullptr;
    const bool absent = value != nullptr && std::holds_alternative<Absent>(*value);
    const bool known = !absent && std::any_of(once.begin(), once.end(), [&](const Written& other) {
      return other.slot == one.slot;
    });
    if (!known) once.push_back(std::move(one));
  }
  writings = std::move(once);
}

std::vector<Written> Reader::Register(const Container& map, const std::string& key) const {
  const auto found = map.keys.find(key);
  if (found == map.keys.end()) return {};
  std::vector<Written> out;
  for (const Written& one : found->second)
    if (Stands(one, found->second)) out.push_back(one);
  SortWritings(out);
  return out;
}

std::vector<Written> Reader::ItemRegister(const ListItem& item) const {
  std::vector<Written> out;
  if (!Counts(item.by)) return out;
  for (const Written& one : item.writings) {
    const bool followed = std::any_of(
        item.writings.begin(), item.writings.end(),
        [&](const Written& other) { return Counts(other.by) && state_.Follows(other.by, one.by); });
    if (Counts(one.by) && !followed) out.push_back(one);
  }
  SortWritings(out);
  return out;
}

std::vector<std::size_t> Reader::Items(const Container& list) const {
  std::vector<std::size_t> out;
  for (const Sequence::Item slot : list.sequence.order()) {
    const std::size_t number = list.item[slot];
    const ListItem& item = list.items[number];
    const std::vector<Written> writings = ItemRegister(item);
    if (writings.empty() || !writings[0].slot) continue;
    const std::pair<Stamp, Sequence::Item>* last = nullptr;
    for (const auto& place : item.places)
      if (Counts(place.first) && (last == nullptr || state_.Later(place.first, last->first)))
        last = &place;
    if (last->second == slot) out.push_back(number);
  }
  return out;
}

std::vector<Contest> Reader::Moves(const Container& list) const {
  std::vector<Contest> out;
  for (const std::size_t number : Items(list)) {
    const ListItem& item = list.items[number];
    Contest contest{.node = {}, .item = number, .edits = {}};
    for (const auto& [by, slot] : item.places) {
      const bool followed =
          std::any_of(item.places.begin(), item.places.end(), [&, own = by](const auto& other) {
            return Counts(other.first) && state_.Follows(other.first, own);
          });
      if (Counts(by) && !followed) contest.edits.push_back(by);
    }
    if (contest.edits.size() < 2) continue;
    std::sort(contest.edits.begin(), contest.edits.end(),
              [&](const Stamp& left, const Stamp& right) { return state_.Later(left, right); });
    out.push_back(std::move(contest));
  }
  return out;
}

bool Reader::IsVisible(const Point& point) const {
  return Counts(point.by) && std::none_of(point.removed_by.begin(), point.removed_by.end(),
                                          [&](Node writer) { return Counts(writer); });
}

std::vector<Sequence::Item> Reader::Elements(const Container& text) const {
  std::vector<Sequence::Item> out;
  for (const Sequence::Item item : text.sequence.order())
    if (IsVisible(text.points[item])) out.push_back(item);
  return out;
}

std::map<std::string, Value> Reader::Attributes(const Point& point) const {
  std::map<std::string, Value> out;
  for (const auto& [key, settings] : point.attributes) {
    const Attribute* last = nullptr;
    for (const Attribute& setting : settings)
      if (Counts(setting.by) && (last == nullptr || state_.Later(setting.by, last->by)))
        last = &setting;
    if (last != nullptr && last->value) out[key] = *last->value;
  }
  return out;
}

// Places: even ones of elements, odd ones between two.
bool Reader::Covers(const Container& text, const MarkSpan& mark, Sequence::Item item) const {
  const std::vector<std::size_t>& places = Places(text);
  const auto at = [&](const Anchor& anchor) {
    if (anchor.item == Sequence::kNone) return anchor.right ? 0 : 2 * places.size() + 3;
    return anchor.right ? places[anchor.item] + 1 : places[anchor.item] - 1;
  };
  return at(mark.from) < places[item] && places[item] < at(mark.to);
}

const std::vector<std::size_t>& Reader::Places(const Container& text) const {
  std::vector<std::size_t>& places = places_[text.id];
  const std::vector<Sequence::Item>& order = text.sequence.order();
  if (places.size() != order.size()) {
    places.resize(order.size());
    for (std::size_t i = 0; i < order.size(); ++i) places[order[i]] = 2 * i + 2;
  }
  return places;
}

std::vector<Span> Reader::Spans(const Container& text) const {
  std::vector<Span> out;
  for (const Sequence::Item item : Elements(text)) {
    std::map<std::string, const MarkSpan*> marks;
    for (const MarkSpan& mark : text.marks) {
      if (!Counts(mark.by) || !Covers(text, mark, item)) continue;
      const MarkSpan*& last = marks[mark.key];
      if (last == nullptr || state_.Later(mark.by, last->by)) last = &mark;
    }
    Span span;
    const Point& point = text.points[item];
    span.text = std::u32string(1, point.point);
    span.gap = point.gap;
    if (point.is_block) span.block = Attributes(point);
    for (const auto& [key, mark] : marks)
      if (mark->value) span.marks[key] = *mark->value;
    const bool joins = !out.empty() && !span.block && !out.back().block &&
                       out.back().marks == span.marks && out.back().gap == span.gap;
    if (joins) {
      out.back().text += span.text;
    } else {
      out.push_back(std::move(span));
    }
  }
  return out;
}

std::int64_t Reader::Sum(const Container& counter) const {
  Total sum = 0;
  for (const auto& [by, delta] : counter.additions)
    if (Counts(by)) sum += delta;
  using Limits = std::numeric_limits<std::int64_t>;
  return static_cast<std::int64_t>(std::clamp<Total>(sum, Limits::min(), Limits::max()));
}

}  // namespace geflecht::crdt::oracle
