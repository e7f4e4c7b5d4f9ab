// A store whose writes fail on demand. May be switched from another thread than the one that
// writes.
#pragma once

#include <atomic>
#include <memory>
#include <utility>

#include "node/store/store.h"

namespace geflecht::runtime {

struct Fault {
  std::atomic<bool> full = false;      // every write is kNoSpace
  std::atomic<int> room = -1;          // writes until it is full, if not negative
  std::atomic<bool> broken = false;    // every write is kIo
  std::atomic<int> writes = 0;         // attempts
  std::atomic<int> expunged = 0;       // groups
  std::atomic<int> writes_before = 0;  // the last of them
};

class FaultyStore final : public store::Store {
 public:
  FaultyStore(std::unique_ptr<store::Store> inner, std::shared_ptr<Fault> fault)
      : inner_(std::move(inner)), fault_(std::move(fault)) {}
  Result<std::optional<Bytes>> Get(const store::Key& key) const override {
    return inner_->Get(key);
  }
  Result<void> Scan(store::Table table, ByteView group, std::uint64_t from,
                    const std::function<bool(const store::Record&)>& each) const override {
    return inner_->Scan(table, group, from, each);
  }
  Result<std::optional<store::Record>> Floor(const store::Key& key) const override {
    return inner_->Floor(key);
  }
  Result<void> Write(const store::Batch& batch, store::Durability durability) override {
    ++fault_->writes;
    if (fault_->broken) return Fail(Code::kIo, "injected: input/output error");
    if (fault_->room == 0) fault_->full = true;
    if (fault_->full) return Fail(Code::kNoSpace, "injected: no space");
    if (fault_->room > 0) --fault_->room;
    return inner_->Write(batch, durability);
  }
  Result<void> Sync() override { return inner_->Sync(); }
  Result<void> Expunge(store::Table table, const std::vector<Bytes>& groups) override {
    if (fault_->full) return Fail(Code::kNoSpace, "injected: no space");
    fault_->expunged += static_cast<int>(groups.size());
    fault_->writes_before = fault_->writes.load();
    return inner_->Expunge(table, groups);
  }

 private:
  std::unique_ptr<store::Store> inner_;
  std::shared_ptr<Fault> fault_;
};

}  // namespace geflecht::runtime
