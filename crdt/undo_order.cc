#include "crdt/undo_order.h"

#include <algorithm>
#include <utility>

namespace geflecht::crdt {

UndoOrder::UndoOrder(const Engine& now, Number sequence, const std::vector<bool>& aside,
                     const std::map<ChangeId, std::vector<ElementName>>* copies)
    : graph_(now.graph()),
      log_(now.at(sequence).sequence->log),
      aside_(aside),
      walker_(graph_, log_, 0, kNoNode, &aside_) {
  walker_.Feed(log_.size());
  walker_.MoveTo(graph_.heads());
  elements_.reserve(log_.items());
  places_.resize(log_.items());
  written_.resize(log_.items());
  wanted_.resize(log_.items());
  for (const Walker::Element& stretch : walker_.Elements())
    for (std::uint32_t i = 0; i < stretch.count; ++i) {
      const Item item = stretch.item + i;
      places_[item] = static_cast<std::uint32_t>(elements_.size());
      elements_.push_back(item);
      written_[item] = stretch.shown;
      wanted_[item] = !stretch.gone;
    }
  if (!now.at(sequence).sequence->silent) {
    shown_ = written_;
  } else {
    shown_.resize(log_.items());
    for (const Walker::Stretch& stretch : now.RichWalker(sequence).Visible())
      for (std::uint32_t i = 0; i < stretch.count; ++i) shown_[stretch.item + i] = true;
  }
  if (copies != nullptr) FindCopies(*copies);
}

std::pair<std::size_t, std::size_t> UndoOrder::OpsOf(Node node) const {
  return {log_.FirstBehind(node == 0 ? kNoNode : node - 1), log_.FirstBehind(node)};
}

std::vector<Item> UndoOrder::MadeBy(Node node) const {
  std::vector<Item> out;
  const auto [first, end] = OpsOf(node);
  for (std::size_t op = first; op < end; ++op) {
    const SequenceLog::Op& here = log_.ops()[op];
    std::uint32_t count = 0;
    if (here.kind == SequenceLog::Kind::kInsert || here.kind == SequenceLog::Kind::kInsertBlock)
      count = here.count;
    if (here.kind == SequenceLog::Kind::kMoveItem) count = 1;
    for (std::uint32_t i = 0; i < count; ++i) out.push_back(here.item + i);
  }
  return out;
}

ElementName UndoOrder::NameOf(Item item) const {
  const Node node = log_.NodeOf(item);
  std::uint32_t number = 0;
  const auto [first, end] = OpsOf(node);
  for (std::size_t op = first; op < end; ++op) {
    const SequenceLog::Op& here = log_.ops()[op];
    const bool inserts =
        here.kind == SequenceLog::Kind::kInsert || here.kind == SequenceLog::Kind::kInsertBlock;
    const std::uint32_t count = inserts                                     ? here.count
                                : here.kind == SequenceLog::Kind::kMoveItem ? 1
                                                                            : 0;
    if (count > 0 && item - here.item < count) return {graph_.id(node), number + item - here.item};
    number += count;
  }
  return {graph_.id(node), number};
}

void UndoOrder::FindCopies(const std::map<ChangeId, std::vector<ElementName>>& copies) {
  std::map<ChangeId, std::vector<Item>> made;
  const auto made_by = [&](const ChangeId& id) -> const std::vector<Item>& {
    const auto [at, fresh] = made.try_emplace(id);
    if (const auto node = graph_.Find(id); fresh && node) at->second = MadeBy(*node);
    return at->second;
  };
  for (const auto& [id, names] : copies) {
    const std::vector<Item> copied = made_by(id);
    for (std::size_t i = 0; i < names.size() && i < copied.size(); ++i) {
      const std::vector<Item>& from = made_by(names[i].change);
      if (names[i].number >= from.size()) continue;
      const Item place = from[names[i].number];
      beside_.emplace(copied[i], place);
      if (log_.ops()[log_.OpOf(copied[i])].kind == SequenceLog::Kind::kMoveItem) continue;
      stands_for_.emplace(copied[i], place);
      replaced_by_.emplace(ItemOf(place), copied[i]);
    }
  }
  if (stands_for_.empty()) return;
  for (std::size_t op = 0; op < log_.size(); ++op) {
    if (log_.ops()[op].kind != SequenceLog::Kind::kRemove || Aside(op)) continue;
    for (const Walker::Stretch& gone : walker_.RemovedBy(op))
      for (auto at = stands_for_.lower_bound(gone.item);
           at != stands_for_.end() && at->first - gone.item < gone.count; ++at)
        copies_removed_.insert(at->first);
  }
}

Item UndoOrder::ItemOf(Item slot) const {
  const auto history = walker_.HistoryOf(slot);
  return history ? history->item : slot;
}

Item UndoOrder::Root(Item item) const {
  item = ItemOf(item);
  for (auto at = stands_for_.find(item); at != stands_for_.end(); at = stands_for_.find(item))
    item = ItemOf(at->second);
  return item;
}

bool UndoOrder::StandsAt(Item slot, Item place) const {
  for (auto at = beside_.find(slot); slot != place && at != beside_.end(); at = beside_.find(slot))
    slot = at->second;
  return slot == place;
}

std::vector<Item> UndoOrder::Members(Item item) const {
  std::vector<Item> out{item};
  for (auto at = replaced_by_.find(item); at != replaced_by_.end();
       at = replaced_by_.find(out.back()))
    out.push_back(at->second);
  return out;
}

std::optional<Item> UndoOrder::Present(const std::vector<Item>& members) const {
  for (auto at = members.rbegin(); at != members.rend(); ++at)
    if (written_[*at] && shown_[*at]) return *at;
  return std::nullopt;
}

std::vector<Item> UndoOrder::ByMeaning() const {
  if (beside_.empty()) return elements_;
  std::map<Item, std::vector<Item>> groups;  // by element: what comes behind it, in order
  std::vector<Item> rest;
  std::vector<Item>* group = nullptr;
  Item first = 0;  // of the group; what is behind it and was inserted later belongs to it
  for (const Item item : elements_) {
    if (const auto found = beside_.find(item); found != beside_.end()) {
      group = &groups[found->second];
      first = item;
    } else if (group != nullptr && item < first) {
      group = nullptr;
    }
    (group != nullptr ? *group : rest).push_back(item);
  }
  std::reverse(rest.begin(), rest.end());
  std::vector<Item> out;
  while (!rest.empty()) {
    const Item item = rest.back();
    rest.pop_back();
    out.push_back(item);
    if (const auto found = groups.find(item); found != groups.end())
      rest.insert(rest.end(), found->second.rbegin(), found->second.rend());
  }
  return out;
}

}  // namespace geflecht::crdt
