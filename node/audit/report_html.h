// The verifier's result as one HTML file, German first, then English: no script, nothing loaded
// from elsewhere, made to be printed. It says the same as report_json.h.
#pragma once

#include <string>

#include "node/audit/verify.h"

namespace geflecht::audit {

std::string RenderHtml(const Report& report);

}  // namespace geflecht::audit
