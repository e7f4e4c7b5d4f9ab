// Names that people read: of organisations and of networks. They are part of signed text, so that
// one name has one spelling, and nothing in it may be invisible or turn the writing direction.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include "base/result.h"

namespace geflecht::log {

// 1 to kNameBytesMax bytes of UTF-8 in NFC (Unicode Standard Annex #15), characters of Unicode 15.0
// only; no control, format (U+200C and U+200D excepted), private-use or line-separating characters,
// no space at either end (docs/formats/card.md). kMalformed with the reason, which never repeats
// the name.
Result<void> CheckName(std::string_view name);
// The same for a line of text of at most `bytes_max` bytes, up to kLineBytesMax.
Result<void> CheckLine(std::string_view line, std::size_t bytes_max);
// The same for lines that each end with LF; it may be empty, and spaces may stand anywhere.
Result<void> CheckText(std::string_view text, std::size_t bytes_max);
inline constexpr std::size_t kLineBytesMax = 64 * 1024;

// What a person typed as a name: in NFC and without spaces at both ends, then CheckName.
Result<std::string> ToName(std::string_view typed);
Result<std::string> ToLine(std::string_view typed, std::size_t bytes_max);
// Tabs become spaces, the last line is ended.
Result<std::string> ToText(std::string_view typed, std::size_t bytes_max);

}  // namespace geflecht::log
