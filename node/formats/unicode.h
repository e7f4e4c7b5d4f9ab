// Text of files of unknown origin to UTF-8. Pure; ICU underneath.
#pragma once

#include <string>
#include <string_view>

#include "base/bytes.h"
#include "base/result.h"

namespace geflecht::formats {

enum class Encoding { kUtf8, kUtf8Bom, kUtf16Le, kUtf16Be, kWindows1252 };

struct DecodedText {
  std::string text;  // valid UTF-8 without byte order mark and without NUL
  Encoding encoding = Encoding::kUtf8;
};

// A byte order mark decides; without one, bytes that are valid UTF-8 are UTF-8 and all others
// Windows-1252, the code page of German Windows. kMalformed with the line of the first byte that
// the encoding does not define, or of the first NUL.
Result<DecodedText> DecodeText(ByteView bytes);

// `text` (valid UTF-8) in Unicode normal form C, line ends as LF, without white space at both ends.
std::string NormaliseValue(std::string_view text);

}  // namespace geflecht::formats
