// How many strangers may be at the door at once, so that connections which never finish their
// handshake can use up neither sockets nor memory.
#pragma once

#include <boost/asio/ip/address.hpp>
#include <cstddef>
#include <map>

namespace geflecht::net {

// Counts handshakes in progress. Addresses are counted as an attacker gets them: IPv4 singly, IPv6
// by their /64, IPv4-mapped ones as IPv4.
class HandshakeLimits {
 public:
  HandshakeLimits(std::size_t total_max, std::size_t per_address_max);

  // True: counted, and Leave has to follow. False: over a limit, nothing is counted.
  bool Enter(const boost::asio::ip::address& address);
  void Leave(const boost::asio::ip::address& address);
  std::size_t total() const { return total_; }

 private:
  std::size_t total_max_;
  std::size_t per_address_max_;
  std::size_t total_ = 0;
  std::map<boost::asio::ip::address, std::size_t> count_;
};

}  // namespace geflecht::net
