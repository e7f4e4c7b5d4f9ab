// Decisions that erase, in words and as JSON.
#pragma once

#include <boost/json/value.hpp>
#include <string>
#include <vector>

#include "base/i18n/i18n.h"
#include "node/audit/verify.h"

namespace geflecht::audit {

// One sentence each, not escaped: what is erased why and where, then what the bundle shows of it.
// Names of the bundle stand in them as they are.
std::vector<std::string> ErasureSentences(const Report& report, const ErasureFact& erases,
                                          i18n::Lang lang);
// {space, reason, entries, fields, documents[], containers[{document, key}], carried[{entry,
// organisation, time, confirmed[]}]}, or null.
boost::json::value ErasureJson(const DecisionFact& decision);

}  // namespace geflecht::audit
