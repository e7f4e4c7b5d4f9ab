#include "node/domain/case_guard/folded.h"

#include <unicode/normalizer2.h>
#include <unicode/uchar.h>
#include <unicode/unistr.h>
#include <unicode/utf8.h>

#include <cstddef>

#include "base/check.h"

namespace geflecht::domain::case_guard {
namespace {

constexpr std::uint16_t kWordLettersMax = 64;
constexpr char kOtherScript = 1;
constexpr UChar32 kSoftHyphen = 0xAD;
constexpr UChar32 kUmlautMark = 0x308;

struct Spelling {
  UChar32 letter;
  std::string_view spelled;
};
constexpr Spelling kSpellings[] = {
    {U'ä', "ae"}, {U'ö', "oe"}, {U'ü', "ue"}, {U'Ä', "ae"}, {U'Ö', "oe"}, {U'Ü', "ue"},
    {U'ß', "ss"}, {U'ẞ', "ss"}, {U'ł', "l"},  {U'Ł', "l"},  {U'ø', "o"},  {U'Ø', "o"},
    {U'ı', "i"},  {U'İ', "i"},  {U'đ', "d"},  {U'Đ', "d"},  {U'æ', "ae"}, {U'Æ', "ae"},
    {U'œ', "oe"}, {U'Œ', "oe"}};

bool IsMark(UChar32 c) {
  const int type = u_charType(c);
  return type == U_NON_SPACING_MARK || type == U_FORMAT_CHAR || c == kSoftHyphen;
}

// The base letter of `c` where it is a Latin one with accents.
char BaseOf(UChar32 c) {
  static const icu::Normalizer2* const nfkd = [] {
    UErrorCode status = U_ZERO_ERROR;
    const icu::Normalizer2* found = icu::Normalizer2::getNFKDInstance(status);
    CHECK(U_SUCCESS(status));
    return found;
  }();
  icu::UnicodeString parts;
  const UChar32 base = nfkd->getDecomposition(c, parts) ? parts.char32At(0) : c;
  const UChar32 small = u_tolower(base);
  if ((small >= 'a' && small <= 'z') || (small >= '0' && small <= '9'))
    return static_cast<char>(small);
  return kOtherScript;
}

std::uint16_t GapOf(UChar32 c) {
  switch (c) {
    case '.': case 0x2026: return kDot;
    case ',': return kComma;
    case '(': case '[': return kOpen;
    case ')': case ']': return kClose;
    case ';': case '!': case '?': return kBreak;
    case ':': return kColon;
    case '/': return kSlash;
    case '-': case 0x2010: case 0x2011: case 0x2013: case 0x2014: return kHyphen;
    case '%': return kPercent;
    case 0xA7: return kParagraph;
    case '*': return kStar;
    default: return kSpace;
  }
}

class Folder {
 public:
  explicit Folder(std::string_view text) : text_(text) {
    out_.letters.reserve(text.size() + text.size() / 8 + 2);
    out_.letters.push_back(' ');
  }

  Folded Run() {
    const auto* bytes = reinterpret_cast<const std::uint8_t*>(text_.data());
    std::size_t at = 0;
    while (at < text_.size()) {
      const std::size_t from = at;
      UChar32 c = bytes[at];
      if (c < 0x80) {
        ++at;
      } else {
        U8_NEXT(bytes, at, text_.size(), c);
      }
      Take(c, from, at);
    }
    End();
    return std::move(out_);
  }

 private:
  void Take(UChar32 c, std::size_t from, std::size_t to) {
    if (c == kUmlautMark && open_ && !out_.letters.empty()) {
      const char base = out_.letters.back();
      if (base == 'a' || base == 'o' || base == 'u') Push("e", to);
      return;
    }
    if (c >= 0x80 && IsMark(c)) return;
    if (c >= 0 && (c < 0x80 ? u_isalnum(c) : u_isalnum(c)) != 0) {
      Letter(c, from, to);
      return;
    }
    if (open_) out_.words.back().next = c > 0 && c < 0x80 ? static_cast<char>(c) : '\0';
    End();
    std::uint16_t& gap = out_.words.empty() ? out_.first_gap : out_.words.back().gap;
    if (c == '\n') {
      gap = static_cast<std::uint16_t>(gap | ((gap & kLine) != 0 ? kBlank : kLine));
    } else {
      gap = static_cast<std::uint16_t>(gap | GapOf(c));
    }
  }

  void Letter(UChar32 c, std::size_t from, std::size_t to) {
    if (open_ && out_.words.back().size >= kWordLettersMax) End();
    const bool upper = u_isUUppercase(c) != 0;
    if (!open_) {
      open_ = true;
      Word word;
      word.begin = static_cast<std::uint32_t>(from);
      word.at = static_cast<std::uint32_t>(out_.letters.size());
      word.capital = upper;
      word.caps = true;
      word.number = true;
      out_.words.push_back(word);
    }
    Word& word = out_.words.back();
    word.caps = word.caps && upper;
    word.number = word.number && c >= '0' && c <= '9';
    if (c < 0x80) {
      const char small = static_cast<char>(c >= 'A' && c <= 'Z' ? c - 'A' + 'a' : c);
      Push(std::string_view(&small, 1), to);
      return;
    }
    for (const Spelling& spelling : kSpellings)
      if (spelling.letter == c) return Push(spelling.spelled, to);
    const char base = BaseOf(c);
    Push(std::string_view(&base, 1), to);
  }

  void Push(std::string_view letters, std::size_t to) {
    out_.letters += letters;
    Word& word = out_.words.back();
    word.size = static_cast<std::uint16_t>(word.size + letters.size());
    word.end = static_cast<std::uint32_t>(to);
  }

  void End() {
    if (open_) out_.letters.push_back(' ');
    open_ = false;
  }

  std::string_view text_;
  Folded out_;
  bool open_ = false;  // a word is being read
};

}  // namespace

Folded Fold(std::string_view text) { return Folder(text).Run(); }

}  // namespace geflecht::domain::case_guard
