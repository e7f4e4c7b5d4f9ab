#include <chrono>
#include <cstdio>

#include "base/check.h"
#include "node/log/header.h"
#include "node/log/lines.h"

namespace geflecht::log {
namespace {

constexpr std::int64_t kSecondsPerDay = 86'400;
constexpr std::string_view kShape = "dddd-dd-ddTdd:dd:ddZ";

unsigned Number(std::string_view digits) {
  unsigned value = 0;
  for (const char c : digits) value = value * 10 + static_cast<unsigned>(c - '0');
  return value;
}

bool HasShape(std::string_view text) {
  if (text.size() != kShape.size()) return false;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const bool digit = text[i] >= '0' && text[i] <= '9';
    if (kShape[i] == 'd' ? !digit : text[i] != kShape[i]) return false;
  }
  return true;
}

}  // namespace

std::string RenderTime(std::int64_t time_s) {
  CHECK(time_s >= 0 && time_s <= kTimeMax);
  const std::chrono::year_month_day date{
      std::chrono::sys_days(std::chrono::days(time_s / kSecondsPerDay))};
  const int second = static_cast<int>(time_s % kSecondsPerDay);
  char text[64];
  std::snprintf(text, sizeof text, "%04d-%02u-%02uT%02d:%02d:%02dZ", static_cast<int>(date.year()),
                static_cast<unsigned>(date.month()), static_cast<unsigned>(date.day()),
                second / 3600, second / 60 % 60, second % 60);
  return text;
}

std::optional<std::int64_t> ParseTime(std::string_view text) {
  if (!HasShape(text)) return std::nullopt;
  const std::chrono::year_month_day date{
      std::chrono::year(static_cast<int>(Number(text.substr(0, 4)))),
      std::chrono::month(Number(text.substr(5, 2))), std::chrono::day(Number(text.substr(8, 2)))};
  const unsigned hour = Number(text.substr(11, 2));
  const unsigned minute = Number(text.substr(14, 2));
  const unsigned second = Number(text.substr(17, 2));
  if (!date.ok() || static_cast<int>(date.year()) < 1970) return std::nullopt;
  if (hour > 23 || minute > 59 || second > 59) return std::nullopt;
  const std::int64_t days = std::chrono::sys_days(date).time_since_epoch().count();
  return days * kSecondsPerDay + hour * 3600 + minute * 60 + second;
}

}  // namespace geflecht::log
