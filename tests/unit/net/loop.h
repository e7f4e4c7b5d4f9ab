// A transport with a record of its events, and a loop that runs until something is the case.
#pragma once

#include <boost/asio/io_context.hpp>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "node/crypto/certificate.h"
#include "node/net/transport.h"

namespace geflecht::net {

// Runs `io` until `done` or for a time that is long enough; whether it was done.
bool RunUntil(boost::asio::io_context& io, const std::function<bool()>& done);
// Runs `io` for `ms`, to see that something does not happen.
void RunFor(boost::asio::io_context& io, std::int64_t ms);

crypto::SigningKey TestKey(std::uint64_t seed);

struct Node {
  // Accepts the keys of `peers` only.
  Node(boost::asio::io_context& io, std::uint64_t seed, std::vector<crypto::PublicKey> peers,
       TransportOptions options = {});

  const crypto::SigningKey key;
  std::vector<crypto::PublicKey> peers;

  struct Peer {
    crypto::PublicKey tls_key;
    bool incoming = false;
    std::string address;
  };
  std::map<ConnId, Peer> connected;
  std::vector<std::pair<ConnId, Bytes>> received;
  std::vector<ConnId> drained;
  std::map<ConnId, std::string> closed;
  std::vector<Error> dial_failed;
  std::vector<std::string> refused;
  std::size_t judged = 0;  // calls of is_peer
  bool takes_newcomers = false;
  std::map<ConnId, std::pair<Peer, crypto::ChannelBinding>> joining;
  std::function<void(ConnId)> on_connected;
  std::function<void(ConnId, const Bytes&)> on_received;

  std::unique_ptr<Transport> transport;
};

// Two nodes that know each other and are connected.
struct Pair {
  explicit Pair(TransportOptions options = {});
  ~Pair();

  boost::asio::io_context io;
  Node a;  // has dialled
  Node b;
  std::string address;  // of b
  ConnId at_a = 0;
  ConnId at_b = 0;
};

}  // namespace geflecht::net
