// A text as the case guard reads it: words in small Latin letters without accents.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace geflecht::domain::case_guard {

// What stands between a word and the next one.
enum Gap : std::uint16_t {
  kDot = 1,
  kComma = 2,
  kOpen = 4,    // ( [
  kClose = 8,   // ) ]
  kBreak = 16,  // ; ! ?
  kColon = 32,
  kSlash = 64,
  kHyphen = 128,
  kLine = 256,    // a new line
  kBlank = 512,   // an empty line
  kPercent = 1024,
  kParagraph = 2048,  // the section sign
  kStar = 4096,       // * as in a date of birth
  kSpace = 8192,
};

struct Word {
  std::uint32_t begin = 0;  // bytes of the text
  std::uint32_t end = 0;
  std::uint32_t at = 0;  // in Folded::letters
  std::uint16_t size = 0;
  std::uint16_t gap = 0;   // Gap bits up to the next word
  std::uint32_t marks = 0;  // Mark bits of lexicon.h
  char next = 0;           // the byte behind it, 0 if it is no ASCII
  bool capital = false;    // begins with a capital letter
  bool caps = false;       // has capital letters only
  bool number = false;     // digits only
};

struct Folded {
  std::string letters;  // " word word "; a-z, 0-9, and 1 for a letter of another script
  std::vector<Word> words;
  std::uint16_t first_gap = 0;  // before the first word

  std::string_view Of(const Word& word) const {
    return std::string_view(letters).substr(word.at, word.size);
  }
};

// Words end at anything but letters and digits, and after 64 letters. ä is "ae", ß is "ss", ł is
// "l", marks and soft hyphens are left out; what is no UTF-8 separates words.
Folded Fold(std::string_view text);

}  // namespace geflecht::domain::case_guard
