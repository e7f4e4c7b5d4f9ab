#include "node/api/client.h"

#include <poll.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <chrono>
#include <climits>
#include <cstring>
#include <string>
#include <thread>

#include "node/api/http_codec.h"
#include "node/api/unix_socket.h"

namespace geflecht::api {
namespace {

using Clock = std::chrono::steady_clock;

class Descriptor {
 public:
  explicit Descriptor(int fd) : fd_(fd) {}
  Descriptor(const Descriptor&) = delete;
  Descriptor& operator=(const Descriptor&) = delete;
  ~Descriptor() {
    if (fd_ >= 0) ::close(fd_);
  }
  int get() const { return fd_; }

 private:
  int fd_;
};

auto SystemError(const char* action) {
  return Fail(Code::kIo, std::string(action) + ": " + std::strerror(errno));
}

auto TooLate() { return Fail(Code::kUnreachable, "the node does not answer in time"); }

// Waits until `fd` is ready for `events`.
Result<void> Await(int fd, short events, Clock::time_point deadline) {
  while (true) {
    const auto left =
        std::chrono::duration_cast<std::chrono::milliseconds>(deadline - Clock::now()).count();
    if (left <= 0) return TooLate();
    pollfd wanted{fd, events, 0};
    const int ready = ::poll(&wanted, 1, static_cast<int>(std::min<std::int64_t>(left, INT_MAX)));
    if (ready > 0) return {};
    if (ready < 0 && errno != EINTR) return SystemError("poll");
  }
}

// A UNIX socket connects at once or fails; EAGAIN says that the queue of the listener is full.
Result<void> Connect(int fd, const sockaddr_un& address, Clock::time_point deadline) {
  while (::connect(fd, reinterpret_cast<const sockaddr*>(&address), sizeof(address)) != 0) {
    if (errno == ENOENT || errno == ECONNREFUSED) {
      return Fail(Code::kUnreachable, "no node listens on " + std::string(address.sun_path));
    }
    if (errno == EACCES) {
      return Fail(Code::kNotPermitted, std::string(address.sun_path) + ": " + std::strerror(errno));
    }
    if (errno != EAGAIN && errno != EINTR) return SystemError("connect");
    if (Clock::now() >= deadline) return TooLate();
    std::this_thread::sleep_for(std::chrono::milliseconds(10));
  }
  return {};
}

// Stops without an error when the server does not take any more: its answer says why.
Result<void> SendAll(int fd, std::string_view bytes, Clock::time_point deadline) {
  while (!bytes.empty()) {
    TRY(Await(fd, POLLOUT, deadline));
    const ssize_t sent = ::send(fd, bytes.data(), bytes.size(), MSG_NOSIGNAL | MSG_DONTWAIT);
    if (sent >= 0) {
      bytes.remove_prefix(static_cast<std::size_t>(sent));
    } else if (errno == EPIPE || errno == ECONNRESET) {
      return {};
    } else if (errno != EAGAIN && errno != EINTR) {
      return SystemError("send");
    }
  }
  return {};
}

Result<Response> Receive(int fd, bool to_head_request, Clock::time_point deadline) {
  ResponseReader reader(to_head_request);
  std::array<std::uint8_t, 64 * 1024> buffer;
  bool done = false;
  while (!done) {
    TRY(Await(fd, POLLIN, deadline));
    const ssize_t got = ::recv(fd, buffer.data(), buffer.size(), MSG_DONTWAIT);
    if (got > 0) {
      ASSIGN(done, reader.Put(ByteView(buffer).first(static_cast<std::size_t>(got))));
    } else if (got == 0) {
      ASSIGN(done, reader.PutEnd());
    } else if (errno != EAGAIN && errno != EINTR) {
      return SystemError("recv");
    }
  }
  return reader.Take();
}

}  // namespace

Result<Response> Call(const std::filesystem::path& socket, const Request& request,
                      std::int64_t timeout_ms) {
  const Clock::time_point deadline = Clock::now() + std::chrono::milliseconds(timeout_ms);
  ASSIGN(const sockaddr_un address, UnixAddress(socket));
  ASSIGN(const std::string bytes, FormatRequest(request));
  const Descriptor fd(::socket(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0));
  if (fd.get() < 0) return SystemError("socket");
  TRY(Connect(fd.get(), address, deadline));
  TRY(SendAll(fd.get(), bytes, deadline));
  return Receive(fd.get(), request.method == "HEAD", deadline);
}

}  // namespace geflecht::api
