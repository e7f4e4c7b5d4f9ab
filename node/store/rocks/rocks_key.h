// The physical key: group length (4 bytes) || group || order (8 bytes), numbers most significant
// byte first. The length in front keeps one group from being a prefix of another.
#pragma once

#include <rocksdb/slice.h>

#include <cstdint>
#include <limits>

#include "base/bytes.h"
#include "base/check.h"

namespace geflecht::store {

inline constexpr std::size_t kOrderBytes = 8;

inline void AppendGroupPrefix(Bytes& out, ByteView group) {
  CHECK(group.size() <= std::numeric_limits<std::uint32_t>::max());
  AppendBe32(out, static_cast<std::uint32_t>(group.size()));
  Append(out, group);
}

inline void AppendPhysicalKey(Bytes& out, ByteView group, std::uint64_t order) {
  AppendGroupPrefix(out, group);
  AppendBe64(out, order);
}

// The part that all records of `group` share.
inline Bytes GroupPrefix(ByteView group) {
  Bytes out;
  AppendGroupPrefix(out, group);
  return out;
}

inline Bytes PhysicalKey(ByteView group, std::uint64_t order) {
  Bytes out;
  out.reserve(4 + group.size() + kOrderBytes);
  AppendPhysicalKey(out, group, order);
  return out;
}

// Valid as long as `bytes`.
inline rocksdb::Slice AsSlice(ByteView bytes) {
  return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}

inline ByteView AsView(const rocksdb::Slice& slice) {
  return {reinterpret_cast<const std::uint8_t*>(slice.data()), slice.size()};
}

}  // namespace geflecht::store
