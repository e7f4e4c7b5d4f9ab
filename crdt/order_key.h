// Places of siblings in a tree: byte strings that are compared as unsigned bytes, the shorter
// first.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "crdt/value.h"

namespace geflecht::crdt {

// Whether a change may contain it: not empty, at most limits::kOrderBytesMax bytes, no 0 at the
// end, so that there is always room in front of it.
bool IsOrderKey(std::string_view key);

// A key behind `left` and in front of `right`; an empty one stands for the end on that side. Ends
// with bytes of `agent`, so that two writers hardly choose the same; what one writer appends behind
// its own key stays in front of what another appends there. Nothing if there is no room (left >=
// right, or the key would be too long): then the siblings are moved to new keys first.
std::optional<std::string> OrderBetween(std::string_view left, std::string_view right,
                                        const AgentId& agent);

}  // namespace geflecht::crdt
