// Fixed-size byte strings that cannot be mistaken for one another.
#pragma once

#include <algorithm>
#include <array>
#include <compare>
#include <cstddef>
#include <cstring>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "base/bytes.h"
#include "base/hex.h"

namespace geflecht {

template <class Tag, std::size_t N>
struct StrongId {
  static constexpr std::size_t kSize = N;
  std::array<std::uint8_t, N> bytes{};

  bool operator==(const StrongId&) const = default;
  // Written out: std::array lacks it in the libc++ that builds crdt/ for WASM.
  std::strong_ordering operator<=>(const StrongId& other) const {
    return std::memcmp(bytes.data(), other.bytes.data(), N) <=> 0;
  }

  ByteView view() const { return {bytes.data(), N}; }
  std::string Hex() const { return ToHex(view()); }
  bool IsZero() const {
    return std::all_of(bytes.begin(), bytes.end(), [](std::uint8_t byte) { return byte == 0; });
  }

  // Nothing unless `from` holds exactly N bytes.
  static std::optional<StrongId> From(ByteView from) {
    if (from.size() != N) return std::nullopt;
    StrongId id;
    std::copy(from.begin(), from.end(), id.bytes.begin());
    return id;
  }
  // Nothing unless `text` is 2 N lower-case hexadecimal digits.
  static std::optional<StrongId> FromHexText(std::string_view text) {
    if (text.size() != 2 * N) return std::nullopt;
    std::optional<StrongId> id(std::in_place);
    if (!FromHexInto(text, id->bytes)) id.reset();
    return id;
  }
};

}  // namespace geflecht
