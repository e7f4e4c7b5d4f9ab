// ASCII letters, without regard to the locale.
#pragma once

#include <algorithm>
#include <string>
#include <string_view>

namespace geflecht::formats {

inline char ToUpperAscii(char c) {
  return c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c;
}

inline std::string ToUpperAscii(std::string_view text) {
  std::string out(text);
  std::transform(out.begin(), out.end(), out.begin(), [](char c) { return ToUpperAscii(c); });
  return out;
}

inline bool IsAsciiAlnum(char c) {
  return (c >= '0' && c <= '9') || (ToUpperAscii(c) >= 'A' && ToUpperAscii(c) <= 'Z');
}

inline bool EqualNoCase(std::string_view a, std::string_view b) {
  return std::equal(a.begin(), a.end(), b.begin(), b.end(),
                    [](char x, char y) { return ToUpperAscii(x) == ToUpperAscii(y); });
}

inline bool StartsWithNoCase(std::string_view text, std::string_view start) {
  return EqualNoCase(text.substr(0, start.size()), start);
}

}  // namespace geflecht::formats
