#include "node/net/transport.h"

#include <boost/asio/awaitable.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/ip/v6_only.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <chrono>
#include <utility>
#include <vector>

#include "node/net/address.h"
#include "node/net/link.h"

namespace geflecht::net {
namespace {

namespace asio = boost::asio;
using asio::ip::tcp;
using boost::system::error_code;

constexpr std::chrono::milliseconds kAcceptPause{200};  // when the process has no descriptor left

std::string FormatEndpoint(const tcp::endpoint& endpoint) {
  return FormatAddress({endpoint.address().to_string(), endpoint.port()});
}

void SetSocketOptions(tcp::socket& socket) {
  error_code ignored;
  socket.set_option(tcp::no_delay(true), ignored);
  socket.set_option(asio::socket_base::keep_alive(true), ignored);
}

struct Listener {
  explicit Listener(asio::io_context& io) : acceptor(io), pause(io) {}
  tcp::acceptor acceptor;
  asio::steady_timer pause;
};

asio::awaitable<void> Serve(std::shared_ptr<Link> link) { co_await link->Run(); }

void Run(const std::shared_ptr<Shared>& shared, const std::shared_ptr<Link>& link,
         asio::awaitable<void> task) {
  shared->tasks.Spawn(std::move(task), [weak = std::weak_ptr<Link>(link)] {
    if (const std::shared_ptr<Link> alive = weak.lock()) {
      alive->End(Error{Code::kUnreachable, "the transport has ended", {}});
    }
  });
}

void Welcome(const std::shared_ptr<Shared>& shared, tcp::socket socket) {
  error_code error;
  const tcp::endpoint peer = socket.remote_endpoint(error);
  if (error || !shared->limits.Enter(peer.address())) return;
  SetSocketOptions(socket);
  auto link = std::make_shared<Link>(shared, std::move(socket), true, FormatEndpoint(peer));
  Run(shared, link, Serve(link));
}

asio::awaitable<void> Accept(std::shared_ptr<Shared> shared, std::shared_ptr<Listener> listener) {
  while (!shared->stopped) {
    error_code error;
    tcp::socket socket(shared->io);
    co_await listener->acceptor.async_accept(socket,
                                             asio::redirect_error(asio::use_awaitable, error));
    if (shared->stopped) co_return;
    if (!error) {
      Welcome(shared, std::move(socket));
      continue;
    }
    listener->pause.expires_after(kAcceptPause);
    co_await listener->pause.async_wait(asio::redirect_error(asio::use_awaitable, error));
  }
}

// The endpoints of an address; only names ask the network.
asio::awaitable<std::vector<tcp::endpoint>> Resolve(asio::io_context& io, HostPort address,
                                                    error_code& error) {
  std::vector<tcp::endpoint> endpoints;
  const asio::ip::address numeric = asio::ip::make_address(address.host, error);
  if (!error) {
    endpoints.emplace_back(numeric, address.port);
    co_return endpoints;
  }
  tcp::resolver resolver(io);
  const std::string port = std::to_string(address.port);
  const auto results =
      co_await resolver.async_resolve(address.host, port, tcp::resolver::numeric_service,
                                      asio::redirect_error(asio::use_awaitable, error));
  for (const auto& entry : results) endpoints.push_back(entry.endpoint());
  co_return endpoints;
}

asio::awaitable<void> Connect(std::shared_ptr<Shared> shared, std::shared_ptr<Link> link,
                              HostPort address) {
  // So that no failure is reported from inside Transport::Dial.
  co_await asio::post(shared->io, asio::use_awaitable);
  if (link->ended()) co_return;
  link->SetDeadline(shared->options.handshake_ms,
                    Error{Code::kUnreachable, "no answer in time", {}});
  error_code error;
  const std::vector<tcp::endpoint> endpoints = co_await Resolve(shared->io, address, error);
  if (link->ended()) co_return;
  for (const tcp::endpoint& endpoint : endpoints) {
    link->socket().close(error);
    link->socket().open(endpoint.protocol(), error);
    if (error) continue;
    co_await link->socket().async_connect(endpoint,
                                          asio::redirect_error(asio::use_awaitable, error));
    if (link->ended()) co_return;
    if (!error) break;
  }
  if (error || endpoints.empty()) {
    const std::string reason = error ? error.message() : "the name has no address";
    link->End(Error{Code::kUnreachable, reason, {}});
    co_return;
  }
  SetSocketOptions(link->socket());
  co_await link->Run();
}

Result<tcp::endpoint> EndpointToBind(asio::io_context& io, const HostPort& address) {
  error_code error;
  const asio::ip::address numeric = asio::ip::make_address(address.host, error);
  if (!error) return tcp::endpoint(numeric, address.port);
  tcp::resolver resolver(io);
  const auto results =
      resolver.resolve(address.host, std::to_string(address.port),
                       tcp::resolver::passive | tcp::resolver::numeric_service, error);
  if (error || results.empty()) return Fail(Code::kIo, "look-up of the host: " + error.message());
  return results.begin()->endpoint();
}

error_code OpenAcceptor(tcp::acceptor& acceptor, const tcp::endpoint& endpoint) {
  error_code error;
  acceptor.open(endpoint.protocol(), error);
  if (error) return error;
  acceptor.set_option(asio::socket_base::reuse_address(true), error);
  if (endpoint.address() == asio::ip::address_v6::any()) {
    acceptor.set_option(asio::ip::v6_only(false), error);
  }
  acceptor.bind(endpoint, error);
  if (error) return error;
  acceptor.listen(asio::socket_base::max_listen_connections, error);
  return error;
}

class TlsTransport final : public Transport {
 public:
  explicit TlsTransport(std::shared_ptr<Shared> shared) : shared_(std::move(shared)) {}
  ~TlsTransport() override { shared_->Stop(); }

  Result<std::string> Listen(const std::string& address) override {
    ASSIGN(const HostPort parsed, ParseAddress(address));
    ASSIGN(const tcp::endpoint endpoint, EndpointToBind(shared_->io, parsed));
    auto listener = std::make_shared<Listener>(shared_->io);
    if (const error_code error = OpenAcceptor(listener->acceptor, endpoint)) {
      return Fail(Code::kIo, "listening on " + address + ": " + error.message());
    }
    const std::string bound = FormatEndpoint(listener->acceptor.local_endpoint());
    shared_->tasks.Spawn(Accept(shared_, listener), [weak = std::weak_ptr<Listener>(listener)] {
      const std::shared_ptr<Listener> alive = weak.lock();
      if (!alive) return;
      error_code ignored;
      alive->acceptor.close(ignored);
      alive->pause.cancel();
    });
    return bound;
  }

  void Dial(const std::string& address) override { Dial(address, nullptr); }
  void DialToJoin(const std::string& address, const crypto::PublicKey& pin) override {
    Dial(address, &pin);
  }

  void Send(ConnId connection, Bytes frame) override {
    if (Link* link = Find(connection)) link->Send(frame);
  }
  void AllowLargeFrames(ConnId connection) override {
    if (Link* link = Find(connection)) link->AllowLargeFrames();
  }
  void Close(ConnId connection) override {
    if (Link* link = Find(connection)) link->Close();
  }

 private:
  void Dial(const std::string& address, const crypto::PublicKey* pin) {
    auto link = std::make_shared<Link>(shared_, tcp::socket(shared_->io), false, address);
    if (pin != nullptr) link->AskToJoin(*pin);
    Result<HostPort> parsed = ParseAddress(address);
    if (parsed && parsed->port != 0) {
      Run(shared_, link, Connect(shared_, link, *std::move(parsed)));
      return;
    }
    const Error error =
        parsed ? Error{Code::kUsage, "port 0 cannot be dialled", {}} : parsed.error();
    asio::post(shared_->io, [link, error] { link->End(error); });
  }

  Link* Find(ConnId connection) const {
    const auto found = shared_->links.find(connection);
    return found == shared_->links.end() ? nullptr : found->second.get();
  }

  std::shared_ptr<Shared> shared_;
};

}  // namespace

Result<std::unique_ptr<Transport>> Transport::Make(asio::io_context& io,
                                                   crypto::TlsIdentity identity,
                                                   TransportEvents events,
                                                   TransportOptions options) {
  auto shared = std::make_shared<Shared>(io, std::move(events), options);
  ASSIGN(shared->own_key, ConfigureTls(shared->tls, std::move(identity), shared->policy));
  return std::unique_ptr<Transport>(std::make_unique<TlsTransport>(std::move(shared)));
}

}  // namespace geflecht::net
