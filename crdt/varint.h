// Unsigned LEB128 numbers in their shortest form, and a reader that refuses every other form.
#pragma once

#include <cstdint>
#include <optional>

#include "base/bytes.h"

namespace geflecht::crdt {

void AppendVarint(Bytes& out, std::uint64_t value);

// Small numbers of either sign become small unsigned ones: 0, -1, 1, -2 ... -> 0, 1, 2, 3 ...
constexpr std::uint64_t ZigZag(std::int64_t value) {
  const std::uint64_t bits = static_cast<std::uint64_t>(value);
  return value < 0 ? ~(bits << 1) : bits << 1;
}
constexpr std::int64_t UnZigZag(std::uint64_t value) {
  return static_cast<std::int64_t>(value & 1 ? ~(value >> 1) : value >> 1);
}

// Reads from a view that outlives it.
class ByteReader {
 public:
  explicit ByteReader(ByteView bytes) : rest_(bytes) {}

  std::optional<std::uint8_t> Byte();
  // Nothing if the number is not in its shortest form or above 64 bits.
  std::optional<std::uint64_t> Varint();
  std::optional<ByteView> Take(std::uint64_t count);
  bool AtEnd() const { return rest_.empty(); }
  ByteView rest() const { return rest_; }

 private:
  ByteView rest_;
};

}  // namespace geflecht::crdt
