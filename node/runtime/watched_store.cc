#include "node/runtime/watched_store.h"

#include <utility>

namespace geflecht::runtime {
namespace {

class WatchedStore final : public store::Store {
 public:
  WatchedStore(std::unique_ptr<store::Store> inner, std::function<void(const Error&)> damaged)
      : inner_(std::move(inner)), damaged_(std::move(damaged)) {}

  Result<std::optional<Bytes>> Get(const store::Key& key) const override {
    return Watched(inner_->Get(key));
  }
  Result<void> Scan(store::Table table, ByteView group, std::uint64_t from,
                    const std::function<bool(const store::Record&)>& each) const override {
    return Watched(inner_->Scan(table, group, from, each));
  }
  Result<std::optional<store::Record>> Floor(const store::Key& key) const override {
    return Watched(inner_->Floor(key));
  }
  Result<void> Write(const store::Batch& batch, store::Durability durability) override {
    return inner_->Write(batch, durability);
  }
  Result<void> Sync() override { return inner_->Sync(); }
  Result<void> Expunge(store::Table table, const std::vector<Bytes>& groups) override {
    return inner_->Expunge(table, groups);
  }
  Result<void> VerifyFiles() const override { return inner_->VerifyFiles(); }

 private:
  template <class T>
  Result<T> Watched(Result<T> result) const {
    if (!result && (result.error().code == Code::kCorruption || result.error().code == Code::kIo))
      damaged_(result.error());
    return result;
  }

  std::unique_ptr<store::Store> inner_;
  std::function<void(const Error&)> damaged_;
};

}  // namespace

std::unique_ptr<store::Store> WatchReads(std::unique_ptr<store::Store> inner,
                                         std::function<void(const Error&)> damaged) {
  return std::make_unique<WatchedStore>(std::move(inner), std::move(damaged));
}

}  // namespace geflecht::runtime
