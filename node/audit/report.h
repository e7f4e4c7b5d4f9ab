// The verifier's result in sentences.
#pragma once

#include <string>

#include "base/i18n/i18n.h"
#include "node/audit/verify.h"

namespace geflecht::audit {

// For a terminal: verdict, counts, members, coverage of each space, problems with file and line.
// Lines end with LF; nothing in it controls a terminal.
std::string RenderText(const Report& report, i18n::Lang lang);

// Which space it is.
std::string NameOf(const Coverage& space, i18n::Lang lang);
// Up to when a space without open points is complete.
std::string CompletenessLine(const Coverage& space, i18n::Lang lang);

}  // namespace geflecht::audit
