#include "node/formats/charset.h"

#include <unicode/ucnv.h>
#include <unicode/ucnv_err.h>
#include <unicode/unistr.h>
#include <unicode/utf8.h>

#include <cstddef>
#include <cstdint>
#include <limits>
#include <memory>
#include <string>
#include <string_view>

#include "base/check.h"

namespace geflecht::formats {
namespace {

// What files write, as letters and digits in lower case, and ICU's name for it.
struct Charset {
  std::string_view label;
  const char* converter;
};

constexpr Charset kCharsets[] = {
    {"utf16", "UTF-16"},
    {"utf16le", "UTF-16LE"},
    {"utf16be", "UTF-16BE"},
    {"usascii", "windows-1252"},
    {"ascii", "windows-1252"},
    {"iso88591", "windows-1252"},
    {"latin1", "windows-1252"},
    {"iso88592", "ISO-8859-2"},
    {"latin2", "ISO-8859-2"},
    {"iso88593", "ISO-8859-3"},
    {"iso88594", "ISO-8859-4"},
    {"iso88595", "ISO-8859-5"},
    {"iso88596", "ISO-8859-6"},
    {"iso88597", "ISO-8859-7"},
    {"iso88598", "ISO-8859-8"},
    {"iso88599", "windows-1254"},
    {"latin5", "windows-1254"},
    {"iso885910", "ISO-8859-10"},
    {"iso885913", "ISO-8859-13"},
    {"iso885914", "ISO-8859-14"},
    {"iso885915", "ISO-8859-15"},
    {"latin9", "ISO-8859-15"},
    {"windows1250", "windows-1250"},
    {"cp1250", "windows-1250"},
    {"windows1251", "windows-1251"},
    {"cp1251", "windows-1251"},
    {"windows1252", "windows-1252"},
    {"cp1252", "windows-1252"},
    {"ansi", "windows-1252"},
    {"windows1253", "windows-1253"},
    {"cp1253", "windows-1253"},
    {"windows1254", "windows-1254"},
    {"cp1254", "windows-1254"},
    {"windows1255", "windows-1255"},
    {"cp1255", "windows-1255"},
    {"windows1256", "windows-1256"},
    {"cp1256", "windows-1256"},
    {"windows1257", "windows-1257"},
    {"cp1257", "windows-1257"},
    {"windows1258", "windows-1258"},
    {"cp1258", "windows-1258"},
    {"ibm437", "ibm-437"},
    {"cp437", "ibm-437"},
    {"ibm850", "ibm-850"},
    {"cp850", "ibm-850"},
    {"macintosh", "macintosh"},
    {"koi8r", "KOI8-R"},
};

constexpr std::size_t kLabelBytesMax = 32;

std::string FoldLabel(std::string_view label) {
  std::string out;
  if (label.size() > kLabelBytesMax) return out;
  for (const char c : label) {
    if (c >= 'A' && c <= 'Z') out.push_back(static_cast<char>(c - 'A' + 'a'));
    if ((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9')) out.push_back(c);
  }
  return out;
}

const char* ConverterOf(std::string_view folded) {
  for (const Charset& charset : kCharsets)
    if (charset.label == folded) return charset.converter;
  return nullptr;
}

bool IsUtf8(ByteView bytes) {
  std::size_t at = 0;
  while (at < bytes.size()) {
    UChar32 c = 0;
    U8_NEXT(bytes.data(), at, bytes.size(), c);
    if (c < 0) return false;
  }
  return true;
}

Result<std::string> Convert(ByteView bytes, const char* name) {
  UErrorCode status = U_ZERO_ERROR;
  const std::unique_ptr<UConverter, void (*)(UConverter*)> converter(ucnv_open(name, &status),
                                                                     ucnv_close);
  CHECK(U_SUCCESS(status));
  ucnv_setToUCallBack(converter.get(), UCNV_TO_U_CALLBACK_STOP, nullptr, nullptr, nullptr, &status);
  CHECK(U_SUCCESS(status));
  // No converter of the table makes more UTF-16 units than it reads bytes.
  std::u16string units(bytes.size() + 1, u'\0');
  const std::int32_t size =
      ucnv_toUChars(converter.get(), units.data(), static_cast<std::int32_t>(units.size()),
                    AsText(bytes).data(), static_cast<std::int32_t>(bytes.size()), &status);
  if (U_FAILURE(status)) return Fail(Code::kMalformed, "bytes outside of the character set");
  std::string out;
  icu::UnicodeString(units.data(), size).toUTF8String(out);
  return out;
}

}  // namespace

Result<std::string> DecodeCharset(ByteView bytes, std::string_view label) {
  CHECK(bytes.size() < static_cast<std::size_t>(std::numeric_limits<std::int32_t>::max()));
  const std::string folded = FoldLabel(label);
  if (folded == "utf8" || (label.empty() && IsUtf8(bytes))) {
    if (!IsUtf8(bytes)) return Fail(Code::kMalformed, "bytes outside of the character set");
    std::string_view text = AsText(bytes);
    if (text.starts_with("\xEF\xBB\xBF")) text.remove_prefix(3);
    return std::string(text);
  }
  const char* const converter = label.empty() ? "windows-1252" : ConverterOf(folded);
  if (converter == nullptr) return Fail(Code::kNotFound, "unknown character set");
  return Convert(bytes, converter);
}

bool IsWideCharset(std::string_view label) { return FoldLabel(label).starts_with("utf16"); }

}  // namespace geflecht::formats
