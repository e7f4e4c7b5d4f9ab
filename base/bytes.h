// Byte strings and views. Views never own: they are valid as long as what they were made from.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace geflecht {

using Bytes = std::vector<std::uint8_t>;
using ByteView = std::span<const std::uint8_t>;

// The bytes of `text`; valid as long as `text`.
inline ByteView AsBytes(std::string_view text) {
  return {reinterpret_cast<const std::uint8_t*>(text.data()), text.size()};
}

// The bytes as characters, without any check of their encoding; valid as long as `bytes`.
inline std::string_view AsText(ByteView bytes) {
  return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}

inline Bytes ToBytes(std::string_view text) {
  const ByteView view = AsBytes(text);
  return {view.begin(), view.end()};
}

inline std::string ToText(ByteView bytes) { return std::string(AsText(bytes)); }

inline void Append(Bytes& out, ByteView more) { out.insert(out.end(), more.begin(), more.end()); }
inline void Append(Bytes& out, std::string_view more) { Append(out, AsBytes(more)); }

// Appends `value` as 4 or 8 bytes, most significant first.
inline void AppendBe32(Bytes& out, std::uint32_t value) {
  for (int shift = 24; shift >= 0; shift -= 8)
    out.push_back(static_cast<std::uint8_t>(value >> shift));
}
inline void AppendBe64(Bytes& out, std::uint64_t value) {
  for (int shift = 56; shift >= 0; shift -= 8)
    out.push_back(static_cast<std::uint8_t>(value >> shift));
}

// Reads what AppendBe32 or AppendBe64 wrote. `from` holds at least 4 or 8 bytes.
inline std::uint32_t ReadBe32(ByteView from) {
  std::uint32_t value = 0;
  for (std::size_t i = 0; i < 4; ++i) value = value << 8 | from[i];
  return value;
}
inline std::uint64_t ReadBe64(ByteView from) {
  std::uint64_t value = 0;
  for (std::size_t i = 0; i < 8; ++i) value = value << 8 | from[i];
  return value;
}

}  // namespace geflecht
