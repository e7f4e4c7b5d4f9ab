// Reading and writing the protobuf encoding (protobuf.dev/programming-guides/encoding) without
// message objects, for the messages of which there are many: entries and bodies. The .proto files
// stay the description; what these functions write, protobuf reads, and the reverse. Stricter than
// protobuf in one point: a singular field may not stand twice. Private to proto/codec.
#pragma once

#include <cstdint>
#include <optional>

#include "base/bytes.h"
#include "base/result.h"

namespace geflecht::codec {

inline void PutVarint(std::uint64_t value, Bytes& out) {
  for (; value >= 0x80; value >>= 7) out.push_back(static_cast<std::uint8_t>(value | 0x80));
  out.push_back(static_cast<std::uint8_t>(value));
}

inline std::size_t VarintSize(std::uint64_t value) {
  std::size_t size = 1;
  for (; value >= 0x80; value >>= 7) ++size;
  return size;
}

enum class WireType : std::uint8_t { kVarint = 0, kFixed64 = 1, kBytes = 2, kFixed32 = 5 };

inline void PutTag(std::uint32_t field, WireType type, Bytes& out) {
  PutVarint(field << 3 | static_cast<std::uint32_t>(type), out);
}
// Absent if zero, like proto3.
inline void PutNumber(std::uint32_t field, std::uint64_t value, Bytes& out) {
  if (value == 0) return;
  PutTag(field, WireType::kVarint, out);
  PutVarint(value, out);
}
// The tag and length in front of `size` bytes that follow.
inline void PutLength(std::uint32_t field, std::size_t size, Bytes& out) {
  PutTag(field, WireType::kBytes, out);
  PutVarint(size, out);
}
// Absent if empty, like proto3.
inline void PutBytes(std::uint32_t field, ByteView value, Bytes& out) {
  if (value.empty()) return;
  PutLength(field, value.size(), out);
  Append(out, value);
}

// Walks over the fields of one message. Views are valid as long as the bytes it reads.
class FieldReader {
 public:
  explicit FieldReader(ByteView in) : in_(in) {}

  // Goes to the next field; false at the end. kMalformed if what follows is no field.
  Result<bool> Next();
  std::uint32_t field() const { return field_; }
  // The value of the field: kMalformed if it is of another type, or if the field stood here before.
  // Fields 1 to 31.
  Result<std::uint64_t> Number();
  Result<ByteView> Value();
  // The same without the rule that it stands once: for repeated fields.
  Result<ByteView> Item();

 private:
  Result<void> Once();

  ByteView in_;
  std::uint32_t field_ = 0;
  WireType type_ = WireType::kVarint;
  std::uint64_t number_ = 0;
  ByteView value_;
  std::uint32_t seen_ = 0;  // bits, by field
};

}  // namespace geflecht::codec
