// The rules that a founding charter sets. Pure.
#pragma once

#include "node/governance/rule.h"
#include "node/log/charter.h"

namespace geflecht::governance {

// Matters without a rule follow "*", and this one the majority of all if the charter does not say.
// kMalformed if a line is no rule; kNotPermitted with the hint MessageKey if one is unsafe for the
// founders. The detail names the matter.
Result<RuleTable> RulesOf(const log::CharterText& charter);

}  // namespace geflecht::governance
