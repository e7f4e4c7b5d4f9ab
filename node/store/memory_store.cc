#include <iterator>
#include <map>
#include <mutex>
#include <utility>

#include "node/store/store.h"

namespace geflecht::store {
namespace {

using Records = std::map<std::uint64_t, Bytes>;

struct Place {
  Table table;
  Bytes group;
  auto operator<=>(const Place&) const = default;
};

Place MakePlace(Table table, ByteView group) { return {table, Bytes(group.begin(), group.end())}; }

// A scan borrows the records of its group without holding the lock; a write that meets a borrowed
// group replaces it by a copy. So a scan sees one state, and its callback may read.
class MemoryStore final : public Store {
 public:
  Result<std::optional<Bytes>> Get(const Key& key) const override {
    const std::lock_guard lock(mutex_);
    const auto group = groups_.find({key.table, key.group});
    if (group == groups_.end()) return std::optional<Bytes>();
    const auto record = group->second->find(key.order);
    if (record == group->second->end()) return std::optional<Bytes>();
    return std::optional<Bytes>(record->second);
  }

  Result<void> Scan(Table table, ByteView group, std::uint64_t from,
                    const std::function<bool(const Record&)>& each) const override {
    std::shared_ptr<const Records> records = Borrow(table, group);
    if (!records) return {};
    for (auto it = records->lower_bound(from); it != records->end(); ++it) {
      if (!each({it->first, it->second})) break;
    }
    // Under the lock, because Write decides by the number of borrowers.
    const std::lock_guard lock(mutex_);
    records.reset();
    return {};
  }

  Result<std::optional<Record>> Floor(const Key& key) const override {
    const std::lock_guard lock(mutex_);
    const auto found = groups_.find({key.table, key.group});
    if (found == groups_.end()) return std::optional<Record>();
    const auto above = found->second->upper_bound(key.order);
    if (above == found->second->begin()) return std::optional<Record>();
    const auto& [order, value] = *std::prev(above);
    return std::optional<Record>(Record{order, value});
  }

  Result<void> Write(const Batch& batch, Durability) override {
    const std::lock_guard lock(mutex_);
    for (const Change& change : batch) Apply(change);
    return {};
  }

  Result<void> Sync() override { return {}; }
  Result<void> Expunge(Table, const std::vector<Bytes>&) override { return {}; }

 private:
  std::shared_ptr<const Records> Borrow(Table table, ByteView group) const {
    const std::lock_guard lock(mutex_);
    const auto found = groups_.find(MakePlace(table, group));
    return found == groups_.end() ? nullptr : found->second;
  }

  void Apply(const Change& change) {
    const auto found = groups_.try_emplace({change.key.table, change.key.group}).first;
    std::shared_ptr<Records>& records = found->second;
    if (!records) {
      records = std::make_shared<Records>();
    } else if (records.use_count() > 1) {
      records = std::make_shared<Records>(*records);
    }
    if (change.value) {
      records->insert_or_assign(change.key.order, *change.value);
    } else {
      records->erase(change.key.order);
    }
    if (records->empty()) groups_.erase(found);
  }

  mutable std::mutex mutex_;
  std::map<Place, std::shared_ptr<Records>> groups_;  // no group is empty
};

}  // namespace

std::unique_ptr<Store> MakeMemoryStore() { return std::make_unique<MemoryStore>(); }

}  // namespace geflecht::store
