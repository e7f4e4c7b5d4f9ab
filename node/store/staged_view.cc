#include "node/store/staged_view.h"

#include <utility>

namespace geflecht::store {

void StagedView::Put(Key key, Bytes value) {
  staged_[key] = {value, 0};
  open_.push_back({std::move(key), std::move(value)});
}

void StagedView::Delete(Key key) {
  staged_[key] = {std::nullopt, 0};
  open_.push_back({std::move(key), std::nullopt});
}

Batch StagedView::TakeBatch(std::uint64_t ticket) {
  std::vector<Key> keys;
  keys.reserve(open_.size());
  for (const Change& change : open_) {
    const auto it = staged_.find(change.key);
    if (it != staged_.end() && it->second.ticket == 0) it->second.ticket = ticket;
    keys.push_back(change.key);
  }
  under_way_.emplace_back(ticket, std::move(keys));
  return std::exchange(open_, {});
}

void StagedView::Persisted(std::uint64_t ticket) {
  while (!under_way_.empty() && under_way_.front().first <= ticket) {
    for (const Key& key : under_way_.front().second) {
      const auto it = staged_.find(key);
      if (it != staged_.end() && it->second.ticket != 0 && it->second.ticket <= ticket)
        staged_.erase(it);
    }
    under_way_.pop_front();
  }
}

Result<std::optional<Bytes>> StagedView::Get(const Key& key) const {
  const auto it = staged_.find(key);
  if (it != staged_.end()) return it->second.value;
  return base_.Get(key);
}

Result<void> StagedView::Scan(Table table, ByteView group, std::uint64_t from,
                              const std::function<bool(const Record&)>& each) const {
  const Bytes name(group.begin(), group.end());
  auto staged = staged_.lower_bound({table, name, from});
  const auto in_group = [&] {
    return staged != staged_.end() && staged->first.table == table && staged->first.group == name;
  };
  bool go_on = true;
  // Emits staged records in front of `order`; a deletion emits nothing.
  const auto emit_below = [&](std::optional<std::uint64_t> order) {
    while (go_on && in_group() && (!order || staged->first.order < *order)) {
      if (staged->second.value) go_on = each({staged->first.order, *staged->second.value});
      ++staged;
    }
  };
  TRY(base_.Scan(table, group, from, [&](const Record& record) {
    emit_below(record.order);
    if (!go_on) return false;
    if (in_group() && staged->first.order == record.order) {
      if (staged->second.value) go_on = each({record.order, *staged->second.value});
      ++staged;
    } else {
      go_on = each(record);
    }
    return go_on;
  }));
  if (go_on) emit_below(std::nullopt);
  return {};
}

Result<std::optional<Record>> StagedView::Last(Table table, ByteView group) const {
  const Bytes name(group.begin(), group.end());
  std::optional<Record> best;
  auto it = staged_.upper_bound({table, name, ~std::uint64_t{0}});
  bool deletions = false;
  while (it != staged_.begin()) {
    --it;
    if (it->first.table != table || it->first.group != name) break;
    if (it->second.value) {
      best = Record{it->first.order, *it->second.value};
      break;
    }
    deletions = true;
  }
  if (!deletions) {
    ASSIGN(auto last, base_.Last(table, group));
    if (last && (!best || last->order > best->order)) return last;
    return best;
  }
  // A staged deletion may hide the base's last record: look at all of the group.
  std::optional<Record> last;
  TRY(Scan(table, group, 0, [&](const Record& record) {
    last = record;
    return true;
  }));
  return last;
}

}  // namespace geflecht::store
