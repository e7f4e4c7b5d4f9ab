// The verifier's result for programs (docs/formats/bundle.md, Report).
#pragma once

#include <boost/json/object.hpp>

#include "node/audit/verify.h"

namespace geflecht::audit {

// Begins with "schema": "geflecht-report@v1".
boost::json::object ReportJson(const Report& report);

}  // namespace geflecht::audit
