// A blocking client of the local HTTP server.
#pragma once

#include <cstdint>
#include <filesystem>

#include "base/result.h"
#include "node/api/http.h"

namespace geflecht::api {

// Sends `request` over a connection of its own and waits for the response, whatever its status.
// kUnreachable if nobody listens on `socket` or no whole answer comes within `timeout_ms`;
// kNotPermitted if the socket belongs to somebody else; kUsage (path over 107 bytes, a header with
// line breaks); kMalformed, kTooLarge, kIo. Any thread; uses no io_context.
Result<Response> Call(const std::filesystem::path& socket, const Request& request,
                      std::int64_t timeout_ms);

}  // namespace geflecht::api
