#include "node/core/peer_book.h"

#include <algorithm>
#include <limits>
#include <utility>

#include "base/limits.h"

namespace geflecht::core {

void PeerBook::Want(const std::string& address, bool keep, std::int64_t now_ms) {
  PeerAddress& peer = peers_[address];
  peer.keep = peer.keep || keep;
  if (peer.state == DialState::kWaiting) {
    peer.next_ms = now_ms;
    peer.last_error.reset();
  }
}

std::vector<std::string> PeerBook::TakeDue(std::int64_t now_ms) {
  std::vector<std::string> due;
  for (auto& [address, peer] : peers_) {
    if (peer.state != DialState::kWaiting || peer.next_ms > now_ms) continue;
    peer.state = DialState::kDialing;
    due.push_back(address);
  }
  return due;
}

std::optional<std::int64_t> PeerBook::NextDueMs() const {
  std::optional<std::int64_t> next;
  for (const auto& [address, peer] : peers_) {
    if (peer.state != DialState::kWaiting) continue;
    if (peer.next_ms == std::numeric_limits<std::int64_t>::max()) continue;
    if (!next || peer.next_ms < *next) next = peer.next_ms;
  }
  return next;
}

void PeerBook::OnConnected(const std::string& address) {
  const auto it = peers_.find(address);
  if (it != peers_.end()) it->second.state = DialState::kConnected;
}

void PeerBook::OnEstablished(const std::string& address, const log::DeviceId& device) {
  const auto it = peers_.find(address);
  if (it == peers_.end()) return;
  it->second.device = device;
  it->second.failures = 0;
  it->second.last_error.reset();
}

void PeerBook::OnLost(const std::string& address, std::int64_t now_ms, std::optional<Error> error) {
  const auto it = peers_.find(address);
  if (it == peers_.end()) return;
  PeerAddress& peer = it->second;
  peer.state = DialState::kWaiting;
  if (error) peer.last_error = std::move(error);
  if (!peer.keep) {
    peer.next_ms = std::numeric_limits<std::int64_t>::max();
    return;
  }
  const std::uint32_t doublings = std::min<std::uint32_t>(peer.failures, 20);
  const std::int64_t delay = std::min(limits::kBackoffMsMin << doublings, limits::kBackoffMsMax);
  ++peer.failures;
  // Three quarters to five quarters of the delay.
  peer.next_ms =
      now_ms + delay * 3 / 4 +
      static_cast<std::int64_t>(random_.Below(static_cast<std::uint64_t>(delay / 2 + 1)));
}

void PeerBook::OnDuplicate(const std::string& address) {
  const auto it = peers_.find(address);
  if (it == peers_.end()) return;
  it->second.state = DialState::kWaiting;
  it->second.next_ms = std::numeric_limits<std::int64_t>::max();
}

void PeerBook::OnDeviceGone(const log::DeviceId& device, std::int64_t now_ms) {
  for (auto& [address, peer] : peers_)
    if (peer.keep && peer.device == device && peer.state == DialState::kWaiting &&
        peer.next_ms == std::numeric_limits<std::int64_t>::max())
      peer.next_ms = now_ms + limits::kBackoffMsMin;
}

}  // namespace geflecht::core
