#include "node/runtime/store_builder.h"

#include <utility>
#include <variant>

namespace geflecht::runtime {

Result<std::unique_ptr<StoreBuilder>> StoreBuilder::Begin(store::Store& store,
                                                          const DeviceKeys& keys,
                                                          const log::Founding& founding, Time now,
                                                          Random& random) {
  std::unique_ptr<StoreBuilder> builder(new StoreBuilder(store, now));
  // Without an anchor: whatever comes in, the device goes on in a new life.
  ASSIGN(builder->node_,
         core::Node::Load({&keys.device, &keys.tls, keys.life, std::nullopt}, store, random));
  core::Actions joined;
  TRY(builder->node_->Join(founding, /*admitted=*/true, now, joined));
  TRY(builder->Execute(std::move(joined)));
  builder->store_batch_ = [&self = *builder]() -> Result<void> {
    core::Actions actions;
    self.node_->Finish(self.now_, actions);
    return self.Execute(std::move(actions));
  };
  return builder;
}

Result<void> StoreBuilder::Execute(core::Actions actions) {
  for (core::Action& action : actions) {
    const auto* persist = std::get_if<core::Persist>(&action);
    if (persist == nullptr) continue;
    TRY(store_.Write(*persist->batch, store::Durability::kGrouped));
    core::Actions none;
    node_->Step(core::Persisted{persist->ticket}, now_, none);
  }
  return {};
}

}  // namespace geflecht::runtime
