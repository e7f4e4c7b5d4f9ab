// Comparison of texts that are short almost always, keys and paths: in place, where the library
// makes a call. Bytes count as unsigned; the order is that of std::string.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string_view>

namespace geflecht::crdt {

namespace short_text {

// The first bytes as a number that is ordered as they are.
template <class Word>
Word Load(const char* from) {
  Word word;
  std::memcpy(&word, from, sizeof(word));
  return sizeof(word) == 8 ? static_cast<Word>(__builtin_bswap64(word))
                           : static_cast<Word>(__builtin_bswap32(static_cast<std::uint32_t>(word)));
}

// Compares `size` bytes, no fewer than a word and no more than two.
template <class Word>
int Compare(const char* left, const char* right, std::size_t size) {
  Word a = Load<Word>(left), b = Load<Word>(right);
  if (a == b) {
    a = Load<Word>(left + size - sizeof(Word));
    b = Load<Word>(right + size - sizeof(Word));
  }
  return a < b ? -1 : a > b ? 1 : 0;
}

inline int Compare(std::string_view left, std::string_view right, std::size_t size) {
  if (size > 16) return std::memcmp(left.data(), right.data(), size);
  if (size >= 8) return Compare<std::uint64_t>(left.data(), right.data(), size);
  if (size >= 4) return Compare<std::uint32_t>(left.data(), right.data(), size);
  for (std::size_t i = 0; i < size; ++i)
    if (left[i] != right[i])
      return static_cast<unsigned char>(left[i]) < static_cast<unsigned char>(right[i]) ? -1 : 1;
  return 0;
}

}  // namespace short_text

inline bool SameText(std::string_view left, std::string_view right) {
  return left.size() == right.size() && short_text::Compare(left, right, left.size()) == 0;
}

struct TextLess {
  using is_transparent = void;
  bool operator()(std::string_view left, std::string_view right) const {
    const int order = short_text::Compare(left, right, std::min(left.size(), right.size()));
    return order != 0 ? order < 0 : left.size() < right.size();
  }
};

}  // namespace geflecht::crdt
