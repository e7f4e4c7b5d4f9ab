// Paths of UNIX sockets.
#pragma once

#include <sys/socket.h>
#include <sys/un.h>

#include <filesystem>

#include "base/result.h"

namespace geflecht::api {

// The address of `path`, which has at most 107 bytes: kUsage otherwise.
Result<sockaddr_un> UnixAddress(const std::filesystem::path& path);

// Removes a socket file on which nobody listens. Nothing is there: fine. kLocked if somebody
// listens, kNotPermitted if the path is no socket or may not be touched, kIo.
Result<void> RemoveStaleSocket(const std::filesystem::path& path);

}  // namespace geflecht::api
