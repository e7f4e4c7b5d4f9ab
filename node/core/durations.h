// Lengths of time in milliseconds.
#pragma once

#include <cstdint>

namespace geflecht::core {

inline constexpr std::int64_t kHourMs = 3'600'000;
inline constexpr std::int64_t kDayMs = 24 * kHourMs;

}  // namespace geflecht::core
