// Organisations that are members no more, as retention sees them: nobody of theirs erases what they
// have left behind, so every active member may (docs/decisions/0042).
#pragma once

#include <map>
#include <optional>

#include "node/governance/day.h"
#include "node/replica/replica.h"

namespace geflecht::core {

// By organisation the day on which it went: of its leave, or of the first entry that carries its
// removal out, as its writer claims; the last one if it went more than once. Nothing if neither is
// there.
using FormerMembers = std::map<log::OrgId, std::optional<governance::Day>>;

// For whom the own organisation may act. Nobody, if it is no active member itself.
FormerMembers FormerMembersOf(const replica::Replica& replica);

}  // namespace geflecht::core
