// Changes of single values, which contacts and documents have in common.
#pragma once

#include <boost/json/object.hpp>
#include <string>

#include "cli/session.h"

namespace geflecht::cli {

// An answer on one document with "document_type" in place of "type", which result lines have.
boost::json::object WithoutType(boost::json::object answer);

// Sets the value at `path` of the document `typed` as a change of its own; an empty `value` takes
// it away. Keys: id, path.
Result<Outcome> SetValue(Session& session, const std::string& typed, std::string path,
                         const std::string& value);

// Everything in the document `typed`. Keys: those of GET /api/v1/documents/ID.
Result<Outcome> ShowDocument(Session& session, const std::string& typed);

// The same as it was after the change whose entry begins with `at`.
Result<Outcome> ShowVersion(Session& session, const std::string& typed, const std::string& at);

}  // namespace geflecht::cli
