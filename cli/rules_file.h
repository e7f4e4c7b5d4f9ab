// The rules of a network as a file that people write (docs/formats/cli.md, "Rules file").
#pragma once

#include <boost/json/object.hpp>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "cli/orgs.h"

namespace geflecht::cli {

// {purpose, review, offline_days, rules[{matter, rule}], points[]} of POST /api/v1/network/draft;
// what the file does not say is missing. Carriers are looked for among `founders`. kUsage with the
// line in the detail, and as RuleFrom.
Result<boost::json::object> ReadRulesFile(std::string_view text,
                                          const std::vector<NamedOrg>& founders);

}  // namespace geflecht::cli
