#include "crdt/sections.h"

#include <utility>

namespace geflecht::crdt {
namespace {

// Below this a compressor's own header costs more than it saves.
constexpr std::size_t kPackedFrom = 48;
// What unpacking may make of few bytes: a file never costs much more memory than it has bytes.
constexpr std::uint64_t kUnpackedAlways = 1024 * 1024;
constexpr std::uint64_t kUnpackedRatio = 1024;

bool IsPacked(std::uint64_t size, std::uint64_t packed) {
  return packed < size && (size <= kUnpackedAlways || size / kUnpackedRatio <= packed);
}

}  // namespace

const Compressor& NoCompressor() {
  static const Compressor none{
      .pack = [](ByteView data, ByteView) { return Bytes(data.begin(), data.end()); },
      .unpack = [](ByteView packed, ByteView, std::size_t size) -> std::optional<Bytes> {
        if (packed.size() != size) return std::nullopt;
        return Bytes(packed.begin(), packed.end());
      }};
  return none;
}

// FNV-1a, four times with different beginnings.
std::array<std::uint8_t, 32> Checksum(ByteView data) {
  std::array<std::uint8_t, 32> out{};
  for (std::size_t lane = 0; lane < 4; ++lane) {
    std::uint64_t sum = 0xCBF29CE484222325u + 0x9E3779B97F4A7C15u * lane;
    for (const std::uint8_t byte : data) sum = (sum ^ byte) * 0x100000001B3u;
    for (std::size_t i = 0; i < 8; ++i)
      out[8 * lane + i] = static_cast<std::uint8_t>(sum >> (8 * i));
  }
  return out;
}

void AppendSection(Bytes& out, ByteView data, ByteView prefix, const Compressor& compressor) {
  Bytes packed;
  if (data.size() >= kPackedFrom) packed = compressor.pack(data, prefix);
  const bool smaller = !packed.empty() && IsPacked(data.size(), packed.size());
  AppendVarint(out, 2 * std::uint64_t{data.size()} + (smaller ? 1 : 0));
  if (smaller) AppendVarint(out, packed.size());
  Append(out, smaller ? ByteView(packed) : data);
}

std::optional<Section> ReadSection(ByteReader& in) {
  const auto head = in.Varint();
  if (!head) return std::nullopt;
  Section section{.size = *head / 2, .packed = *head % 2 == 1, .bytes = {}};
  std::uint64_t stored = section.size;
  if (section.packed) {
    const auto size = in.Varint();
    if (!size || !IsPacked(section.size, *size)) return std::nullopt;
    stored = *size;
  }
  const auto bytes = in.Take(stored);
  if (!bytes) return std::nullopt;
  section.bytes = *bytes;
  return section;
}

std::optional<Bytes> Unpack(const Section& section, ByteView prefix, const Compressor& compressor) {
  if (!section.packed) return Bytes(section.bytes.begin(), section.bytes.end());
  std::optional<Bytes> bytes =
      compressor.unpack(section.bytes, prefix, static_cast<std::size_t>(section.size));
  if (bytes && bytes->size() != section.size) return std::nullopt;
  return bytes;
}

}  // namespace geflecht::crdt
