// The rules, and who dissented, in a report.
#pragma once

#include <boost/json/object.hpp>
#include <string>

#include "base/i18n/i18n.h"
#include "node/audit/verify.h"

namespace geflecht::audit {

// Versions of the rules, review date, members that do not know the latest. Empty if the report has
// none.
std::string CharterHtml(const Report& report, i18n::Lang lang);
boost::json::value CharterJson(const Report& report);

// Rows of a table: votes that were not for it with their reasons, and objections that were settled.
std::string DissentHtml(const DecisionFact& decision, i18n::Lang lang);
boost::json::array SettledJson(const DecisionFact& decision);

}  // namespace geflecht::audit
