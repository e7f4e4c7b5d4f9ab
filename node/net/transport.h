// Connections between nodes: TLS 1.3, mutual, pinned by device key (docs/formats/wire.md), and
// frames on top of them. Everything runs on the io_context's one thread; callbacks come from there,
// never from inside a call of Transport.
#pragma once

#include <boost/asio/io_context.hpp>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>

#include "base/bytes.h"
#include "base/limits.h"
#include "base/result.h"
#include "node/crypto/certificate.h"
#include "node/crypto/channel_binding.h"

namespace geflecht::net {

using ConnId = std::uint64_t;  // never used twice

// Bytes handed to Send and not yet written, for one connection; above, it is closed.
inline constexpr std::size_t kSendQueueBytesMax = 16 * 1024 * 1024;
inline constexpr std::int64_t kCloseMs = 2'000;

// Callbacks may call the Transport, and may destroy it except from `is_peer`. Empty ones are
// skipped; an empty `is_peer` refuses everybody.
struct TransportEvents {
  // Whether a peer that presents this TLS key may connect now. Called in every handshake; the own
  // key is refused without asking.
  std::function<bool(const crypto::PublicKey& tls_key)> is_peer;
  // The handshake is over on this side. The one who dialled may still be refused by the other side:
  // only a first frame shows that it accepts.
  std::function<void(ConnId, const crypto::PublicKey& tls_key, bool incoming, std::string address)>
      connected;
  // Whether an unknown device may ask to join now. Such a connection has an ALPN name of its own:
  // it is never `connected`. An empty one refuses everybody.
  std::function<bool()> takes_newcomers;
  // In place of `connected` for a connection on which somebody asks to join: an incoming one of any
  // key, or an outgoing one of DialToJoin.
  std::function<void(ConnId, const crypto::PublicKey& tls_key, bool incoming, std::string address,
                     const crypto::ChannelBinding&)>
      join_connected;
  // One whole frame: type byte and payload, 1..kFrameBytesMax bytes. Not after Close.
  std::function<void(ConnId, Bytes frame)> received;
  // All bytes handed to Send so far have been written to the socket.
  std::function<void(ConnId)> drained;
  // Once for each `connected` or `join_connected`, also after Close. `reason` is for the operator's
  // log and holds no content.
  std::function<void(ConnId, std::string reason)> closed;
  std::function<void(std::string address, Error)> dial_failed;
  // An incoming connection failed before `connected`: wrong key, no TLS, silence. Not called for
  // those over the limits of handshakes in progress.
  std::function<void(std::string address, std::string reason)> refused;
};

struct TransportOptions {
  // For a TLS handshake, and for finding and reaching an address.
  std::int64_t handshake_ms = limits::kHandshakeMs;
};

class Transport {
 public:
  // `identity` is this device's certificate and key; its texts are wiped after use. `io` must
  // outlive the Transport. kMalformed, kInternal.
  static Result<std::unique_ptr<Transport>> Make(boost::asio::io_context& io,
                                                 crypto::TlsIdentity identity,
                                                 TransportEvents events,
                                                 TransportOptions options = {});
  // Closes everything without further callbacks. What was pending ends when `io` runs, or with it.
  virtual ~Transport() = default;

  // Listens on "HOST:PORT" ("[::1]:0" takes any port, "[::]:PORT" takes IPv4 as well). The address
  // with its real port; kUsage, kIo. Waits for the DNS if HOST is a name. At most
  // limits::kUnauthenticatedMax handshakes are in progress, kUnauthenticatedPerAddressMax from one
  // address; connections above that are closed at once.
  virtual Result<std::string> Listen(const std::string& address) = 0;
  // Connects to "HOST:PORT"; ends in `connected` or `dial_failed` within handshake_ms twice. Names
  // are looked up one after the other in a thread of Asio's.
  virtual void Dial(const std::string& address) = 0;
  // The same to ask for being admitted; only a listener with the key `pin` is spoken to. Ends in
  // `join_connected` or `dial_failed`.
  virtual void DialToJoin(const std::string& address, const crypto::PublicKey& pin) = 0;
  // Queues one frame (type byte and payload), 1..kFrameBytesMax bytes. Unknown connections are
  // ignored: they were just closed. More than kSendQueueBytesMax closes the connection.
  virtual void Send(ConnId connection, Bytes frame) = 0;
  // Frames up to kFrameBytesMax from now on; before, only up to kFrameBytesMaxBeforeHello.
  virtual void AllowLargeFrames(ConnId connection) = 0;
  // Sends what is queued, then close_notify, then closes; at most kCloseMs.
  virtual void Close(ConnId connection) = 0;
};

}  // namespace geflecht::net
