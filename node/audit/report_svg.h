// Pictures of a report: SVG to stand in HTML, without script, readable in print and by screen
// readers.
#pragma once

#include <string>
#include <vector>

#include "base/i18n/i18n.h"
#include "node/audit/decision_fact.h"

namespace geflecht::audit {

// One box for each of the electorate, in the order of the positions, and a line at what is needed.
std::string TallySvg(const DecisionFact& decision, i18n::Lang lang);

// One dot for each decision that has a time of its enactment. Empty if there is none.
std::string TimelineSvg(const std::vector<DecisionFact>& decisions, i18n::Lang lang);

// "7 of 9 for it, needed 5", with the names of carriers. Not escaped.
std::string Arithmetic(const DecisionFact& decision, i18n::Lang lang);

// The last part of a key of the catalogue, and a name of a style.
std::string_view NameOf(Position position);
std::string_view NameOf(DecisionStatus status);
std::string_view NameOf(RuleKind rule);

}  // namespace geflecht::audit
