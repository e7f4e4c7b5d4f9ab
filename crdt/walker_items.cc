// Items that are set or moved. They count as shown in the slot that the latest
// of their moves made, while one of their standing writings sets something.
#include <algorithm>
#include <utility>

#include "base/check.h"
#include "crdt/walker.h"

namespace geflecht::crdt {

bool Walker::LaterOp(std::size_t left, std::size_t right) const {
  const Node a = log_->ops()[left].node, b = log_->ops()[right].node;
  if (a == b) return left > right;
  if (a >= graph_->size() || b >= graph_->size()) return a > b;
  const std::uint64_t left_depth = graph_->depth(a), right_depth = graph_->depth(b);
  if (left_depth != right_depth) return left_depth > right_depth;
  return graph_->WriterLess(b, a);
}

std::uint32_t Walker::Untracked(Item item, std::uint32_t count) const {
  const auto next = slots_.lower_bound(item);
  return next == slots_.end() ? count : std::min(count, next->first - item);
}

void Walker::IndexRemovals() {
  std::size_t op = 0;
  for (; indexed_ < targets_.size(); ++indexed_) {
    const auto behind = std::upper_bound(targets_of_.begin() + static_cast<std::ptrdiff_t>(op),
                                         targets_of_.end(), indexed_);
    op = static_cast<std::size_t>(behind - targets_of_.begin()) - 1;
    if (log_->ops()[first_ + op].kind != SequenceLog::Kind::kRemove) continue;
    for (std::uint32_t i = 0; i < targets_[indexed_].count; ++i)
      removals_.emplace(targets_[indexed_].item + i, static_cast<std::uint32_t>(first_ + op));
  }
}

// The item is shown in the prepare version.
Walker::Tracked& Walker::Track(Item slot) {
  if (const auto known = slots_.find(slot); known != slots_.end())
    return tracked_.find(known->second)->second;
  slots_.emplace(slot, slot);
  Tracked& item = tracked_[slot];
  const auto op = static_cast<std::uint32_t>(log_->OpOf(slot));
  item.writings.push_back({.op = op, .sets = true, .in = true, .followers = 0, .follows = {}});
  item.places.push_back({op, slot, true});
  item.all_places.push_back(op);
  item.standing.insert(0);
  item.shown = slot;
  if (IsShown(slot)) {
    item.all_standing.insert(0);
    item.all_shown = slot;
    if (silent_ == nullptr) return item;
  }
  IndexRemovals();
  const auto [first, last] = removals_.equal_range(slot);
  std::vector<std::uint32_t> removals;
  for (auto at = first; at != last; ++at) removals.push_back(at->second);
  std::sort(removals.begin(), removals.end());
  for (const std::uint32_t removal : removals) {
    item.all_standing.insert(static_cast<std::uint32_t>(item.writings.size()));
    item.writings.push_back(
        {.op = removal, .sets = false, .in = false, .followers = 0, .follows = {0}});
  }
  if (silent_ != nullptr) Recount(item);
  return item;
}

void Walker::PerformItem(Node node, std::vector<Effect>& out) {
  const std::size_t op = log_->size() - 1;
  BeginOp(op);
  version_.assign(1, node);
  DoItem(op, &out);
}

void Walker::DoItem(std::size_t op, std::vector<Effect>* out) {
  const SequenceLog::Op& here = log_->ops()[op];
  const Item slot = ItemAt(here.position);
  Tracked& item = Track(slot);
  targets_.push_back({slot, 1});
  if (here.kind == SequenceLog::Kind::kSetItem) {
    Write(item, op, true);
  } else {
    DoInsert(here.node, here.count, 1, here.item, nullptr);
    slots_.emplace(here.item, slots_.find(slot)->second);
    SetGone(here.item, true, nullptr);
    const auto known = [&](std::uint32_t other) { return PlaceBy(item, other)->in; };
    if (!Silent(here.node)) {
      std::erase_if(item.all_places, known);
      item.all_places.push_back(static_cast<std::uint32_t>(op));
    }
    item.places.insert(PlaceBy(item, op), {static_cast<std::uint32_t>(op), here.item, true});
    SetState(here.item, kInserted + 1);
    Refresh(item);
  }
  RefreshAll(item, out);
}

// It follows what stands in the prepare version.
void Walker::Write(Tracked& item, std::size_t op, bool sets) {
  const auto number = static_cast<std::uint32_t>(item.writings.size());
  item.writings.push_back({.op = static_cast<std::uint32_t>(op),
                           .sets = sets,
                           .in = false,
                           .followers = 0,
                           .follows = {item.standing.begin(), item.standing.end()}});
  for (const std::uint32_t earlier : item.standing) item.all_standing.erase(earlier);
  item.all_standing.insert(number);
  if (silent_ != nullptr) Recount(item);
  SwitchWriting(item, op, true);
}

// What stands without the changes that do not count: one that follows such a writing follows what
// that one follows.
void Walker::Recount(Tracked& item) {
  std::vector<bool> followed(item.writings.size());
  item.all_standing.clear();
  for (std::size_t i = item.writings.size(); i-- > 0;) {
    const Tracked::Writing& one = item.writings[i];
    const bool counts = Counts(one.op);
    if (counts && !followed[i]) item.all_standing.insert(static_cast<std::uint32_t>(i));
    if (!counts && !followed[i]) continue;
    for (const std::uint32_t earlier : one.follows) followed[earlier] = true;
  }
}

void Walker::SwitchWriting(Tracked& item, std::size_t op, bool on) {
  const auto at =
      std::lower_bound(item.writings.begin(), item.writings.end(), op,
                       [](const Tracked::Writing& one, std::size_t of) { return one.op < of; });
  CHECK(at != item.writings.end() && at->op == op && at->in != on);
  const auto number = static_cast<std::uint32_t>(at - item.writings.begin());
  at->in = on;
  if (on && at->followers == 0) item.standing.insert(number);
  if (!on) item.standing.erase(number);
  for (const std::uint32_t earlier : at->follows) {
    Tracked::Writing& one = item.writings[earlier];
    one.followers += on ? 1 : 0xFFFFFFFF;
    if (one.followers > 0) {
      item.standing.erase(earlier);
    } else if (one.in) {
      item.standing.insert(earlier);
    }
  }
  Refresh(item);
}

// The first place that is not earlier than the one that `op` made or will make.
std::vector<Walker::Tracked::Place>::iterator Walker::PlaceBy(Tracked& item, std::size_t op) const {
  return std::lower_bound(
      item.places.begin(), item.places.end(), op,
      [this](const Tracked::Place& place, std::size_t of) { return LaterOp(of, place.op); });
}

void Walker::SwitchPlace(Tracked& item, std::size_t op, bool on) {
  const auto at = PlaceBy(item, op);
  CHECK(at != item.places.end() && at->op == op && at->in != on);
  at->in = on;
  if (item.shown == at->slot) item.shown = kNoItem;
  SetState(at->slot, on ? kInserted + 1 : kNotInserted);
  Refresh(item);
}

void Walker::Refresh(Tracked& item) {
  const bool there = std::any_of(item.standing.begin(), item.standing.end(),
                                 [&](std::uint32_t number) { return item.writings[number].sets; });
  const auto last = std::find_if(item.places.rbegin(), item.places.rend(),
                                 [](const Tracked::Place& place) { return place.in; });
  const Item slot = there && last != item.places.rend() ? last->slot : kNoItem;
  if (slot == item.shown) return;
  if (item.shown != kNoItem) SetState(item.shown, kInserted + 1);
  if (slot != kNoItem) SetState(slot, kInserted);
  item.shown = slot;
}

void Walker::RefreshAll(Tracked& item, std::vector<Effect>* out) {
  const bool there = Counts(item.writings[0].op) &&
                     std::any_of(item.all_standing.begin(), item.all_standing.end(),
                                 [&](std::uint32_t number) { return item.writings[number].sets; });
  const auto last = std::find_if(item.places.rbegin(), item.places.rend(),
                                 [&](const Tracked::Place& place) { return Counts(place.op); });
  const Item slot = there && last != item.places.rend() ? last->slot : kNoItem;
  if (slot == item.all_shown) return;
  if (item.all_shown != kNoItem) SetGone(item.all_shown, true, out);
  if (slot != kNoItem) SetGone(slot, false, out);
  item.all_shown = slot;
}

void Walker::SetState(Item slot, std::uint32_t state) {
  Cursor at = Locate(slot);
  Isolate(at, 1);
  Span& span = at.leaf->spans[at.index];
  const std::uint32_t before = Prepared(span);
  span.state = state;
  tree_.Add(at.leaf, {Prepared(span) - before, 0});
}

void Walker::SetGone(Item slot, bool gone, std::vector<Effect>* out) {
  Cursor at = Locate(slot);
  Isolate(at, 1);
  if (at.leaf->spans[at.index].gone == gone) return;
  if (out != nullptr) out->push_back({gone, PositionOf(at), 1, slot});
  at.leaf->spans[at.index].gone = gone;
  tree_.Add(at.leaf, {0, gone ? 0xFFFFFFFF : 1});
}

std::optional<Walker::ItemHistory> Walker::HistoryOf(Item slot) const {
  const auto known = slots_.find(slot);
  if (known == slots_.end()) return std::nullopt;
  const Tracked& item = tracked_.find(known->second)->second;
  ItemHistory out{.item = known->second, .writings = {}, .moves = {}, .shown = item.all_shown};
  for (const std::uint32_t number : item.all_standing)
    out.writings.push_back(item.writings[number].op);
  out.moves = item.all_places;
  std::sort(out.moves.begin(), out.moves.end(),
            [this](std::uint32_t left, std::uint32_t right) { return LaterOp(left, right); });
  return out;
}

}  // namespace geflecht::crdt
