#include "node/store/sealed_store.h"
#include "tests/store/places.h"

namespace geflecht::store {
namespace {

// Lets a memory store live longer than the stores that are opened on it.
class SharedStore final : public Store {
 public:
  explicit SharedStore(std::shared_ptr<Store> inner) : inner_(std::move(inner)) {}
  Result<std::optional<Bytes>> Get(const Key& key) const override { return inner_->Get(key); }
  Result<void> Scan(Table table, ByteView group, std::uint64_t from,
                    const std::function<bool(const Record&)>& each) const override {
    return inner_->Scan(table, group, from, each);
  }
  Result<std::optional<Record>> Floor(const Key& key) const override {
    return inner_->Floor(key);
  }
  Result<void> Write(const Batch& batch, Durability durability) override {
    return inner_->Write(batch, durability);
  }
  Result<void> Sync() override { return inner_->Sync(); }
  Result<void> Expunge(Table table, const std::vector<Bytes>& groups) override {
    return inner_->Expunge(table, groups);
  }

 private:
  std::shared_ptr<Store> inner_;
};

class MemoryPlace final : public Place {
 public:
  explicit MemoryPlace(bool sealed) : sealed_(sealed) {}
  Result<std::unique_ptr<Store>> Open(std::uint8_t key) override {
    auto store = std::make_unique<SharedStore>(memory_);
    if (sealed_) return MakeSealedStore(std::move(store), StorageKey(key), random_);
    return std::unique_ptr<Store>(std::move(store));
  }

 private:
  bool sealed_;
  SeededRandom random_{1};
  std::shared_ptr<Store> memory_ = MakeMemoryStore();
};

}  // namespace

std::vector<std::string> PlaceKinds() { return {"Memory", "SealedMemory"}; }

std::unique_ptr<Place> MakePlace(const std::string& kind) {
  return std::make_unique<MemoryPlace>(kind == "SealedMemory");
}

}  // namespace geflecht::store
