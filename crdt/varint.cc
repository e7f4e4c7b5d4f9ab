#include "crdt/varint.h"

namespace geflecht::crdt {

void AppendVarint(Bytes& out, std::uint64_t value) {
  for (; value >= 0x80; value >>= 7) out.push_back(static_cast<std::uint8_t>(value | 0x80));
  out.push_back(static_cast<std::uint8_t>(value));
}

std::optional<std::uint8_t> ByteReader::Byte() {
  if (rest_.empty()) return std::nullopt;
  const std::uint8_t byte = rest_[0];
  rest_ = rest_.subspan(1);
  return byte;
}

std::optional<std::uint64_t> ByteReader::Varint() {
  std::uint64_t value = 0;
  for (unsigned shift = 0; shift < 64; shift += 7) {
    const std::optional<std::uint8_t> byte = Byte();
    if (!byte) return std::nullopt;
    if (shift == 63 && *byte > 1) return std::nullopt;
    value |= static_cast<std::uint64_t>(*byte & 0x7F) << shift;
    if (*byte & 0x80) continue;
    if (*byte == 0 && shift > 0) return std::nullopt;
    return value;
  }
  return std::nullopt;
}

std::optional<ByteView> ByteReader::Take(std::uint64_t count) {
  if (count > rest_.size()) return std::nullopt;
  const ByteView taken = rest_.first(static_cast<std::size_t>(count));
  rest_ = rest_.subspan(static_cast<std::size_t>(count));
  return taken;
}

}  // namespace geflecht::crdt
