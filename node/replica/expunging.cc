#include "node/replica/expunging.h"

#include <utility>

#include "node/replica/records.h"

namespace geflecht::replica {

Result<void> Expunging::Load() {
  const store::Key first = ExpungeKey(0);
  bool damaged = false;
  TRY(view_.Scan(first.table, first.group, 0, [&](const store::Record& record) {
    damaged = record.value.empty() || record.value.front() >= store::kTables;
    if (damaged) return false;
    store::GroupName group{static_cast<store::Table>(record.value.front()),
                           Bytes(record.value.begin() + 1, record.value.end())};
    waiting_[std::move(group)] = record.order;
    next_order_ = record.order + 1;
    return true;
  }));
  if (damaged) return Fail(Code::kCorruption, "a group that is to be expunged");
  if (!waiting_.empty()) due_ms_ = 0;
  return {};
}

void Expunging::Add(const store::Key& key, Time now) {
  const auto [it, added] = waiting_.try_emplace({key.table, key.group}, next_order_);
  if (!added) return;
  Bytes record{static_cast<std::uint8_t>(key.table)};
  Append(record, key.group);
  view_.Put(ExpungeKey(next_order_++), std::move(record));
  if (!due_ms_) due_ms_ = now.mono_ms + kExpungeAfterMs;
}

std::optional<std::int64_t> Expunging::NextDueMs() const {
  return under_way_.empty() ? due_ms_ : std::nullopt;
}

void Expunging::Hasten() {
  if (due_ms_) due_ms_ = 0;
}

std::vector<store::GroupName> Expunging::TakeDue(std::int64_t now_ms, std::uint64_t ticket) {
  std::vector<store::GroupName> groups;
  if (!under_way_.empty() || !due_ms_ || *due_ms_ > now_ms) return groups;
  due_ms_.reset();
  ticket_ = ticket;
  under_way_ = std::exchange(waiting_, {});
  for (const auto& [group, order] : under_way_) groups.push_back(group);
  return groups;
}

bool Expunging::Persisted(std::uint64_t ticket) {
  if (under_way_.empty() || ticket < ticket_) return false;
  for (const auto& [group, order] : under_way_) view_.Delete(ExpungeKey(order));
  under_way_.clear();
  return true;
}

}  // namespace geflecht::replica
