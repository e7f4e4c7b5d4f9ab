#include "node/formats/unicode.h"

#include <unicode/bytestream.h>
#include <unicode/normalizer2.h>
#include <unicode/stringpiece.h>
#include <unicode/uchar.h>
#include <unicode/utf16.h>
#include <unicode/utf8.h>

#include <algorithm>
#include <array>
#include <cstdint>
#include <limits>
#include <optional>
#include <string>

#include "base/check.h"

namespace geflecht::formats {
namespace {

// Code points of 0x80..0x9F; 0 where Windows-1252 defines none (WHATWG Encoding Standard without
// its fall-back to C1 controls). All other bytes are the code point of the same number.
constexpr std::array<std::uint16_t, 32> kWindows1252High = {
    0x20AC, 0,      0x201A, 0x0192, 0x201E, 0x2026, 0x2020, 0x2021, 0x02C6, 0x2030, 0x0160,
    0x2039, 0x0152, 0,      0x017D, 0,      0,      0x2018, 0x2019, 0x201C, 0x201D, 0x2022,
    0x2013, 0x2014, 0x02DC, 0x2122, 0x0161, 0x203A, 0x0153, 0,      0x017E, 0x0178};

void AppendUtf8(std::string& out, UChar32 c) {
  std::uint8_t units[U8_MAX_LENGTH];
  std::int32_t count = 0;
  U8_APPEND_UNSAFE(units, count, c);
  out.append(reinterpret_cast<const char*>(units), static_cast<std::size_t>(count));
}

tl::unexpected<Error> FailAtLine(std::size_t line, std::string_view reason) {
  return Fail(Code::kMalformed, "line " + std::to_string(line) + ": " + std::string(reason));
}

std::size_t LineOf(std::string_view text, std::size_t offset) {
  const std::string_view before = text.substr(0, offset);
  const auto feeds = std::count(before.begin(), before.end(), '\n');
  // Files with bare CR as line end.
  const auto lines = feeds > 0 ? feeds : std::count(before.begin(), before.end(), '\r');
  return static_cast<std::size_t>(lines) + 1;
}

std::optional<std::size_t> FirstInvalidUtf8(ByteView bytes) {
  std::size_t at = 0;
  while (at < bytes.size()) {
    const std::size_t start = at;
    UChar32 c = 0;
    U8_NEXT(bytes.data(), at, bytes.size(), c);
    if (c < 0) return start;
  }
  return std::nullopt;
}

Result<std::string> FromWindows1252(ByteView bytes) {
  std::string out;
  out.reserve(bytes.size() + bytes.size() / 8);
  for (std::size_t i = 0; i < bytes.size(); ++i) {
    UChar32 c = bytes[i];
    if (c >= 0x80 && c < 0xA0) c = kWindows1252High[bytes[i] - 0x80u];
    if (c == 0 && bytes[i] != 0)
      return FailAtLine(LineOf(AsText(bytes), i), "byte is neither UTF-8 nor Windows-1252");
    AppendUtf8(out, c);
  }
  return out;
}

Result<std::string> FromUtf16(ByteView bytes, bool big_endian) {
  std::string out;
  out.reserve(bytes.size());
  const auto unit = [&](std::size_t i) -> std::uint32_t {
    const std::uint32_t first = bytes[2 * i];
    const std::uint32_t second = bytes[2 * i + 1];
    return big_endian ? first << 8 | second : second << 8 | first;
  };
  const std::size_t units = bytes.size() / 2;
  for (std::size_t i = 0; i < units; ++i) {
    const std::uint32_t c = unit(i);
    if (!U16_IS_SURROGATE(c)) {
      AppendUtf8(out, static_cast<UChar32>(c));
    } else if (U16_IS_LEAD(c) && i + 1 < units && U16_IS_TRAIL(unit(i + 1))) {
      AppendUtf8(out, static_cast<UChar32>(U16_GET_SUPPLEMENTARY(c, unit(++i))));
    } else {
      return FailAtLine(LineOf(out, out.size()), "half of a UTF-16 pair");
    }
  }
  if (bytes.size() % 2 != 0)
    return FailAtLine(LineOf(out, out.size()), "UTF-16 ends within a character");
  return out;
}

Result<DecodedText> Decode(ByteView bytes) {
  const auto starts = [&](std::string_view mark) { return AsText(bytes).starts_with(mark); };
  DecodedText out;
  if (starts("\xFF\xFE") || starts("\xFE\xFF")) {
    const bool big_endian = bytes[0] == 0xFE;
    ASSIGN(out.text, FromUtf16(bytes.subspan(2), big_endian));
    out.encoding = big_endian ? Encoding::kUtf16Be : Encoding::kUtf16Le;
    return out;
  }
  const bool mark = starts("\xEF\xBB\xBF");
  if (mark) bytes = bytes.subspan(3);
  if (const std::optional<std::size_t> bad = FirstInvalidUtf8(bytes); !bad) {
    out.text = ToText(bytes);
    out.encoding = mark ? Encoding::kUtf8Bom : Encoding::kUtf8;
  } else if (mark) {
    return FailAtLine(LineOf(AsText(bytes), *bad), "not UTF-8, although the file says so");
  } else {
    ASSIGN(out.text, FromWindows1252(bytes));
    out.encoding = Encoding::kWindows1252;
  }
  return out;
}

}  // namespace

Result<DecodedText> DecodeText(ByteView bytes) {
  ASSIGN(DecodedText out, Decode(bytes));
  if (const std::size_t nul = out.text.find('\0'); nul != std::string::npos)
    return FailAtLine(LineOf(out.text, nul), "NUL character; this is no text file");
  return out;
}

std::string NormaliseValue(std::string_view text) {
  CHECK(text.size() <= static_cast<std::size_t>(std::numeric_limits<std::int32_t>::max()));
  std::string lines;
  lines.reserve(text.size());
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '\r' && i + 1 < text.size() && text[i + 1] == '\n') continue;
    lines.push_back(text[i] == '\r' ? '\n' : text[i]);
  }

  UErrorCode status = U_ZERO_ERROR;
  const icu::Normalizer2* nfc = icu::Normalizer2::getNFCInstance(status);
  CHECK(U_SUCCESS(status));
  std::string composed;
  icu::StringByteSink<std::string> sink(&composed);
  nfc->normalizeUTF8(0, icu::StringPiece(lines), sink, nullptr, status);
  CHECK(U_SUCCESS(status));

  std::size_t begin = 0;
  std::size_t end = composed.size();
  const auto* units = reinterpret_cast<const std::uint8_t*>(composed.data());
  while (begin < end) {
    std::size_t next = begin;
    UChar32 c = 0;
    U8_NEXT(units, next, end, c);
    if (!u_isUWhiteSpace(c)) break;
    begin = next;
  }
  while (end > begin) {
    auto previous = static_cast<std::int32_t>(end);
    UChar32 c = 0;
    U8_PREV(units, static_cast<std::int32_t>(begin), previous, c);
    if (!u_isUWhiteSpace(c)) break;
    end = static_cast<std::size_t>(previous);
  }
  return composed.substr(begin, end - begin);
}

}  // namespace geflecht::formats
