#include "crdt/container_id.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <cstring>

namespace geflecht::crdt {
namespace {

// Both digits of each byte.
constexpr auto kHexPairs = [] {
  std::array<std::array<char, 2>, 256> pairs{};
  for (std::size_t byte = 0; byte < pairs.size(); ++byte)
    pairs[byte] = {"0123456789abcdef"[byte >> 4], "0123456789abcdef"[byte & 15]};
  return pairs;
}();
constexpr std::size_t kHexSize = 2 * ChangeId::kSize;

std::optional<std::uint64_t> ParseNumber(std::string_view text) {
  if (text.empty() || (text.size() > 1 && text[0] == '0')) return std::nullopt;
  std::uint64_t value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return value;
}

}  // namespace

std::optional<ContainerName> ParseContainerId(std::string_view id) {
  using Kind = ContainerName::Kind;
  ContainerName name;
  if (id.empty()) return name;
  if (id[0] == '/' && id.size() > 1) {
    name.kind = Kind::kDeclared;
    name.key = id.substr(1);
    return name;
  }
  if (id[0] != '#') return std::nullopt;
  const std::size_t colon = id.find(':');
  if (colon == std::string_view::npos) return std::nullopt;
  const std::optional<std::uint64_t> event = ParseNumber(id.substr(colon + 1));
  if (!event) return std::nullopt;
  name.event = *event;
  name.kind = Kind::kOwn;
  if (colon == 1) return name;
  if (colon != 1 + kHexSize) return std::nullopt;
  const std::optional<ChangeId> change = ChangeId::FromHexText(id.substr(1, kHexSize));
  if (!change) return std::nullopt;
  name.kind = Kind::kCreated;
  name.change = *change;
  return name;
}

ContainerId ToContainerId(const ContainerName& name) {
  switch (name.kind) {
    case ContainerName::Kind::kRoot:
      return {};
    case ContainerName::Kind::kDeclared:
      return DeclaredId(name.key);
    case ContainerName::Kind::kCreated:
      return CreatedId(name.change, name.event);
    case ContainerName::Kind::kOwn:
      return OwnId(name.event);
  }
  return {};
}

ContainerId DeclaredId(std::string_view key) { return "/" + std::string(key); }

ContainerId CreatedId(const ChangeId& change, std::uint64_t event) {
  char digits[20];
  const char* const end = std::to_chars(digits, digits + sizeof(digits), event).ptr;
  ContainerId id(2 + kHexSize + static_cast<std::size_t>(end - digits), '#');
  char* at = id.data() + 1;
  for (const std::uint8_t byte : change.bytes) {
    std::memcpy(at, kHexPairs[byte].data(), 2);
    at += 2;
  }
  *at++ = ':';
  std::copy(static_cast<const char*>(digits), end, at);
  return id;
}

bool IsCreatedId(std::string_view id, const ChangeId& change, std::uint64_t event) {
  if (id.size() < 2 + kHexSize || id[0] != '#' || id[1 + kHexSize] != ':') return false;
  const char* at = id.data() + 1;
  for (const std::uint8_t byte : change.bytes) {
    if (std::memcmp(at, kHexPairs[byte].data(), 2) != 0) return false;
    at += 2;
  }
  return ParseNumber(id.substr(2 + kHexSize)) == event;
}

bool IsOwnId(std::string_view id, std::uint64_t event) {
  return id.starts_with("#:") && ParseNumber(id.substr(2)) == event;
}

ContainerId OwnId(std::uint64_t event) { return "#:" + std::to_string(event); }

ContainerId Globally(const ContainerId& id, const ChangeId& change) {
  return id.starts_with("#:") ? "#" + change.Hex() + id.substr(1) : id;
}

}  // namespace geflecht::crdt
