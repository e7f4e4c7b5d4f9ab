#include "node/net/handshake_limits.h"

#include <algorithm>
#include <boost/asio/ip/address_v6.hpp>

#include "base/check.h"

namespace geflecht::net {
namespace {

namespace ip = boost::asio::ip;

ip::address Origin(const ip::address& address) {
  if (address.is_v4()) return address;
  const ip::address_v6 v6 = address.to_v6();
  if (v6.is_v4_mapped()) return ip::make_address_v4(ip::v4_mapped, v6);
  ip::address_v6::bytes_type bytes = v6.to_bytes();
  std::fill(bytes.begin() + 8, bytes.end(), std::uint8_t{0});
  return ip::address_v6(bytes);
}

}  // namespace

HandshakeLimits::HandshakeLimits(std::size_t total_max, std::size_t per_address_max)
    : total_max_(total_max), per_address_max_(per_address_max) {}

bool HandshakeLimits::Enter(const ip::address& address) {
  if (total_ >= total_max_) return false;
  const ip::address origin = Origin(address);
  const auto found = count_.find(origin);
  if (found != count_.end() && found->second >= per_address_max_) return false;
  ++count_[origin];
  ++total_;
  return true;
}

void HandshakeLimits::Leave(const ip::address& address) {
  const auto found = count_.find(Origin(address));
  CHECK(found != count_.end() && total_ > 0);
  if (--found->second == 0) count_.erase(found);
  --total_;
}

}  // namespace geflecht::net
