// A view with batches on top that are on their way to the disk, so that what was decided is read
// back at once while only durable data is offered to others.
#pragma once

#include <deque>
#include <map>

#include "node/store/store.h"

namespace geflecht::store {

// Not thread-safe. `base` must outlive it.
class StagedView final : public View {
 public:
  explicit StagedView(const View& base) : base_(base) {}

  void Put(Key key, Bytes value);
  void Delete(Key key);
  bool HasOpenBatch() const { return !open_.empty(); }

  // Ends the batch under way. It stays visible until Persisted is called with the same ticket.
  Batch TakeBatch(std::uint64_t ticket);
  // The batches up to `ticket` are in the base now.
  void Persisted(std::uint64_t ticket);

  const View& durable() const { return base_; }

  Result<std::optional<Bytes>> Get(const Key& key) const override;
  Result<void> Scan(Table table, ByteView group, std::uint64_t from,
                    const std::function<bool(const Record&)>& each) const override;
  Result<std::optional<Record>> Last(Table table, ByteView group) const override;

 private:
  struct Staged {
    std::optional<Bytes> value;
    std::uint64_t ticket = 0;  // 0: in the batch under way
  };
  const View& base_;
  std::map<Key, Staged> staged_;
  Batch open_;
  std::deque<std::pair<std::uint64_t, std::vector<Key>>> under_way_;
};

}  // namespace geflecht::store
