// One connection of the local HTTP server: requests one after the other until either side closes.
#pragma once

#include <array>
#include <boost/asio/io_context.hpp>
#include <boost/asio/local/stream_protocol.hpp>
#include <boost/asio/steady_timer.hpp>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>

#include "node/api/http_codec.h"
#include "node/api/server.h"

namespace geflecht::api {

// Pending operations keep a Connection alive. Not thread-safe.
class Connection : public std::enable_shared_from_this<Connection> {
 public:
  using Socket = boost::asio::local::stream_protocol::socket;

  // `ended` is called once, unless Close comes first.
  Connection(Socket socket, std::shared_ptr<const Handler> handler, std::int64_t idle_ms,
             std::function<void()> ended);

  void Start() { Read(); }
  // Closes without a call of `ended`.
  void Close();

 private:
  void Read();
  void Parse(ByteView bytes);
  void Handle();
  void Answer(const Response& response, bool keep_alive, bool with_body);
  void Write(std::string bytes, std::function<void()> then);
  void NextRequest();
  void Linger();
  void End();
  void SetDeadline(std::int64_t ms);

  Socket socket_;
  boost::asio::steady_timer timer_;
  const std::shared_ptr<const Handler> handler_;
  const std::int64_t idle_ms_;
  std::function<void()> ended_;
  bool closed_ = false;
  bool lingering_ = false;
  std::uint64_t deadline_ = 0;
  std::unique_ptr<RequestReader> reader_ = std::make_unique<RequestReader>();
  std::array<std::uint8_t, 16 * 1024> input_;
  std::string output_;
};

}  // namespace geflecht::api
