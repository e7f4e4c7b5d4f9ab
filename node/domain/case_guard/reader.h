// A folded text with safe access to neighbouring words.
#pragma once

#include <algorithm>
#include <cstdint>
#include <initializer_list>
#include <string_view>

#include "node/domain/case_guard/folded.h"

namespace geflecht::domain::case_guard {

// Positions may be outside of the text: such a word is empty, without marks.
class Reader {
 public:
  explicit Reader(const Folded& folded) : folded_(folded) {}

  std::int64_t size() const { return static_cast<std::int64_t>(folded_.words.size()); }
  const Word& At(std::int64_t i) const {
    static const Word none;
    return i >= 0 && i < size() ? folded_.words[static_cast<std::size_t>(i)] : none;
  }
  std::string_view Text(std::int64_t i) const { return folded_.Of(At(i)); }
  bool Is(std::int64_t i, std::initializer_list<std::string_view> words) const {
    return std::find(words.begin(), words.end(), Text(i)) != words.end();
  }
  bool Has(std::int64_t i, std::uint32_t marks) const { return (At(i).marks & marks) != 0; }
  // What stands between the word before `i` and `i`.
  std::uint16_t GapBefore(std::int64_t i) const {
    return i == 0 ? folded_.first_gap : At(i - 1).gap;
  }
  bool Gap(std::int64_t i, std::uint16_t bits) const { return (At(i).gap & bits) != 0; }
  // The value of a number of at most four digits or of a number's name up to 20; -1 otherwise.
  int Number(std::int64_t i) const;

 private:
  const Folded& folded_;
};

}  // namespace geflecht::domain::case_guard
