// The target of an HTTP request: "/api/v1/contacts?query=M%C3%BCller" (RFC 9112, section 3.2.1).
#pragma once

#include <string>
#include <string_view>

#include "base/result.h"
#include "node/api/http.h"

namespace geflecht::api {

// Sets `path` and `query` of `request`, percent-decoded; in the query "+" means a space.
// kMalformed: not in origin form, a wrong escape, a NUL, or a key that stands there twice.
Result<void> ParseTarget(std::string_view target, Request& request);

// The inverse. kUsage if the path does not begin with "/".
Result<std::string> FormatTarget(const Request& request);

}  // namespace geflecht::api
