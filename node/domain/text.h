// Comparing and tidying short texts: names, column headings, addresses. Pure; ICU underneath.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace geflecht::domain {

// Whether `text` is UTF-8 that may stand in a record: no control characters (line breaks only if
// allowed) and no marks that turn the reading direction, which can make one name look like another.
bool IsCleanText(std::string_view text, bool line_breaks_allowed);

// Unicode full case folding after NFKC (UAX #31): equal for texts that differ in case or width
// only. "Weiß" and "WEISS" are equal under it.
std::string FoldCase(std::string_view text);

// FoldCase, then ä ö ü as ae oe ue, other letters without accents, and nothing but letters and
// digits: "Straße (dienstl.)" and "STRASSE dienstl" are equal under it.
std::string FoldHeading(std::string_view text);

// Without white space at both ends; white space within, line breaks too, becomes one space.
std::string OneLine(std::string_view text);

// The parts of `text` between ASCII spaces, without empty ones.
std::vector<std::string> Words(std::string_view text);

// words[from..to) with one space between.
std::string JoinWords(const std::vector<std::string>& words, std::size_t from, std::size_t to);

}  // namespace geflecht::domain
