// Brings what can still be read of a damaged store into a new replica, by the way of everything
// that comes from outside: each run is verified again.
#pragma once

#include <cstdint>
#include <functional>

#include "node/replica/replica.h"

namespace geflecht::replica {

struct Salvaged {
  std::uint64_t entries = 0;  // new in the replica
  std::uint64_t lost = 0;     // unreadable, or behind something unreadable
};

// Reads `damaged` in the order of arrival. `store_batch` is called after each run, when the
// replica may have an open batch; its error ends the work. Open edits (drafts) are not taken over.
Result<Salvaged> Salvage(const store::View& damaged, Replica& into, Time now,
                         const std::function<Result<void>()>& store_batch);

}  // namespace geflecht::replica
