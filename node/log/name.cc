#include "node/log/name.h"

#include <unicode/bytestream.h>
#include <unicode/normalizer2.h>
#include <unicode/stringpiece.h>
#include <unicode/uchar.h>
#include <unicode/unistr.h>
#include <unicode/ustring.h>

#include <algorithm>

#include "base/check.h"
#include "base/limits.h"

namespace geflecht::log {
namespace {

constexpr std::size_t kTypedFactor = 16;    // what is typed may shrink when it is normalised
constexpr std::uint8_t kUnicodeMajor = 15;  // normalisation of assigned characters never changes
constexpr UChar32 kNonJoiner = 0x200C;      // both change the shape of letters in several scripts
constexpr UChar32 kJoiner = 0x200D;

const icu::Normalizer2& Nfc() {
  UErrorCode status = U_ZERO_ERROR;
  const icu::Normalizer2* nfc = icu::Normalizer2::getNFCInstance(status);
  CHECK(U_SUCCESS(status));
  return *nfc;
}

// Newer versions of ICU know more characters; all nodes must give the same answer.
bool IsAssignedInUnicode15(UChar32 c) {
  UVersionInfo age;
  u_charAge(c, age);
  return age[0] > 0 && (age[0] < kUnicodeMajor || (age[0] == kUnicodeMajor && age[1] == 0)) &&
         u_charType(c) != U_UNASSIGNED;
}

bool IsAllowed(UChar32 c) {
  if (c == kNonJoiner || c == kJoiner) return true;
  constexpr std::uint32_t kRefused =
      U_GC_CC_MASK | U_GC_CF_MASK | U_GC_CS_MASK | U_GC_CO_MASK | U_GC_ZL_MASK | U_GC_ZP_MASK;
  return (U_GET_GC_MASK(c) & kRefused) == 0 && IsAssignedInUnicode15(c);
}

bool IsSpace(UChar32 c) { return (U_GET_GC_MASK(c) & U_GC_ZS_MASK) != 0; }

// Nothing if `text`, of at most kTypedFactor * kLineBytesMax bytes, is no well-formed UTF-8.
Result<icu::UnicodeString> Decode(std::string_view text) {
  std::u16string units(text.size() + 1, u'\0');
  std::int32_t length = 0;
  UErrorCode status = U_ZERO_ERROR;
  u_strFromUTF8(units.data(), static_cast<std::int32_t>(units.size()), &length, text.data(),
                static_cast<std::int32_t>(text.size()), &status);
  if (U_FAILURE(status)) return Fail(Code::kMalformed, "name is not UTF-8");
  return icu::UnicodeString(units.data(), length);
}

Result<icu::UnicodeString> DecodeNormal(std::string_view text, std::size_t bytes_max,
                                        bool line_feeds) {
  if (text.size() > bytes_max)
    return Fail(Code::kMalformed, "name is longer than " + std::to_string(bytes_max) + " bytes");
  ASSIGN(icu::UnicodeString decoded, Decode(text));
  for (std::int32_t i = 0; i < decoded.length(); i = decoded.moveIndex32(i, 1)) {
    const UChar32 c = decoded.char32At(i);
    if (!IsAllowed(c) && !(line_feeds && c == '\n'))
      return Fail(Code::kMalformed, "name holds a control, format or unknown character");
  }
  UErrorCode status = U_ZERO_ERROR;
  const bool normal = Nfc().isNormalized(decoded, status) != 0;
  if (U_FAILURE(status) || !normal) return Fail(Code::kMalformed, "name is not in NFC");
  return decoded;
}

}  // namespace

Result<void> CheckLine(std::string_view line, std::size_t bytes_max) {
  CHECK(bytes_max <= kLineBytesMax);
  if (line.empty()) return Fail(Code::kMalformed, "name is empty");
  ASSIGN(const icu::UnicodeString decoded, DecodeNormal(line, bytes_max, /*line_feeds=*/false));
  if (IsSpace(decoded.char32At(0)) || IsSpace(decoded.char32At(decoded.length() - 1)))
    return Fail(Code::kMalformed, "name begins or ends with a space");
  return {};
}

Result<void> CheckText(std::string_view text, std::size_t bytes_max) {
  CHECK(bytes_max <= kLineBytesMax);
  if (!text.empty() && text.back() != '\n')
    return Fail(Code::kMalformed, "the last line of a text does not end");
  TRY(DecodeNormal(text, bytes_max, /*line_feeds=*/true));
  return {};
}

Result<void> CheckName(std::string_view name) { return CheckLine(name, limits::kNameBytesMax); }

Result<std::string> ToLine(std::string_view typed, std::size_t bytes_max) {
  if (typed.size() > kTypedFactor * bytes_max)
    return Fail(Code::kMalformed, "name is longer than " + std::to_string(bytes_max) + " bytes");
  ASSIGN(icu::UnicodeString decoded, Decode(typed));
  while (!decoded.isEmpty() && IsSpace(decoded.char32At(0))) decoded.remove(0, 1);
  while (!decoded.isEmpty() && IsSpace(decoded.char32At(decoded.length() - 1)))
    decoded.truncate(decoded.length() - 1);
  UErrorCode status = U_ZERO_ERROR;
  const icu::UnicodeString normal = Nfc().normalize(decoded, status);
  if (U_FAILURE(status)) return Fail(Code::kMalformed, "name cannot be normalised");
  std::string line;
  normal.toUTF8String(line);
  TRY(CheckLine(line, bytes_max));
  return line;
}

Result<std::string> ToText(std::string_view typed, std::size_t bytes_max) {
  if (typed.size() > kTypedFactor * bytes_max)
    return Fail(Code::kMalformed, "text is longer than " + std::to_string(bytes_max) + " bytes");
  ASSIGN(icu::UnicodeString decoded, Decode(typed));
  decoded.findAndReplace(icu::UnicodeString("\r\n"), icu::UnicodeString("\n"));
  decoded.findAndReplace(icu::UnicodeString("\t"), icu::UnicodeString("    "));
  UErrorCode status = U_ZERO_ERROR;
  const icu::UnicodeString normal = Nfc().normalize(decoded, status);
  if (U_FAILURE(status)) return Fail(Code::kMalformed, "text cannot be normalised");
  std::string text;
  normal.toUTF8String(text);
  if (!text.empty() && text.back() != '\n') text += '\n';
  TRY(CheckText(text, bytes_max));
  return text;
}

Result<std::string> ToName(std::string_view typed) { return ToLine(typed, limits::kNameBytesMax); }

}  // namespace geflecht::log
