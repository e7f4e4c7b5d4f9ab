// Whether edits fit the state that they were made on. The answer depends on the change, its
// ancestors and the schema only, so it is the same on every node.
#pragma once

#include <string_view>

#include "crdt/change.h"

namespace geflecht::crdt {

class Replay;

// The prepare version of `replay` is the parents of the change, or the heads and the open change's
// earlier edits. Both return a stable English identifier of what is wrong, or an empty text.
std::string_view CheckChange(const Replay& replay, const Change& change);
std::string_view CheckEdit(const Replay& replay, const Edit& edit);

}  // namespace geflecht::crdt
