// A store whose reads of one table, or of one group of it, fail on demand.
#pragma once

#include <algorithm>
#include <memory>
#include <optional>
#include <utility>
#include <vector>

#include "node/store/store.h"

namespace geflecht::replica {

class Unreadable final : public store::Store {
 public:
  explicit Unreadable(std::unique_ptr<store::Store> inner) : inner_(std::move(inner)) {}
  std::optional<store::Table> table;  // reads of it fail
  std::optional<Bytes> group;         // if given: only those of this group
  int only = 0;                       // if not 0: of these only the first, the second, ...
  mutable int reads = 0;              // that could fail
  mutable int failed = 0;

  Result<std::optional<Bytes>> Get(const store::Key& key) const override {
    if (Fails(key.table, key.group)) return Broken();
    return inner_->Get(key);
  }
  Result<void> Scan(store::Table of, ByteView in, std::uint64_t from,
                    const std::function<bool(const store::Record&)>& each) const override {
    if (Fails(of, in)) return Broken();
    return inner_->Scan(of, in, from, each);
  }
  Result<std::optional<store::Record>> Floor(const store::Key& key) const override {
    if (Fails(key.table, key.group)) return Broken();
    return inner_->Floor(key);
  }
  Result<void> Write(const store::Batch& batch, store::Durability durability) override {
    return inner_->Write(batch, durability);
  }
  Result<void> Sync() override { return inner_->Sync(); }
  Result<void> Expunge(store::Table of, const std::vector<Bytes>& groups) override {
    return inner_->Expunge(of, groups);
  }

 private:
  bool Fails(store::Table of, ByteView in) const {
    if (table != of) return false;
    if (group && !std::equal(in.begin(), in.end(), group->begin(), group->end())) return false;
    ++reads;
    return only == 0 || reads == only;
  }
  tl::unexpected<Error> Broken() const {
    ++failed;
    return Fail(Code::kIo, "injected: input/output error");
  }
  std::unique_ptr<store::Store> inner_;
};

// Puts it in front of what `store` holds; reads fail as soon as it is told to.
inline Unreadable& MakeUnreadable(std::unique_ptr<store::Store>& store) {
  auto unreadable = std::make_unique<Unreadable>(std::move(store));
  Unreadable& made = *unreadable;
  store = std::move(unreadable);
  return made;
}

}  // namespace geflecht::replica
