#include "cli/display.h"

#include <unicode/uchar.h>
#include <unicode/utf8.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <cstdio>
#include <ctime>
#include <utility>

namespace geflecht::cli {
namespace {

constexpr std::size_t kGap = 2;
constexpr UChar32 kNonJoiner = 0x200C;
constexpr UChar32 kJoiner = 0x200D;

// The next code point of `text`, or a negative number for a byte that starts none.
UChar32 Next(std::string_view text, std::size_t& at) {
  const std::size_t start = at;
  const auto* bytes = reinterpret_cast<const std::uint8_t*>(text.data());
  auto i = static_cast<std::int64_t>(at);
  const auto size = static_cast<std::int64_t>(text.size());
  UChar32 point = 0;
  U8_NEXT(bytes, i, size, point);
  at = point < 0 ? start + 1 : static_cast<std::size_t>(i);
  return point;
}

bool IsSafe(UChar32 point) {
  if (point == kNonJoiner || point == kJoiner) return true;
  switch (u_charType(point)) {
    case U_CONTROL_CHAR:
    case U_FORMAT_CHAR:
    case U_LINE_SEPARATOR:
    case U_PARAGRAPH_SEPARATOR:
    case U_SURROGATE:
      return false;
    default:
      return true;
  }
}

std::string Format(const char* format, unsigned value) {
  std::array<char, 24> out{};
  std::snprintf(out.data(), out.size(), format, value);
  return out.data();
}

std::string Escape(std::string_view text, bool keep_lines) {
  std::string out;
  out.reserve(text.size());
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t start = at;
    const UChar32 point = Next(text, at);
    if (point < 0) {
      out += Format("\\x%02X", static_cast<unsigned char>(text[start]));
    } else if (IsSafe(point) || (keep_lines && (point == '\n' || point == '\t'))) {
      out += text.substr(start, at - start);
    } else {
      out += Format("\\u{%04X}", static_cast<unsigned>(point));
    }
  }
  return out;
}

std::string Padding(std::size_t columns) { return std::string(columns, ' '); }

}  // namespace

std::string Shown(std::string_view text) { return Escape(text, false); }

std::string ShownLines(std::string_view text) { return Escape(text, true); }

std::string ShownJson(std::string_view json) {
  std::string out;
  out.reserve(json.size());
  for (std::size_t at = 0; at < json.size();) {
    const std::size_t start = at;
    const UChar32 point = Next(json, at);
    if (point < 0 || IsSafe(point)) {
      out += json.substr(start, at - start);
    } else if (point < 0x10000) {
      out += Format("\\u%04x", static_cast<unsigned>(point));
    } else {
      const auto above = static_cast<unsigned>(point - 0x10000);
      out += Format("\\u%04x", 0xD800 + (above >> 10));
      out += Format("\\u%04x", 0xDC00 + (above & 0x3FF));
    }
  }
  return out;
}

std::size_t DisplayWidth(std::string_view text) {
  std::size_t width = 0;
  for (std::size_t at = 0; at < text.size();) {
    const UChar32 point = Next(text, at);
    if (point < 0) {
      ++width;
      continue;
    }
    const auto type = u_charType(point);
    if (type == U_NON_SPACING_MARK || type == U_ENCLOSING_MARK || type == U_FORMAT_CHAR) continue;
    const int wide = u_getIntPropertyValue(point, UCHAR_EAST_ASIAN_WIDTH);
    width += wide == U_EA_WIDE || wide == U_EA_FULLWIDTH ? 2 : 1;
  }
  return width;
}

std::string ShownTime(i18n::Lang lang, std::string_view time) {
  std::tm utc{};
  char end = 0;
  const std::string text(time);
  if (std::sscanf(text.c_str(), "%4d-%2d-%2dT%2d:%2d:%2d%c", &utc.tm_year, &utc.tm_mon,
                  &utc.tm_mday, &utc.tm_hour, &utc.tm_min, &utc.tm_sec, &end) != 7 ||
      end != 'Z' || text.size() != 20)
    return Shown(time);
  utc.tm_year -= 1900;
  utc.tm_mon -= 1;
  const std::time_t seconds = ::timegm(&utc);
  std::tm local{};
  if (::localtime_r(&seconds, &local) == nullptr) return Shown(time);
  std::array<char, 40> out{};
  const char* format = lang == i18n::Lang::kDe ? "%d.%m.%Y %H:%M" : "%Y-%m-%d %H:%M";
  if (std::strftime(out.data(), out.size(), format, &local) == 0) return Shown(time);
  return out.data();
}

std::string DayText(i18n::Lang lang, std::string_view day) {
  constexpr std::string_view kMidday = "T12:00:00Z";  // the same day in every time zone of Europe
  constexpr std::size_t kTimeOfDayShown = 6;          // " 14:00"
  std::string shown = ShownTime(lang, std::string(day) + std::string(kMidday));
  if (shown.size() > kTimeOfDayShown) shown.resize(shown.size() - kTimeOfDayShown);
  return shown;
}

void Table::Add(const std::vector<std::string>& cells) {
  std::vector<std::string> row;
  for (const std::string& cell : cells) row.push_back(Shown(cell));
  rows_.push_back(std::move(row));
}

std::string Table::Text() const {
  std::vector<std::size_t> widths;
  for (const auto& row : rows_) {
    widths.resize(std::max(widths.size(), row.size()));
    for (std::size_t i = 0; i < row.size(); ++i)
      widths[i] = std::max(widths[i], DisplayWidth(row[i]));
  }
  std::string out;
  const auto add = [&](const std::vector<std::string>& row) {
    std::string line;
    for (std::size_t i = 0; i < row.size(); ++i) {
      line += row[i];
      line += Padding(widths[i] - DisplayWidth(row[i]) + kGap);
    }
    line.erase(line.find_last_not_of(' ') + 1);
    out += line + '\n';
  };
  for (std::size_t i = 0; i < rows_.size(); ++i) {
    add(rows_[i]);
    if (i > 0) continue;
    std::vector<std::string> rule;
    for (const std::size_t width : widths) rule.emplace_back(width, '-');
    add(rule);
  }
  return out;
}

void Listing::Add(std::string name, std::string_view value) {
  lines_.emplace_back(Shown(name) + ':', ShownLines(value));
}

std::string Listing::Text() const {
  std::size_t width = 0;
  for (const auto& [name, value] : lines_) width = std::max(width, DisplayWidth(name));
  std::string out;
  for (const auto& [name, value] : lines_) {
    out += name + Padding(width - DisplayWidth(name) + kGap);
    for (const char c : value) {
      out += c;
      if (c == '\n') out += Padding(width + kGap);
    }
    out.erase(out.find_last_not_of(' ') + 1);
    out += '\n';
  }
  return out;
}

}  // namespace geflecht::cli
