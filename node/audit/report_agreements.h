// Agreements in a report.
#pragma once

#include <boost/json/array.hpp>
#include <string>

#include "base/i18n/i18n.h"
#include "node/audit/verify.h"

namespace geflecht::audit {

boost::json::array AgreementsJson(const Report& report);
// A section of the page; empty if there are none.
std::string AgreementsHtml(const Report& report, i18n::Lang lang);

}  // namespace geflecht::audit
