// Spaces as people name them: by their name or its beginning, or by the beginning of the id.
#pragma once

#include <boost/json/object.hpp>
#include <string>
#include <string_view>

#include "base/result.h"
#include "cli/session.h"

namespace geflecht::cli {

// The id of a space that this organisation knows of. kNotFound with "hint.no-space", kConflict with
// "hint.space-ambiguous".
Result<std::string> SpaceIdOf(Session& session, std::string_view typed);

// What --space names, as a member of a request or of a query; nothing without it.
Result<void> TakeSpace(Session& session, boost::json::object& asked);
Result<void> TakeSpace(Session& session, Query& query);

// The name of the space in which a listed document lies; empty for the network's.
std::string SpaceMark(const boost::json::object& document);

}  // namespace geflecht::cli
