#include "node/store/staged_view.h"

#include <algorithm>
#include <functional>
#include <string_view>
#include <utility>

namespace geflecht::store {

bool StagedView::KeyView::operator==(const KeyView& other) const {
  return order == other.order && table == other.table &&
         std::equal(group.begin(), group.end(), other.group.begin(), other.group.end());
}

std::size_t StagedView::KeyHash::operator()(const KeyView& key) const {
  constexpr std::uint64_t kGolden = 0x9E3779B97F4A7C15ull;
  const std::uint64_t number = key.order * 8 + static_cast<std::uint64_t>(key.table);
  return std::hash<std::string_view>()(AsText(key.group)) ^
         static_cast<std::size_t>(number * kGolden);
}

void StagedView::Layer::Set(Key key, std::optional<Bytes> value) {
  const auto found = places.find({key.table, key.group, key.order});
  if (found != places.end()) {
    (*changes)[found->second].value = std::move(value);
    return;
  }
  sorted.clear();
  changes->push_back({std::move(key), std::move(value)});
  // The group's bytes stay where they are when the vector moves its elements.
  const Key& kept = changes->back().key;
  places.emplace(KeyView{kept.table, kept.group, kept.order}, changes->size() - 1);
}

const Change* StagedView::Layer::Find(const Key& key) const {
  const auto found = places.find({key.table, key.group, key.order});
  return found == places.end() ? nullptr : &(*changes)[found->second];
}

void StagedView::Layer::Collect(const Key& from,
                                std::map<std::uint64_t, const Change*>& into) const {
  const Batch& all = *changes;
  if (sorted.empty()) {
    for (std::size_t i = 0; i < all.size(); ++i) sorted.push_back(i);
    std::sort(sorted.begin(), sorted.end(),
              [&](std::size_t a, std::size_t b) { return all[a].key < all[b].key; });
  }
  auto it = std::lower_bound(sorted.begin(), sorted.end(), from,
                             [&](std::size_t i, const Key& key) { return all[i].key < key; });
  for (; it != sorted.end(); ++it) {
    const Change& change = all[*it];
    if (change.key.table != from.table || change.key.group != from.group) return;
    into.emplace(change.key.order, &change);
  }
}

std::map<std::uint64_t, const Change*> StagedView::Staged(const Key& from) const {
  std::map<std::uint64_t, const Change*> staged;
  open_->Collect(from, staged);
  for (auto it = under_way_.rbegin(); it != under_way_.rend(); ++it) (*it)->Collect(from, staged);
  return staged;
}

SharedBatch StagedView::TakeBatch(std::uint64_t ticket) {
  open_->ticket = ticket;
  under_way_.push_back(std::exchange(open_, std::make_unique<Layer>()));
  return under_way_.back()->changes;
}

void StagedView::Persisted(std::uint64_t ticket) {
  while (!under_way_.empty() && under_way_.front()->ticket <= ticket) under_way_.pop_front();
}

Result<std::optional<Bytes>> StagedView::Get(const Key& key) const {
  if (const Change* change = open_->Find(key)) return change->value;
  for (auto it = under_way_.rbegin(); it != under_way_.rend(); ++it)
    if (const Change* change = (*it)->Find(key)) return change->value;
  return base_.Get(key);
}

Result<void> StagedView::Scan(Table table, ByteView group, std::uint64_t from,
                              const std::function<bool(const Record&)>& each) const {
  const auto all = Staged({table, Bytes(group.begin(), group.end()), from});
  auto staged = all.begin();
  bool go_on = true;
  // Emits staged records in front of `order`; a deletion emits nothing.
  const auto emit_below = [&](std::optional<std::uint64_t> order) {
    for (; go_on && staged != all.end() && (!order || staged->first < *order); ++staged)
      if (staged->second->value) go_on = each({staged->first, *staged->second->value});
  };
  TRY(base_.Scan(table, group, from, [&](const Record& record) {
    emit_below(record.order);
    if (!go_on) return false;
    if (staged != all.end() && staged->first == record.order) {
      if (staged->second->value) go_on = each({record.order, *staged->second->value});
      ++staged;
    } else {
      go_on = each(record);
    }
    return go_on;
  }));
  if (go_on) emit_below(std::nullopt);
  return {};
}

Result<std::optional<Record>> StagedView::Floor(const Key& key) const {
  const auto all = Staged({key.table, key.group, 0});
  for (Key at = key;;) {
    ASSIGN(auto below, base_.Floor(at));
    std::optional<std::uint64_t> hidden;  // a deleted record of the base
    if (below)
      if (const auto it = all.find(below->order); it != all.end()) hidden = below->order;
    auto staged = all.upper_bound(at.order);
    while (staged != all.begin()) {
      --staged;
      if (below && staged->first < below->order) break;
      if (staged->second->value)
        return std::optional(Record{staged->first, *staged->second->value});
    }
    if (!hidden) return below;
    if (*hidden == 0) return std::optional<Record>();
    at.order = *hidden - 1;
  }
}

}  // namespace geflecht::store
