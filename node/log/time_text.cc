#include <chrono>
#include <string>

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

// Writes `count` decimal digits from `at` on.
void PutDigits(std::string& text, std::size_t at, std::size_t count, unsigned value) {
  for (std::size_t i = at + count; i-- > at; value /= 10)
    text[i] = static_cast<char>('0' + value % 10);
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
  const auto second = static_cast<unsigned>(time_s % kSecondsPerDay);
  std::string text(kShape);
  PutDigits(text, 0, 4, static_cast<unsigned>(static_cast<int>(date.year())));
  PutDigits(text, 5, 2, static_cast<unsigned>(date.month()));
  PutDigits(text, 8, 2, static_cast<unsigned>(date.day()));
  PutDigits(text, 11, 2, second / 3600);
  PutDigits(text, 14, 2, second / 60 % 60);
  PutDigits(text, 17, 2, second % 60);
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
