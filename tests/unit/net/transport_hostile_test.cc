// What a peer or a stranger can do to a listener.
#include <gtest/gtest.h>
#include <netinet/in.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>

#include <boost/asio/ip/tcp.hpp>
#include <future>

#include "node/net/transport.h"
#include "tests/unit/net/loop.h"
#include "tests/unit/net/raw_client.h"

namespace geflecht::net {
namespace {

class Hostile : public testing::Test {
 protected:
  explicit Hostile(TransportOptions options = {})
      : server_(io_, 2, {client_key_.public_key()}, options) {
    port_ = PortOf(*server_.transport->Listen("127.0.0.1:0"));
    server_.on_connected = [this](ConnId id) { server_.transport->Send(id, Bytes{42}); };
  }

  RawOutcome Tls(const RawOptions& options, const Bytes& send = {}) {
    auto outcome = std::async(std::launch::async, [&] { return RawTls(port_, options, send); });
    const auto done = [&] {
      return outcome.wait_for(std::chrono::seconds(0)) == std::future_status::ready;
    };
    EXPECT_TRUE(RunUntil(io_, done));
    return outcome.get();
  }
  bool Tcp(const Bytes& send) {
    auto outcome = std::async(std::launch::async, [&] { return RawTcp(port_, send); });
    const auto done = [&] {
      return outcome.wait_for(std::chrono::seconds(0)) == std::future_status::ready;
    };
    EXPECT_TRUE(RunUntil(io_, done));
    return outcome.get();
  }
  // A peer can still connect and gets its frame.
  void ExpectServed() {
    RawOptions options;
    options.key = &client_key_;
    EXPECT_EQ(Tls(options).data, (Bytes{0, 0, 0, 1, 42}));
  }
  // The server refuses these options; a client may believe in its handshake but gets nothing.
  void ExpectRefused(const RawOptions& options) {
    const std::size_t before = server_.refused.size();
    const RawOutcome outcome = Tls(options, Bytes{0, 0, 0, 1, 7});
    EXPECT_TRUE(outcome.connected);
    EXPECT_TRUE(!outcome.handshake || outcome.server_closed);
    EXPECT_TRUE(outcome.data.empty());
    EXPECT_TRUE(RunUntil(io_, [&] { return server_.refused.size() == before + 1; }));
    EXPECT_TRUE(server_.connected.empty());
    EXPECT_TRUE(server_.received.empty());
  }

  const crypto::SigningKey client_key_ = TestKey(1);
  boost::asio::io_context io_;
  Node server_;
  std::uint16_t port_ = 0;
};

class Impatient : public Hostile {
 protected:
  Impatient() : Hostile(TransportOptions{300}) {}
};

TEST_F(Hostile, PeerOnPlainOpenSslIsServed) { ExpectServed(); }

TEST_F(Hostile, ClientWithoutCertificateIsRefused) { ExpectRefused({}); }

TEST_F(Hostile, ClientWithAChainIsRefused) {
  RawOptions options;
  options.key = &client_key_;
  options.chain_length = 2;
  ExpectRefused(options);
}

TEST_F(Hostile, OlderTlsIsRefused) {
  RawOptions options;
  options.key = &client_key_;
  options.version_max = TLS1_2_VERSION;
  ExpectRefused(options);
}

TEST_F(Hostile, OtherGroupIsRefused) {
  RawOptions options;
  options.key = &client_key_;
  options.groups = "P-256";
  ExpectRefused(options);
}

TEST_F(Hostile, OtherOrMissingAlpnIsRefused) {
  RawOptions options;
  options.key = &client_key_;
  for (const std::string alpn : {"", "h2", "geflecht/2", "geflecht/"}) {
    options.alpn = alpn;
    ExpectRefused(options);
  }
}

TEST_F(Hostile, PlainTextIsRefused) {
  EXPECT_TRUE(Tcp(ToBytes("GET / HTTP/1.1\r\nHost: node.example\r\n\r\n")));
  EXPECT_EQ(server_.refused.size(), 1u);
  ExpectServed();
}

TEST_F(Hostile, SessionCannotBeResumed) {
  RawOptions options;
  options.key = &client_key_;
  const RawOutcome first = Tls(options);
  ASSERT_TRUE(first.handshake);
  ASSERT_NE(first.session, nullptr);
  EXPECT_EQ(SSL_SESSION_is_resumable(first.session.get()), 0);
  options.session = first.session.get();
  const RawOutcome second = Tls(options);
  EXPECT_TRUE(second.handshake);
  EXPECT_FALSE(second.reused);
  EXPECT_EQ(server_.judged, 2u);

  server_.peers.clear();
  const RawOutcome revoked = Tls(options, Bytes{0, 0, 0, 1, 7});
  EXPECT_TRUE(revoked.data.empty());
  EXPECT_EQ(server_.connected.size(), 2u);
  EXPECT_EQ(server_.judged, 3u);
}

TEST_F(Hostile, LengthOverTheLimitClosesBeforeAnyOfTheFrame) {
  RawOptions options;
  options.key = &client_key_;
  for (const bool large : {false, true}) {
    const std::size_t limit = large ? limits::kFrameBytesMax : limits::kFrameBytesMaxBeforeHello;
    server_.on_connected = [&](ConnId id) {
      if (large) server_.transport->AllowLargeFrames(id);
    };
    server_.closed.clear();
    Bytes length;
    AppendBe32(length, static_cast<std::uint32_t>(limit + 1));
    EXPECT_TRUE(Tls(options, length).server_closed);
    ASSERT_TRUE(RunUntil(io_, [&] { return server_.closed.size() == 1; }));
    EXPECT_NE(server_.closed.begin()->second.find("at most " + std::to_string(limit)),
              std::string::npos);
  }
  EXPECT_TRUE(server_.received.empty());
}

TEST_F(Hostile, FrameOfNothingCloses) {
  RawOptions options;
  options.key = &client_key_;
  server_.on_connected = nullptr;
  EXPECT_TRUE(Tls(options, Bytes{0, 0, 0, 1, 7, 0, 0, 0, 0, 0, 0, 0, 1, 8}).server_closed);
  ASSERT_TRUE(RunUntil(io_, [&] { return server_.closed.size() == 1; }));
  EXPECT_EQ(server_.closed.begin()->second, "a frame of 0 bytes");
  ASSERT_EQ(server_.received.size(), 1u);
  EXPECT_EQ(server_.received[0].second, Bytes{7});
}

TEST_F(Hostile, StreamThatEndsWithoutCloseNotifyIsCalledCutOff) {
  RawOptions options;
  options.key = &client_key_;
  // The client leaves after the frame that it gets, without SSL_shutdown.
  Tls(options, Bytes{0, 0, 0, 9, 1, 2, 3});
  ASSERT_TRUE(RunUntil(io_, [&] { return server_.closed.size() == 1; }));
  EXPECT_EQ(server_.closed.begin()->second, "cut off without close_notify");
  EXPECT_TRUE(server_.received.empty());
}

TEST_F(Impatient, SilentConnectionIsClosedAfterTheHandshakeLimit) {
  EXPECT_TRUE(Tcp({}));
  EXPECT_TRUE(Tcp(Bytes{22, 3, 1, 2, 0, 1}));
  ASSERT_EQ(server_.refused.size(), 2u);
  EXPECT_EQ(server_.refused[0], "TLS handshake: no answer in time");
  ExpectServed();
}

TEST_F(Impatient, DialToASilentListenerFails) {
  boost::asio::ip::tcp::acceptor silent(
      io_, boost::asio::ip::tcp::endpoint(boost::asio::ip::make_address("127.0.0.1"), 0));
  server_.transport->Dial("127.0.0.1:" + std::to_string(silent.local_endpoint().port()));
  ASSERT_TRUE(RunUntil(io_, [&] { return server_.dial_failed.size() == 1; }));
  EXPECT_EQ(server_.dial_failed[0].code, Code::kUnreachable);
  RunFor(io_, 400);
  EXPECT_EQ(server_.dial_failed.size(), 1u);
}

TEST_F(Impatient, TooManyConnectionsOfOneAddressAreClosedAtOnceAndTheRestIsServed) {
  std::vector<int> sockets;
  for (std::size_t i = 0; i < limits::kUnauthenticatedPerAddressMax; ++i) {
    sockets.push_back(ConnectTcp(port_));
  }
  RunFor(io_, 20);
  EXPECT_TRUE(Tcp({}));  // the fifth
  EXPECT_TRUE(server_.refused.empty());
  ASSERT_TRUE(RunUntil(
      io_, [&] { return server_.refused.size() == limits::kUnauthenticatedPerAddressMax; }));
  ExpectServed();
  for (const int fd : sockets) ::close(fd);
}

// A connection from 127.0.0.HOST, which the whole of 127.0.0.0/8 may make on Linux.
int ConnectFrom(std::uint8_t host, std::uint16_t port) {
  const int fd = ::socket(AF_INET, SOCK_STREAM, 0);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(0x7F000000u + host);
  EXPECT_EQ(::bind(fd, reinterpret_cast<sockaddr*>(&address), sizeof address), 0);
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  address.sin_port = htons(port);
  EXPECT_EQ(::connect(fd, reinterpret_cast<sockaddr*>(&address), sizeof address), 0);
  return fd;
}

TEST_F(Impatient, TooManyConnectionsInAllAreClosedAtOnceAndTheRestIsServed) {
  std::vector<int> sockets;
  for (std::uint8_t host = 2; sockets.size() < limits::kUnauthenticatedMax; ++host)
    for (std::size_t i = 0; i < limits::kUnauthenticatedPerAddressMax; ++i)
      sockets.push_back(ConnectFrom(host, port_));
  RunFor(io_, 20);
  const int one_more = ConnectFrom(100, port_);
  RunFor(io_, 20);
  std::uint8_t byte = 0;
  EXPECT_EQ(::recv(one_more, &byte, 1, MSG_DONTWAIT), 0) << "closed, and nothing was said";
  EXPECT_LT(::recv(sockets.back(), &byte, 1, MSG_DONTWAIT), 0) << "waits for its handshake";
  ASSERT_TRUE(RunUntil(io_, [&] { return server_.refused.size() == limits::kUnauthenticatedMax; }));
  ExpectServed();
  sockets.push_back(one_more);
  for (const int fd : sockets) ::close(fd);
}

TEST_F(Impatient, AHandshakeThatTricklesIsEndedInTime) {
  const int slow = ConnectTcp(port_);
  const Bytes hello = {22, 3, 1, 2, 0, 1, 0, 1, 252, 3, 3};
  std::size_t sent = 0;
  const bool ended = RunUntil(io_, [&] {
    if (sent < hello.size()) ::send(slow, &hello[sent++], 1, MSG_NOSIGNAL);
    return !server_.refused.empty();
  });
  EXPECT_TRUE(ended);
  EXPECT_EQ(server_.refused[0], "TLS handshake: no answer in time");
  ::close(slow);
  ExpectServed();
}

TEST_F(Hostile, ListenerSurvivesTheEndOfDescriptors) {
  const int waiting = ::socket(AF_INET, SOCK_STREAM, 0);
  const int next = ::dup(waiting);
  ::close(next);
  rlimit before{};
  ASSERT_EQ(::getrlimit(RLIMIT_NOFILE, &before), 0);
  const int client = ConnectTcp(port_);
  rlimit none = before;
  none.rlim_cur = static_cast<rlim_t>(next);
  ASSERT_EQ(::setrlimit(RLIMIT_NOFILE, &none), 0);
  RunFor(io_, 50);
  ASSERT_EQ(::setrlimit(RLIMIT_NOFILE, &before), 0);
  ::close(client);
  ::close(waiting);
  ExpectServed();
}

}  // namespace
}  // namespace geflecht::net
