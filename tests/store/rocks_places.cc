#include "node/store/rocks/rocks_store.h"
#include "node/store/sealed_store.h"
#include "tests/store/places.h"

namespace geflecht::store {
namespace {

class RocksPlace final : public Place {
 public:
  explicit RocksPlace(bool sealed) : sealed_(sealed) {}
  Result<std::unique_ptr<Store>> Open(std::uint8_t key) override {
    ASSIGN(std::unique_ptr<Store> store, OpenRocksStore(directory_.path() / "store"));
    if (sealed_) return MakeSealedStore(std::move(store), StorageKey(key), random_);
    return store;
  }

 private:
  bool sealed_;
  SeededRandom random_{1};
  TempDirectory directory_;
};

}  // namespace

std::vector<std::string> PlaceKinds() { return {"Rocks", "SealedRocks"}; }

std::unique_ptr<Place> MakePlace(const std::string& kind) {
  return std::make_unique<RocksPlace>(kind == "SealedRocks");
}

}  // namespace geflecht::store
