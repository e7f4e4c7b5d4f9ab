#include "crdt/utf8.h"

#include <cstdint>
#include <cstring>

namespace geflecht::crdt {
namespace {

constexpr char32_t kInvalid = 0xFFFFFFFF;

bool IsContinuation(char byte) { return (static_cast<std::uint8_t>(byte) & 0xC0) == 0x80; }

// Reads the code point at `at` and moves `at` behind it.
char32_t ReadPoint(std::string_view text, std::size_t& at) {
  const std::uint8_t lead = static_cast<std::uint8_t>(text[at++]);
  if (lead < 0x80) return lead;
  if (lead < 0xC2 || lead > 0xF4) return kInvalid;
  const int more = lead < 0xE0 ? 1 : lead < 0xF0 ? 2 : 3;
  char32_t point = lead & (0x3F >> more);
  for (int i = 0; i < more; ++i) {
    if (at == text.size() || !IsContinuation(text[at])) return kInvalid;
    point = point << 6 | (static_cast<std::uint8_t>(text[at++]) & 0x3F);
  }
  static constexpr char32_t kLeast[] = {0, 0x80, 0x800, 0x10000};
  if (point < kLeast[more] || point > 0x10FFFF) return kInvalid;
  if (point >= 0xD800 && point <= 0xDFFF) return kInvalid;
  return point;
}

}  // namespace

std::optional<std::u32string> DecodeUtf8(std::string_view text) {
  std::u32string points;
  for (std::size_t at = 0; at < text.size();) {
    const char32_t point = ReadPoint(text, at);
    if (point == kInvalid) return std::nullopt;
    points.push_back(point);
  }
  return points;
}

bool IsLongUtf8(std::string_view text) {
  for (std::size_t at = 0; at < text.size();) {
    // Eight bytes at once where all are ASCII.
    for (; text.size() - at >= 8; at += 8) {
      std::uint64_t word = 0;
      std::memcpy(&word, text.data() + at, 8);
      if ((word & 0x8080808080808080u) != 0) break;
    }
    if (at < text.size() && ReadPoint(text, at) == kInvalid) return false;
  }
  return true;
}

std::string EncodeUtf8(std::u32string_view points) {
  std::string out;
  for (const char32_t point : points) {
    if (point < 0x80) {
      out.push_back(static_cast<char>(point));
      continue;
    }
    const int more = point < 0x800 ? 1 : point < 0x10000 ? 2 : 3;
    static constexpr std::uint8_t kLead[] = {0, 0xC0, 0xE0, 0xF0};
    out.push_back(static_cast<char>(kLead[more] | (point >> (6 * more))));
    for (int i = more - 1; i >= 0; --i)
      out.push_back(static_cast<char>(0x80 | ((point >> (6 * i)) & 0x3F)));
  }
  return out;
}

std::size_t CountLongText(std::string_view text) {
  std::size_t at = 0, continuations = 0;
  for (; text.size() - at >= 8; at += 8) {
    std::uint64_t word = 0;
    std::memcpy(&word, text.data() + at, 8);
    const std::uint64_t marks = (word >> 7) & ~(word >> 6) & 0x0101010101010101u;
    continuations += static_cast<std::size_t>((marks * 0x0101010101010101u) >> 56);
  }
  for (; at < text.size(); ++at) continuations += IsContinuation(text[at]);
  return text.size() - continuations;
}

}  // namespace geflecht::crdt
