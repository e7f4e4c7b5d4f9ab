#include "crdt/order_key.h"

#include <cstddef>
#include <cstdint>

#include "base/limits.h"

namespace geflecht::crdt {
namespace {

// Behind `left` and in front of `right` (none if empty), as is every text that begins with it.
std::string Between(std::string_view left, std::string_view right) {
  std::string out;
  bool bounded = !right.empty();
  for (std::size_t i = 0;; ++i) {
    const unsigned low = i < left.size() ? static_cast<std::uint8_t>(left[i]) : 0;
    const unsigned high = !bounded           ? 256
                          : i < right.size() ? static_cast<std::uint8_t>(right[i])
                                             : 0;
    if (high > low + 1) {
      const unsigned step = bounded ? (high - low) / 2 : 1;  // most siblings are appended
      out.push_back(static_cast<char>(low + step));
      return out;
    }
    out.push_back(static_cast<char>(low));
    bounded = bounded && high == low;
  }
}

}  // namespace

bool IsOrderKey(std::string_view key) {
  return !key.empty() && key.size() <= limits::kOrderBytesMax && key.back() != '\0';
}

std::optional<std::string> OrderBetween(std::string_view left, std::string_view right,
                                        const AgentId& agent) {
  if (!right.empty() && left >= right) return std::nullopt;
  const std::string own(agent.bytes.begin(), agent.bytes.begin() + 3);
  std::string out;
  if (const std::size_t at = left.rfind(own); at != std::string_view::npos) {
    const std::string_view stem = left.substr(0, at + own.size());
    if (!right.starts_with(stem)) out = std::string(stem) + Between(left.substr(stem.size()), "");
  }
  if (out.empty()) out = Between(left, right) + own + '\x80';
  return out.size() > limits::kOrderBytesMax ? std::nullopt : std::optional(out);
}

}  // namespace geflecht::crdt
