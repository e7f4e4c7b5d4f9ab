// Numbers as people type them.
#pragma once

#include <charconv>
#include <cstdint>
#include <string>
#include <string_view>

#include "base/result.h"

namespace geflecht::cli {

// Decimal digits only, `min` to `max`; kUsage names `option` otherwise.
inline Result<std::int64_t> ParseNumber(std::string_view option, std::string_view typed,
                                        std::int64_t min, std::int64_t max) {
  std::int64_t number = 0;
  const char* end = typed.data() + typed.size();
  const auto parsed = std::from_chars(typed.data(), end, number);
  if (parsed.ec == std::errc() && parsed.ptr == end && number >= min && number <= max)
    return number;
  return Fail(Code::kUsage, std::string(option) + " is a number from " + std::to_string(min) +
                                " to " + std::to_string(max));
}

}  // namespace geflecht::cli
