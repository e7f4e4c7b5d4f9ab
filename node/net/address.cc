#include "node/net/address.h"

#include <algorithm>
#include <charconv>

namespace geflecht::net {
namespace {

constexpr std::size_t kHostBytesMax = 253;  // RFC 1035, section 2.3.4, as text

bool IsHostCharacter(char c, bool bracketed) {
  const bool alphanumeric =
      (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
  return alphanumeric || c == '.' || c == '-' || c == '_' || (bracketed && (c == ':' || c == '%'));
}

Result<std::uint16_t> ParsePort(std::string_view text) {
  std::uint16_t port = 0;
  const char* const end = text.data() + text.size();
  const auto [stop, error] = std::from_chars(text.data(), end, port);
  if (text.empty() || error != std::errc() || stop != end) {
    return Fail(Code::kUsage, "the port is not a number from 0 to 65535");
  }
  return port;
}

}  // namespace

Result<HostPort> ParseAddress(std::string_view text) {
  const std::size_t colon = text.rfind(':');
  if (colon == std::string_view::npos) return Fail(Code::kUsage, "an address is HOST:PORT");
  std::string_view host = text.substr(0, colon);
  const bool bracketed = host.size() >= 2 && host.front() == '[' && host.back() == ']';
  if (bracketed) host = host.substr(1, host.size() - 2);
  if (host.empty() || host.size() > kHostBytesMax) {
    return Fail(Code::kUsage, "the host of an address has 1 to 253 characters");
  }
  const bool valid =
      std::all_of(host.begin(), host.end(), [&](char c) { return IsHostCharacter(c, bracketed); });
  if (!valid || (bracketed && host.find(':') == std::string_view::npos)) {
    return Fail(Code::kUsage, "the host is no DNS name, IPv4 address or [IPv6 address]");
  }
  ASSIGN(const std::uint16_t port, ParsePort(text.substr(colon + 1)));
  return HostPort{std::string(host), port};
}

std::string FormatAddress(const HostPort& address) {
  const bool brackets = address.host.find(':') != std::string::npos;
  const std::string host = brackets ? "[" + address.host + "]" : address.host;
  return host + ":" + std::to_string(address.port);
}

}  // namespace geflecht::net
