// What a document said once and no longer says, as long as its changes are stored.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "node/api/context.h"

namespace geflecht::api {

// By the name of the field, empty where it is not known.
using EarlierLines = std::map<std::string, std::vector<std::string>>;

// The lines of crdt::ForEachEarlier and of changes without effect, each once. Lines that the field
// has now may be among them; what is erased is not.
Result<EarlierLines> EarlierTexts(replica::Replica& replica, const crdt::DocumentId& id);

}  // namespace geflecht::api
