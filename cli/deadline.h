// Deadlines as people type them.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "base/result.h"

namespace geflecht::cli {

// The end of a day in the local time zone, as "YYYY-MM-DDThh:mm:ssZ": of "2026-12-24",
// "24.12.2026", or of the day that so many days (1 to 366) from `now_s` lies. kUsage with
// "hint.deadline".
Result<std::string> DeadlineFrom(std::string_view typed, std::int64_t now_s);

}  // namespace geflecht::cli
