// UTF-8 that is known to be valid, as code points and back.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace geflecht::sim {

inline std::string ToUtf8(const std::vector<std::uint32_t>& points) {
  std::string text;
  for (const std::uint32_t point : points) {
    const auto put = [&](std::uint32_t byte) { text.push_back(static_cast<char>(byte)); };
    if (point < 0x80) {
      put(point);
      continue;
    }
    const int more = point < 0x800 ? 1 : point < 0x10000 ? 2 : 3;
    put((more == 1 ? 0xC0u : more == 2 ? 0xE0u : 0xF0u) | point >> (6 * more));
    for (int i = more - 1; i >= 0; --i) put(0x80 | (point >> (6 * i) & 0x3F));
  }
  return text;
}

inline std::vector<std::uint32_t> ToCodePoints(std::string_view text) {
  std::vector<std::uint32_t> points;
  for (const char character : text) {
    const auto byte = static_cast<std::uint8_t>(character);
    if (byte >= 0xC0) {
      points.push_back(byte & (byte >= 0xF0 ? 0x07u : byte >= 0xE0 ? 0x0Fu : 0x1Fu));
    } else if (byte < 0x80) {
      points.push_back(byte);
    } else {
      points.back() = points.back() << 6 | (byte & 0x3Fu);
    }
  }
  return points;
}

}  // namespace geflecht::sim
