// The local HTTP server on DIR/api.sock (mode 0600). HTTP is parsed by Beast without I/O; the
// sockets are Asio's. One thread: the io_context's.
#pragma once

#include <boost/asio/io_context.hpp>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>

#include "base/result.h"
#include "node/api/http.h"

namespace geflecht::api {

// Answers a request by calling `respond` exactly once, now or later, on the loop's thread; calls
// for a client or a Server that is gone have no effect. The status is 200..599. A handler may
// destroy the Server.
using Respond = std::function<void(Response)>;
using Handler = std::function<void(Request, Respond respond)>;

struct ServerOptions {
  std::int64_t idle_ms = 60'000;     // without a byte of the client's, or taken by it
  std::size_t connections_max = 64;  // more wait in the system's queue
};

class Server {
 public:
  // Removes a stale socket of a process that is gone; kLocked if somebody listens there, kIo,
  // kNotPermitted. The path of a UNIX socket is at most 107 bytes: kUsage with that limit
  // otherwise. `io` must outlive the Server. Requests that cannot be read are answered here, with
  // 400, 413 or 431 as problem+json.
  static Result<std::unique_ptr<Server>> Listen(boost::asio::io_context& io,
                                                const std::filesystem::path& socket,
                                                Handler handler, ServerOptions options = {});
  virtual ~Server() = default;  // closes and removes the socket
};

}  // namespace geflecht::api
