// UTF-8 as RFC 3629 defines it: no surrogates, no overlong forms, nothing above U+10FFFF.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

namespace geflecht::crdt {

// The code points of `text`, or nothing if it is no valid UTF-8.
std::optional<std::u32string> DecodeUtf8(std::string_view text);
bool IsLongUtf8(std::string_view text);
inline bool IsUtf8(std::string_view text) {
  if (text.size() == 1) return static_cast<signed char>(text[0]) >= 0;
  return IsLongUtf8(text);
}

// `points` are Unicode scalar values.
std::string EncodeUtf8(std::u32string_view points);

// Number of code points of a valid text; of any other the number of bytes that start one.
std::size_t CountLongText(std::string_view text);
inline std::size_t CountCodePoints(std::string_view text) {
  if (text.size() == 1) return static_cast<signed char>(text[0]) >= -0x40 ? 1 : 0;
  return CountLongText(text);
}

}  // namespace geflecht::crdt
