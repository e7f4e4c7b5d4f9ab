#include "cli/deadline.h"

#include <cstdio>
#include <ctime>

#include "node/log/header.h"

namespace geflecht::cli {
namespace {

constexpr int kDaysMax = 366;
constexpr int kLastHour = 23;
constexpr int kLastMinute = 59;

// Whether `text` is `format`, which ends with %n, and nothing else.
template <typename... Numbers>
bool Reads(const std::string& text, const char* format, Numbers*... numbers) {
  int end = 0;
  return std::sscanf(text.c_str(), format, numbers..., &end) ==
             static_cast<int>(sizeof...(numbers)) &&
         static_cast<std::size_t>(end) == text.size();
}

}  // namespace

Result<std::string> DeadlineFrom(std::string_view typed, std::int64_t now_s) {
  const auto bad = [] { return Fail(Code::kUsage, "no deadline in the future", "hint.deadline"); };
  const std::string text(typed);
  const std::time_t now = now_s;
  int days = 0;
  int year = 0;
  int month = 0;
  int day = 0;
  std::tm local{};
  const bool counted = Reads(text, "%4d%n", &days);
  if (counted) {
    if (days < 1 || days > kDaysMax || ::localtime_r(&now, &local) == nullptr) return bad();
    local.tm_mday += days;
  } else if (Reads(text, "%4d-%2d-%2d%n", &year, &month, &day) ||
             Reads(text, "%2d.%2d.%4d%n", &day, &month, &year)) {
    local.tm_year = year - 1900;
    local.tm_mon = month - 1;
    local.tm_mday = day;
  } else {
    return bad();
  }
  local.tm_hour = kLastHour;
  local.tm_min = local.tm_sec = kLastMinute;
  local.tm_isdst = -1;
  std::tm made = local;
  const std::time_t deadline = ::mktime(&made);
  // The 31st of a month of 30 days is no day.
  const bool is_day = counted || (made.tm_mday == day && made.tm_mon == month - 1);
  constexpr std::int64_t kDayS = 24 * 3600;
  if (deadline <= now || deadline > now + (kDaysMax + 1) * kDayS || !is_day) return bad();
  return log::RenderTime(deadline);
}

}  // namespace geflecht::cli
