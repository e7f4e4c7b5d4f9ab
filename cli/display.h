// Text for a terminal. Names and values come from other organisations: nothing in them may move the
// cursor, ring, recolour, or turn the reading direction.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/i18n/i18n.h"

namespace geflecht::cli {

// `text` on one line: control and format characters (Unicode Cc and Cf without U+200C and U+200D),
// line and paragraph separators as "\u{202E}", bytes that are no UTF-8 as "\x9B".
std::string Shown(std::string_view text);
// The same for whole texts: line breaks and tabs stay.
std::string ShownLines(std::string_view text);
// `json` with those characters as \uXXXX. For serialised JSON, which holds them in strings only.
std::string ShownJson(std::string_view json);

// Columns that a terminal uses for `text`: combining marks 0, East Asian wide characters 2.
std::size_t DisplayWidth(std::string_view text);

// "2026-11-21T22:00:00Z" in the local time zone: "21.11.2026 23:00" or "2026-11-21 23:00".
// Anything else comes back through Shown.
std::string ShownTime(i18n::Lang lang, std::string_view time);

// "2026-11-21" as people write it: "21.11.2026" or "2026-11-21".
std::string DayText(i18n::Lang lang, std::string_view day);

// Left-aligned columns, two spaces between. Cells go through Shown.
class Table {
 public:
  explicit Table(std::vector<std::string> header) { Add(header); }
  void Add(const std::vector<std::string>& cells);
  // Header, a rule below it, rows; every line ends with a line break.
  std::string Text() const;

 private:
  std::vector<std::vector<std::string>> rows_;
};

// Names on the left, values on the right: "Name:   value".
class Listing {
 public:
  // `value` goes through ShownLines; its further lines are indented.
  void Add(std::string name, std::string_view value);
  std::string Text() const;

 private:
  std::vector<std::pair<std::string, std::string>> lines_;
};

}  // namespace geflecht::cli
