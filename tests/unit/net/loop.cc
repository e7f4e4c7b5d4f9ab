#include "tests/unit/net/loop.h"

#include <algorithm>
#include <chrono>
#include <utility>

#include "base/check.h"
#include "base/rng.h"

namespace geflecht::net {

bool RunUntil(boost::asio::io_context& io, const std::function<bool()>& done) {
  const auto deadline = std::chrono::steady_clock::now() + std::chrono::seconds(10);
  while (!done()) {
    if (std::chrono::steady_clock::now() > deadline) return false;
    io.restart();
    io.run_one_for(std::chrono::milliseconds(50));
  }
  return true;
}

void RunFor(boost::asio::io_context& io, std::int64_t ms) {
  io.restart();
  io.run_for(std::chrono::milliseconds(ms));
}

crypto::SigningKey TestKey(std::uint64_t seed) {
  SeededRandom random(seed);
  return crypto::SigningKey::Generate(random);
}

Node::Node(boost::asio::io_context& io, std::uint64_t seed, std::vector<crypto::PublicKey> known,
           TransportOptions options)
    : key(TestKey(seed)), peers(std::move(known)) {
  TransportEvents events;
  events.is_peer = [this](const crypto::PublicKey& tls_key) {
    ++judged;
    return std::find(peers.begin(), peers.end(), tls_key) != peers.end();
  };
  events.connected = [this](ConnId id, const crypto::PublicKey& tls_key, bool incoming,
                            std::string address) {
    connected[id] = {tls_key, incoming, std::move(address)};
    if (on_connected) on_connected(id);
  };
  events.takes_newcomers = [this] { return takes_newcomers; };
  events.join_connected = [this](ConnId id, const crypto::PublicKey& tls_key, bool incoming,
                                 std::string address, const crypto::ChannelBinding& binding) {
    joining[id] = {{tls_key, incoming, std::move(address)}, binding};
  };
  events.received = [this](ConnId id, Bytes frame) {
    if (on_received) on_received(id, frame);
    received.emplace_back(id, std::move(frame));
  };
  events.drained = [this](ConnId id) { drained.push_back(id); };
  events.closed = [this](ConnId id, std::string reason) {
    CHECK(connected.count(id) + joining.count(id) == 1 && closed.count(id) == 0);
    closed[id] = std::move(reason);
  };
  events.dial_failed = [this](std::string, Error error) {
    dial_failed.push_back(std::move(error));
  };
  events.refused = [this](std::string, std::string reason) {
    refused.push_back(std::move(reason));
  };
  transport = *Transport::Make(io, *crypto::MakeTlsIdentity(key), std::move(events), options);
}

Pair::Pair(TransportOptions options)
    : a(io, 1, {TestKey(2).public_key()}, options), b(io, 2, {TestKey(1).public_key()}, options) {
  address = *b.transport->Listen("127.0.0.1:0");
  a.transport->Dial(address);
  CHECK(RunUntil(io, [&] { return !a.connected.empty() && !b.connected.empty(); }));
  at_a = a.connected.begin()->first;
  at_b = b.connected.begin()->first;
}

Pair::~Pair() {
  a.transport.reset();
  b.transport.reset();
  RunFor(io, 1000);
}

}  // namespace geflecht::net
