// How a document's file is made smaller. The engine itself knows no compressor: what is hashed or
// signed is never compressed.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>

#include "base/bytes.h"

namespace geflecht::crdt {

struct Compressor {
  // Packs `data`, in which stretches of `prefix` may come again.
  std::function<Bytes(ByteView data, ByteView prefix)> pack;
  // Nothing unless `packed` was packed with this prefix and has exactly `size` bytes unpacked. Must
  // not allocate much more than it unpacks.
  std::function<std::optional<Bytes>(ByteView packed, ByteView prefix, std::size_t size)> unpack;
};

// 32 bytes that nobody makes twice; SHA-256 in the node.
using Hash = std::function<std::array<std::uint8_t, 32>(ByteView)>;
// Tells damage from health, and nothing against intent: for tests and for places without a hash.
std::array<std::uint8_t, 32> Checksum(ByteView data);

// Packs nothing: for tests and for places without a compressor.
const Compressor& NoCompressor();

}  // namespace geflecht::crdt
