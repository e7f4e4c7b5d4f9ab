// Addresses to which the node keeps a connection, and when to try them next: at once, then after 1
// s, 2 s ... up to 15 min, each with jitter, so that a network that comes back does not meet
// everybody at the same moment. Not thread-safe.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "base/rng.h"
#include "node/core/events.h"
#include "node/log/ids.h"

namespace geflecht::core {

enum class DialState { kWaiting, kDialing, kConnected };

struct PeerAddress {
  bool keep = false;  // connect again whenever the connection is lost
  DialState state = DialState::kWaiting;
  std::uint32_t failures = 0;           // in a row
  std::int64_t next_ms = 0;             // mono; when kWaiting
  std::optional<log::DeviceId> device;  // that answered there
  std::optional<Error> last_error;
};

class PeerBook {
 public:
  explicit PeerBook(Random& random) : random_(random) {}

  // From now on the address is to be connected, at once. `keep` stays true once it was.
  void Want(const std::string& address, bool keep, std::int64_t now_ms);
  // The addresses to dial now; they count as being dialled.
  std::vector<std::string> TakeDue(std::int64_t now_ms);
  std::optional<std::int64_t> NextDueMs() const;

  void OnConnected(const std::string& address);
  void OnEstablished(const std::string& address, const log::DeviceId& device);
  // The dial failed or the connection is gone.
  void OnLost(const std::string& address, std::int64_t now_ms, std::optional<Error> error);
  // Another connection to the same device serves; do not try before it is lost.
  void OnDuplicate(const std::string& address);
  // The device has no connection any more: addresses that rest because of it are due.
  void OnDeviceGone(const log::DeviceId& device, std::int64_t now_ms);

  const std::map<std::string, PeerAddress>& all() const { return peers_; }

 private:
  Random& random_;
  std::map<std::string, PeerAddress> peers_;
};

}  // namespace geflecht::core
