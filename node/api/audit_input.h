// What an audit bundle is made of, collected from a node's replica.
#pragma once

#include <vector>

#include "base/result.h"
#include "node/audit/export.h"
#include "node/replica/replica.h"

namespace geflecht::api {

// Every durable entry of the root space, of the network space and of those closed circles among
// `spaces` that are held here, with the bodies that are here. Reads the whole of them. kCorruption
// if the store has a gap, and what the store says.
Result<audit::ExportInput> CollectExport(const replica::Replica& replica,
                                         const std::vector<log::SpaceId>& spaces = {});

}  // namespace geflecht::api
