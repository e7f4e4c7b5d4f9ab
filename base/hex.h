// Lower-case hexadecimal, the only spelling that Geflecht writes and accepts.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "base/bytes.h"

namespace geflecht {

inline void AppendHex(std::string& out, ByteView bytes) {
  static constexpr char kDigits[] = "0123456789abcdef";
  std::size_t at = out.size();
  out.resize(at + bytes.size() * 2);
  for (const std::uint8_t byte : bytes) {
    out[at++] = kDigits[byte >> 4];
    out[at++] = kDigits[byte & 15];
  }
}

inline std::string ToHex(ByteView bytes) {
  std::string out;
  AppendHex(out, bytes);
  return out;
}

// The value of each digit [0-9a-f]; 0xff for every other byte.
inline constexpr std::array<std::uint8_t, 256> kHexDigits = [] {
  std::array<std::uint8_t, 256> digits{};
  for (std::uint8_t& digit : digits) digit = 0xff;
  for (std::uint8_t i = 0; i < 10; ++i) digits[static_cast<std::size_t>('0' + i)] = i;
  for (std::uint8_t i = 10; i < 16; ++i) digits[static_cast<std::size_t>('a' + i - 10)] = i;
  return digits;
}();

// Writes the bytes of `text`, which has 2 out.size() digits. False if it holds anything but
// [0-9a-f]; `out` then holds something.
inline bool FromHexInto(std::string_view text, std::span<std::uint8_t> out) {
  unsigned wrong = 0;
  for (std::size_t i = 0; i < out.size(); ++i) {
    const unsigned high = kHexDigits[static_cast<std::uint8_t>(text[2 * i])];
    const unsigned low = kHexDigits[static_cast<std::uint8_t>(text[2 * i + 1])];
    wrong |= high | low;
    out[i] = static_cast<std::uint8_t>(high << 4 | low);
  }
  return wrong <= 15;
}

// The bytes of `text`, or nothing if its length is odd or it holds anything but [0-9a-f].
inline std::optional<Bytes> FromHex(std::string_view text) {
  if (text.size() % 2 != 0) return std::nullopt;
  Bytes out(text.size() / 2);
  if (!FromHexInto(text, out)) return std::nullopt;
  return out;
}

}  // namespace geflecht
