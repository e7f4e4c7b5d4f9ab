#include "node/api/server.h"

#include <sys/stat.h>
#include <unistd.h>

#include <boost/asio/local/stream_protocol.hpp>
#include <boost/asio/steady_timer.hpp>
#include <cerrno>
#include <chrono>
#include <cstring>
#include <set>
#include <utility>

#include "node/api/connection.h"
#include "node/api/unix_socket.h"

namespace geflecht::api {
namespace {

namespace asio = boost::asio;
using asio::local::stream_protocol;
using boost::system::error_code;

constexpr std::chrono::milliseconds kAcceptPause{200};  // when the process has no descriptor left

class UnixServer final : public Server {
 public:
  UnixServer(asio::io_context& io, std::filesystem::path path, Handler handler,
             ServerOptions options)
      : state_(std::make_shared<State>(io, std::move(path), std::move(handler), options)) {}
  ~UnixServer() override { state_->Stop(); }

  Result<void> Open() { return state_->Open(state_); }

 private:
  // Pending operations and a running handler keep this alive after the Server.
  struct State {
    State(asio::io_context& io, std::filesystem::path at, Handler answer, ServerOptions settings)
        : path(std::move(at)),
          handler(std::make_shared<const Handler>(std::move(answer))),
          options(settings),
          acceptor(io),
          pause(io) {}

    Result<void> Open(const std::shared_ptr<State>& self);
    static void Accept(std::shared_ptr<State> self);
    static void Welcome(const std::shared_ptr<State>& self, Connection::Socket socket);
    void Stop();

    const std::filesystem::path path;
    const std::shared_ptr<const Handler> handler;
    const ServerOptions options;
    stream_protocol::acceptor acceptor;
    asio::steady_timer pause;
    struct stat file {};
    std::set<std::shared_ptr<Connection>> connections;
    bool accepting = false;
    bool stopped = false;
  };

  std::shared_ptr<State> state_;
};

auto SystemError(const std::filesystem::path& path, const error_code& error) {
  const bool forbidden = error.value() == EACCES || error.value() == EPERM;
  return Fail(forbidden ? Code::kNotPermitted : Code::kIo, path.string() + ": " + error.message());
}

error_code LastError() { return {errno, boost::system::system_category()}; }

// Between bind and listen nobody can connect, so the mode holds before the first client.
Result<void> UnixServer::State::Open(const std::shared_ptr<State>& self) {
  TRY(RemoveStaleSocket(path));
  error_code error;
  acceptor.open(stream_protocol(), error);
  if (!error) acceptor.bind(stream_protocol::endpoint(path.native()), error);
  if (error) return SystemError(path, error);
  if (::chmod(path.c_str(), 0600) != 0 || ::lstat(path.c_str(), &file) != 0) {
    return SystemError(path, LastError());
  }
  acceptor.listen(asio::socket_base::max_listen_connections, error);
  if (error) return SystemError(path, error);
  Accept(self);
  return {};
}

void UnixServer::State::Accept(std::shared_ptr<State> self) {
  if (self->stopped || self->accepting || self->connections.size() >= self->options.connections_max)
    return;
  self->accepting = true;
  State& state = *self;
  state.acceptor.async_accept([self](const error_code& error, Connection::Socket socket) {
    self->accepting = false;
    if (self->stopped) return;
    if (!error) {
      Welcome(self, std::move(socket));
      Accept(self);
      return;
    }
    self->pause.expires_after(kAcceptPause);
    self->pause.async_wait([self](const error_code& /*cancelled*/) { Accept(self); });
  });
}

void UnixServer::State::Welcome(const std::shared_ptr<State>& self, Connection::Socket socket) {
  // The connection's callback names it by its address: a shared pointer would keep it for ever.
  auto place = std::make_shared<std::weak_ptr<Connection>>();
  auto connection =
      std::make_shared<Connection>(std::move(socket), self->handler, self->options.idle_ms,
                                   [weak = std::weak_ptr<State>(self), place] {
                                     const std::shared_ptr<State> state = weak.lock();
                                     if (!state) return;
                                     state->connections.erase(place->lock());
                                     Accept(state);
                                   });
  *place = connection;
  self->connections.insert(connection);
  connection->Start();
}

void UnixServer::State::Stop() {
  stopped = true;
  error_code ignored;
  acceptor.close(ignored);
  pause.cancel();
  for (const std::shared_ptr<Connection>& connection : connections) connection->Close();
  connections.clear();
  struct stat now {};
  const bool own =
      ::lstat(path.c_str(), &now) == 0 && now.st_dev == file.st_dev && now.st_ino == file.st_ino;
  if (own) ::unlink(path.c_str());
}

}  // namespace

Result<std::unique_ptr<Server>> Server::Listen(asio::io_context& io,
                                               const std::filesystem::path& socket, Handler handler,
                                               ServerOptions options) {
  auto server = std::make_unique<UnixServer>(io, socket, std::move(handler), options);
  TRY(server->Open());
  return std::unique_ptr<Server>(std::move(server));
}

}  // namespace geflecht::api
