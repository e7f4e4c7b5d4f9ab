// A view with batches on top that are on their way to the disk, so that what was decided is read
// back at once while only durable data is offered to others.
#pragma once

#include <deque>
#include <map>
#include <memory>
#include <memory_resource>
#include <unordered_map>
#include <vector>

#include "node/store/store.h"

namespace geflecht::store {

// Not thread-safe. `base` must outlive it.
class StagedView final : public View {
 public:
  explicit StagedView(const View& base) : base_(base) {}

  void Put(Key key, Bytes value) { open_->Set(std::move(key), std::move(value)); }
  void Delete(Key key) { open_->Set(std::move(key), std::nullopt); }
  bool HasOpenBatch() const { return !open_->changes->empty(); }

  // Ends the batch under way; of several changes of one key it holds the last. It stays visible
  // until Persisted is called with the same ticket. Nobody changes it any more: it may be read on
  // another thread.
  SharedBatch TakeBatch(std::uint64_t ticket);
  // The batches up to `ticket` are in the base now.
  void Persisted(std::uint64_t ticket);

  const View& durable() const { return base_; }

  Result<std::optional<Bytes>> Get(const Key& key) const override;
  Result<void> Scan(Table table, ByteView group, std::uint64_t from,
                    const std::function<bool(const Record&)>& each) const override;
  Result<std::optional<Record>> Floor(const Key& key) const override;

 private:
  // A key whose group lies elsewhere.
  struct KeyView {
    Table table;
    ByteView group;
    std::uint64_t order;
    bool operator==(const KeyView& other) const;
  };
  struct KeyHash {
    std::size_t operator()(const KeyView& key) const;
  };
  // One batch. Found by key through a hash table; the order is made when a scan first needs it.
  struct Layer {
    std::uint64_t ticket = 0;
    std::shared_ptr<Batch> changes = std::make_shared<Batch>();
    std::pmr::monotonic_buffer_resource memory;  // thousands of small nodes, given back at once
    std::pmr::unordered_map<KeyView, std::size_t, KeyHash> places{&memory};  // of `changes`
    mutable std::vector<std::size_t> sorted;

    void Set(Key key, std::optional<Bytes> value);
    const Change* Find(const Key& key) const;
    // The changes of a group from order `from` on, ascending.
    void Collect(const Key& from, std::map<std::uint64_t, const Change*>& into) const;
  };
  // Of all layers, newer ones first.
  std::map<std::uint64_t, const Change*> Staged(const Key& from) const;

  const View& base_;
  std::unique_ptr<Layer> open_ = std::make_unique<Layer>();
  std::deque<std::unique_ptr<Layer>> under_way_;
};

}  // namespace geflecht::store
