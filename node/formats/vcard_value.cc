#include "node/formats/vcard_value.h"

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/bytes.h"
#include "base/limits.h"
#include "node/formats/ascii.h"
#include "node/formats/charset.h"
#include "node/formats/unicode.h"

namespace geflecht::formats {
namespace {

tl::unexpected<Error> FailTooLong() {
  return Fail(Code::kTooLarge,
              "longer-than-" + std::to_string(limits::kVcardValueBytesMax) + "-bytes");
}

int HexDigit(char c) {
  c = ToUpperAscii(c);
  if (c >= '0' && c <= '9') return c - '0';
  return c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1;
}

// RFC 2045 §6.7; a "=" without two digits behind it stands for itself.
std::string FromQuotedPrintable(std::string_view text) {
  std::string out;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const int high = text[i] == '=' && i + 2 < text.size() ? HexDigit(text[i + 1]) : -1;
    const int low = high >= 0 ? HexDigit(text[i + 2]) : -1;
    if (low < 0) {
      out.push_back(text[i]);
      continue;
    }
    out.push_back(static_cast<char>(high * 16 + low));
    i += 2;
  }
  return out;
}

// RFC 4648 §4 with white space in it and with or without padding.
Result<std::string> FromBase64(std::string_view text) {
  constexpr std::string_view kDigits =
      "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  std::string out;
  std::uint32_t bits = 0;
  int count = 0;
  for (const char c : text) {
    if (c == ' ' || c == '\t' || c == '=') continue;
    const std::size_t digit = kDigits.find(c);
    if (digit == std::string_view::npos) return Fail(Code::kMalformed, "not-base64");
    bits = (bits << 6 | static_cast<std::uint32_t>(digit)) & 0xFFFF;
    count += 6;
    if (count < 8) continue;
    count -= 8;
    out.push_back(static_cast<char>(bits >> count & 0xFF));
  }
  return out;
}

// Cuts `text` at the semicolons that are not escaped; empty parts at the end are left out.
std::vector<std::string_view> Cut(std::string_view text) {
  std::vector<std::string_view> parts;
  std::size_t start = 0;
  for (std::size_t i = 0; i < text.size() && parts.size() < limits::kVcardPartsMax; ++i) {
    if (text[i] == '\\') {
      ++i;
    } else if (text[i] == ';') {
      parts.push_back(text.substr(start, i - start));
      start = i + 1;
    }
  }
  text.remove_prefix(start);
  if (parts.empty() || text.find_first_not_of("; \t") != std::string_view::npos)
    parts.push_back(text);
  return parts;
}

std::string Unescaped(std::string_view text, const VcardValueForm& form) {
  std::string out;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const char next = i + 1 < text.size() ? text[i + 1] : '\0';
    const bool is_break = form.escapes == VcardEscapes::kVersion30 && (next == 'n' || next == 'N');
    if (text[i] == ',' && form.comma_is_space) {
      out.push_back(' ');
    } else if (text[i] != '\\' || (next != ';' && next != ',' && next != '\\' && !is_break)) {
      out.push_back(text[i]);
    } else {
      out.push_back(is_break ? '\n' : next);
      ++i;
    }
  }
  return out;
}

Result<std::string> Decoded(std::string_view raw, const VcardValueForm& form) {
  std::string bytes(raw);
  if (form.encoding == VcardEncoding::kQuotedPrintable) bytes = FromQuotedPrintable(raw);
  if (form.encoding == VcardEncoding::kBase64) {
    ASSIGN(bytes, FromBase64(raw));
  }
  if (bytes.size() > 2 * limits::kVcardValueBytesMax) return FailTooLong();
  const bool as_unicode = form.is_unicode && form.encoding == VcardEncoding::kPlain;
  Result<std::string> text = DecodeCharset(AsBytes(bytes), as_unicode ? "UTF-8" : form.charset);
  if (text) return text;
  return Fail(text.error().code, text.error().code == Code::kNotFound ? "unknown-character-set"
                                                                      : "not-in-its-character-set");
}

Result<std::string> Finished(std::string_view text, const VcardValueForm& form) {
  std::string value = NormaliseValue(Unescaped(text, form));
  if (value.size() > limits::kVcardValueBytesMax) return FailTooLong();
  return value;
}

}  // namespace

Result<std::vector<std::string>> DecodeVcardValue(std::string_view raw,
                                                  const VcardValueForm& form) {
  constexpr std::size_t kEncodedMax = 8 * limits::kVcardValueBytesMax;  // "=XX" and soft breaks
  if (raw.size() > kEncodedMax) return FailTooLong();
  // Encoded semicolons do not separate, except where one cannot tell the bytes apart before.
  const bool cut_first =
      form.has_parts && form.encoding != VcardEncoding::kBase64 && !IsWideCharset(form.charset);
  std::vector<std::string> parts;
  if (cut_first) {
    for (const std::string_view part : Cut(raw)) {
      ASSIGN(const std::string text, Decoded(part, form));
      ASSIGN(std::string value, Finished(text, form));
      parts.push_back(std::move(value));
    }
  } else {
    ASSIGN(const std::string text, Decoded(raw, form));
    for (const std::string_view part :
         form.has_parts ? Cut(text) : std::vector<std::string_view>{text}) {
      ASSIGN(std::string value, Finished(part, form));
      parts.push_back(std::move(value));
    }
  }
  while (parts.size() > 1 && parts.back().empty()) parts.pop_back();
  if (parts.size() > limits::kVcardPartsMax)
    return Fail(Code::kTooLarge, "more-than-" + std::to_string(limits::kVcardPartsMax) + "-parts");
  return parts;
}

}  // namespace geflecht::formats
