#include "node/audit/html.h"

#include <cstdint>
#include <string>

#include "crdt/utf8.h"

namespace geflecht::audit {
namespace {

std::string Hex(char32_t value, std::size_t digits) {
  static constexpr char kDigits[] = "0123456789ABCDEF";
  std::string out;
  for (; value != 0 || out.size() < digits; value >>= 4)
    out.insert(out.begin(), kDigits[value & 15]);
  return out;
}

// Controls, marks of the writing direction (Unicode Standard Annex #9), separators, joiners, tags.
bool IsInvisible(char32_t point) {
  return point < 0x20 || (point >= 0x7f && point <= 0x9f) || point == 0xad || point == 0x61c ||
         (point >= 0x180b && point <= 0x180f) || (point >= 0x200b && point <= 0x200f) ||
         (point >= 0x2028 && point <= 0x202e) || (point >= 0x2060 && point <= 0x206f) ||
         (point >= 0xfe00 && point <= 0xfe0f) || point == 0xfeff ||
         (point >= 0xfff9 && point <= 0xfffb) || (point >= 0xe0000 && point <= 0xe0fff);
}

std::string_view EntityOf(char32_t point) {
  switch (point) {
    case U'&':
      return "&amp;";
    case U'<':
      return "&lt;";
    case U'>':
      return "&gt;";
    case U'"':
      return "&quot;";
    case U'\'':
      return "&#39;";
    default:
      return {};
  }
}

}  // namespace

std::string EscapeHtml(std::string_view text) {
  std::string out;
  const auto points = crdt::DecodeUtf8(text);
  if (!points) {
    for (const char c : text) {
      const auto byte = static_cast<std::uint8_t>(c);
      if (byte >= 0x80) {
        out += "[0x" + Hex(byte, 2) + "]";
      } else {
        out += EscapeHtml(std::string_view(&c, 1));
      }
    }
    return out;
  }
  for (const char32_t point : *points) {
    if (const std::string_view entity = EntityOf(point); !entity.empty()) {
      out += entity;
    } else if (IsInvisible(point)) {
      out += "[U+" + Hex(point, 4) + "]";
    } else {
      out += crdt::EncodeUtf8(std::u32string_view(&point, 1));
    }
  }
  return out;
}

std::string EscapeHtmlLines(std::string_view text) {
  if (text.ends_with('\n')) text.remove_suffix(1);
  std::string out;
  for (std::size_t end = text.find('\n'); end != text.npos; end = text.find('\n')) {
    out += EscapeHtml(text.substr(0, end)) + "<br>";
    text.remove_prefix(end + 1);
  }
  return out + EscapeHtml(text);
}

}  // namespace geflecht::audit
