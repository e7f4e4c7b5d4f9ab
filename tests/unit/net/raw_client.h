// A TLS client on OpenSSL alone, with which a test can do what no node does. Blocking, so it runs
// in a thread of its own while the test runs the loop.
#pragma once

#include <openssl/ssl.h>

#include <memory>
#include <string>

#include "base/bytes.h"
#include "node/crypto/sign.h"

namespace geflecht::net {

struct RawOptions {
  const crypto::SigningKey* key = nullptr;  // none: no certificate
  int version_max = TLS1_3_VERSION;
  std::string alpn = "geflecht/1";  // empty: none
  std::string groups = "X25519";
  SSL_SESSION* session = nullptr;  // to be resumed
  int chain_length = 1;            // certificates that are sent
};

struct RawOutcome {
  bool connected = false;  // TCP
  bool handshake = false;  // on the client's side
  bool reused = false;
  bool server_closed = false;  // after the handshake, without a byte of data
  Bytes data;                  // first bytes from the server
  std::shared_ptr<SSL_SESSION> session;
};

// Connects to 127.0.0.1:`port`, sends `send` after the handshake, then reads until there is data or
// the end, at most 5 s.
RawOutcome RawTls(std::uint16_t port, const RawOptions& options, ByteView send);

// Sends `bytes` without TLS and reads until the end: true if the server closed within 5 s.
bool RawTcp(std::uint16_t port, ByteView bytes);

// A TCP connection to 127.0.0.1:`port`; the caller closes it.
int ConnectTcp(std::uint16_t port);

std::uint16_t PortOf(const std::string& address);

}  // namespace geflecht::net
