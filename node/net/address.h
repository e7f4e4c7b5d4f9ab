// Network addresses as people write them.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "base/result.h"

namespace geflecht::net {

struct HostPort {
  std::string host;  // without brackets
  std::uint16_t port = 0;
  bool operator==(const HostPort&) const = default;
};

// "HOST:PORT": a DNS name, an IPv4 address or an IPv6 address in brackets, and a decimal port. Does
// not ask the network. kUsage.
Result<HostPort> ParseAddress(std::string_view text);

// The inverse; an IPv6 host gets its brackets.
std::string FormatAddress(const HostPort& address);

}  // namespace geflecht::net
