// What an audit bundle is made of, collected from a node's replica.
#pragma once

#include "base/result.h"
#include "node/audit/export.h"
#include "node/replica/replica.h"

namespace geflecht::api {

// Every durable entry of the root space and of the network space with the bodies that are here.
// Reads the whole of both. kCorruption if the store has a gap, and what the store says.
Result<audit::ExportInput> CollectExport(const replica::Replica& replica);

}  // namespace geflecht::api
