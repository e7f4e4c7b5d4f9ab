// The parts of a document's file, each packed or not, whichever is smaller.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>

#include "base/bytes.h"
#include "crdt/compressor.h"
#include "crdt/varint.h"

namespace geflecht::crdt {

struct Section {
  std::uint64_t size = 0;  // unpacked
  bool packed = false;
  ByteView bytes;
};

// varint: twice the size, plus 1 if it is packed; then varint: packed size; then the bytes.
void AppendSection(Bytes& out, ByteView data, ByteView prefix, const Compressor& compressor);
std::optional<Section> ReadSection(ByteReader& in);
std::optional<Bytes> Unpack(const Section& section, ByteView prefix, const Compressor& compressor);

}  // namespace geflecht::crdt
