#include "node/domain/text.h"

#include <unicode/normalizer2.h>
#include <unicode/uchar.h>
#include <unicode/unistr.h>
#include <unicode/utf8.h>

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/check.h"

namespace geflecht::domain {
namespace {

icu::UnicodeString ToUnicode(std::string_view text) {
  return icu::UnicodeString::fromUTF8(
      icu::StringPiece(text.data(), static_cast<std::int32_t>(text.size())));
}

icu::UnicodeString Folded(std::string_view text) {
  UErrorCode status = U_ZERO_ERROR;
  const icu::Normalizer2* fold = icu::Normalizer2::getNFKCCasefoldInstance(status);
  CHECK(U_SUCCESS(status));
  icu::UnicodeString out = fold->normalize(ToUnicode(text), status);
  CHECK(U_SUCCESS(status));
  return out;
}

bool TurnsDirection(UChar32 c) {
  return c == 0x200E || c == 0x200F || c == 0x061C || (c >= 0x202A && c <= 0x202E) ||
         (c >= 0x2066 && c <= 0x2069);
}

}  // namespace

bool IsCleanText(std::string_view text, bool line_breaks_allowed) {
  const auto* units = reinterpret_cast<const std::uint8_t*>(text.data());
  std::size_t at = 0;
  while (at < text.size()) {
    UChar32 c = 0;
    U8_NEXT(units, at, text.size(), c);
    if (c < 0 || TurnsDirection(c)) return false;
    if (c == '\n' && line_breaks_allowed) continue;
    if (u_charType(c) == U_CONTROL_CHAR) return false;
  }
  return true;
}

std::string FoldCase(std::string_view text) {
  std::string out;
  Folded(text).toUTF8String(out);
  return out;
}

std::string FoldHeading(std::string_view text) {
  const icu::UnicodeString folded = Folded(text);
  icu::UnicodeString spelled;
  for (std::int32_t i = 0; i < folded.length(); ++i) {
    const char16_t c = folded.charAt(i);
    spelled.append(c);
    if (c == u'ä') spelled.replace(spelled.length() - 1, 1, u"ae", 2);
    if (c == u'ö') spelled.replace(spelled.length() - 1, 1, u"oe", 2);
    if (c == u'ü') spelled.replace(spelled.length() - 1, 1, u"ue", 2);
  }
  UErrorCode status = U_ZERO_ERROR;
  const icu::Normalizer2* nfd = icu::Normalizer2::getNFDInstance(status);
  CHECK(U_SUCCESS(status));
  const icu::UnicodeString parts = nfd->normalize(spelled, status);
  CHECK(U_SUCCESS(status));
  icu::UnicodeString kept;
  for (std::int32_t i = 0; i < parts.length();) {
    const UChar32 c = parts.char32At(i);
    i += c > 0xFFFF ? 2 : 1;
    if (u_isalnum(c)) kept.append(c);
  }
  std::string out;
  kept.toUTF8String(out);
  return out;
}

std::string OneLine(std::string_view text) {
  const icu::UnicodeString from = ToUnicode(text);
  icu::UnicodeString out;
  bool gap = false;
  for (std::int32_t i = 0; i < from.length(); ++i) {
    const char16_t c = from.charAt(i);
    if (u_isUWhiteSpace(c)) {
      gap = !out.isEmpty();
      continue;
    }
    if (gap) out.append(u' ');
    gap = false;
    out.append(c);
  }
  std::string text_out;
  out.toUTF8String(text_out);
  return text_out;
}

std::vector<std::string> Words(std::string_view text) {
  std::vector<std::string> out;
  while (!text.empty()) {
    const std::size_t size = text.find(' ');
    if (size != 0) out.emplace_back(text.substr(0, size));
    if (size == std::string_view::npos) break;
    text.remove_prefix(size + 1);
  }
  return out;
}

std::string JoinWords(const std::vector<std::string>& words, std::size_t from, std::size_t to) {
  std::string out;
  for (std::size_t i = from; i < to; ++i) {
    if (i > from) out.push_back(' ');
    out += words[i];
  }
  return out;
}

}  // namespace geflecht::domain
