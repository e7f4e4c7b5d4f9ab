// Days of the calendar, as mandates and agreements name them: counted from 1970-01-01 in UTC. Pure.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace geflecht::governance {

using Day = std::int64_t;

Day DayOf(std::int64_t time_s);
// "YYYY-MM-DD" of the years 1970 to 9999, and back; only days that exist.
std::string RenderDay(Day day);
std::optional<Day> ParseDay(std::string_view text);
// The same with "-" for nothing; the outer optional is empty for what is neither.
std::string RenderDayOrDash(const std::optional<Day>& day);
std::optional<std::optional<Day>> ParseDayOrDash(std::string_view text);

// The same day of a later month, or the last one of that month if it is shorter (section 188 of the
// German Civil Code).
Day AddMonths(Day day, std::uint32_t months);

}  // namespace geflecht::governance
