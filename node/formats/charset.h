// Character sets that a file names for a part of its text. Pure; ICU's tables underneath.
#pragma once

#include <string>
#include <string_view>

#include "base/bytes.h"
#include "base/result.h"

namespace geflecht::formats {

// `bytes` in the character set `label` (as files spell it, whatever its case) as UTF-8: UTF-8,
// UTF-16 (its mark decides the order, without one big-endian: RFC 2781 §4.3), UTF-16LE, UTF-16BE,
// US-ASCII, ISO-8859-1 to -16, Windows-1250 to -1258, IBM437, IBM850, macintosh and KOI8-R.
// ISO-8859-1 and US-ASCII are read as Windows-1252, which is what their writers mean (WHATWG
// Encoding Standard §4.2). An empty label: UTF-8 if the bytes are valid UTF-8, else Windows-1252.
// kNotFound for another label, kMalformed for bytes that the character set does not define.
Result<std::string> DecodeCharset(ByteView bytes, std::string_view label);

// Whether `label` names a character set of 16-bit units.
bool IsWideCharset(std::string_view label);

}  // namespace geflecht::formats
