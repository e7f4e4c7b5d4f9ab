// Lower-case hexadecimal, the only spelling that Geflecht writes and accepts.
#pragma once

#include <optional>
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

// The bytes of `text`, or nothing if its length is odd or it holds anything but [0-9a-f].
inline std::optional<Bytes> FromHex(std::string_view text) {
  if (text.size() % 2 != 0) return std::nullopt;
  Bytes out;
  out.reserve(text.size() / 2);
  std::uint8_t high = 0;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    std::uint8_t digit = 0;
    if (c >= '0' && c <= '9') {
      digit = static_cast<std::uint8_t>(c - '0');
    } else if (c >= 'a' && c <= 'f') {
      digit = static_cast<std::uint8_t>(c - 'a' + 10);
    } else {
      return std::nullopt;
    }
    if (i % 2 == 0) {
      high = digit;
    } else {
      out.push_back(static_cast<std::uint8_t>(high << 4 | digit));
    }
  }
  return out;
}

}  // namespace geflecht
