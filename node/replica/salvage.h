// Brings what can still be read of a damaged store into a new replica.
#pragma once

#include "node/replica/intake.h"
#include "node/store/store.h"

namespace geflecht::replica {

// Reads `damaged` in the order of arrival. `store_batch` is that of Intake. Open edits (drafts) are
// not taken over.
Result<Salvaged> Salvage(const store::View& damaged, Replica& into, Time now,
                         const std::function<Result<void>()>& store_batch);

}  // namespace geflecht::replica
