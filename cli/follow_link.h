// geflecht network join with the link of an invitation instead of a founding.
#pragma once

#include <string>
#include <string_view>

#include "base/result.h"
#include "cli/session.h"

namespace geflecht::cli {

bool IsJoinLink(std::string_view typed);

// Asks the inviting node, shows the digits to compare, joins when they were compared (at once
// without a terminal or with --yes).
Result<Outcome> FollowLink(Session& session, const std::string& link);

}  // namespace geflecht::cli
