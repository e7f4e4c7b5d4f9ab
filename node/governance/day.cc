#include "node/governance/day.h"

#include <chrono>

#include "node/log/header.h"

namespace geflecht::governance {
namespace {

constexpr std::int64_t kSecondsPerDay = 24 * 60 * 60;
constexpr std::size_t kDateBytes = 10;

}  // namespace

Day DayOf(std::int64_t time_s) { return time_s / kSecondsPerDay; }

std::string RenderDay(Day day) {
  return log::RenderTime(day * kSecondsPerDay).substr(0, kDateBytes);
}

std::optional<Day> ParseDay(std::string_view text) {
  if (text.size() != kDateBytes) return std::nullopt;
  const auto time_s = log::ParseTime(std::string(text) + "T00:00:00Z");
  return time_s ? std::optional(DayOf(*time_s)) : std::nullopt;
}

std::string RenderDayOrDash(const std::optional<Day>& day) { return day ? RenderDay(*day) : "-"; }

std::optional<std::optional<Day>> ParseDayOrDash(std::string_view text) {
  if (text == "-") return std::optional<Day>();
  const auto day = ParseDay(text);
  if (!day) return std::nullopt;
  return day;
}

Day AddMonths(Day day, std::uint32_t months) {
  using std::chrono::days, std::chrono::sys_days;
  const std::chrono::year_month_day date{sys_days(days(day))};
  std::chrono::year_month_day later = date + std::chrono::months(months);
  if (!later.ok()) later = later.year() / later.month() / std::chrono::last;
  return sys_days(later).time_since_epoch().count();
}

}  // namespace geflecht::governance
