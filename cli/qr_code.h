// A text as a QR code (ISO/IEC 18004), medium error correction: for a terminal, and as SVG.
#pragma once

#include <string>

#include "base/result.h"

namespace geflecht::cli {

// Two rows of modules in a line, with half blocks of Unicode; dark on a bright ground whatever the
// terminal's colours are. kTooLarge for more than a code can hold.
Result<std::string> QrForTerminal(const std::string& text);
Result<std::string> QrAsSvg(const std::string& text);

}  // namespace geflecht::cli
