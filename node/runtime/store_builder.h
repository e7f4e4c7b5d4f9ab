// Fills a new store with entries that were stored before, by the node's own way of taking them.
#pragma once

#include <functional>
#include <memory>

#include "base/clock.h"
#include "node/core/node.h"
#include "node/runtime/keys_file.h"

namespace geflecht::runtime {

class StoreBuilder {
 public:
  // Begins with the founding. The device goes on in a new life with whatever it writes. All
  // arguments outlive the builder. The errors of core::Node::Load and Join, and the store's.
  static Result<std::unique_ptr<StoreBuilder>> Begin(store::Store& store, const DeviceKeys& keys,
                                                     const log::Founding& founding, Time now,
                                                     Random& random);
  replica::Replica& replica() { return *node_->replica(); }
  // Writes what the replica has decided since the last call; not yet synced.
  const std::function<Result<void>()>& store_batch() const { return store_batch_; }

 private:
  StoreBuilder(store::Store& store, Time now) : store_(store), now_(now) {}
  Result<void> Execute(core::Actions actions);

  store::Store& store_;
  Time now_;
  std::unique_ptr<core::Node> node_;
  std::function<Result<void>()> store_batch_;
};

}  // namespace geflecht::runtime
