// Answers for which the node reads through many records.
#pragma once

#include <boost/json/object.hpp>
#include <string>

#include "cli/session.h"

namespace geflecht::cli {

// Asks until the node has read everything; of many records it shows how far that is.
Result<boost::json::object> GetWhenRead(Session& session, const std::string& path,
                                        const Query& query = {});

}  // namespace geflecht::cli
