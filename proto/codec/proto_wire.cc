#include "proto/codec/proto_wire.h"

namespace geflecht::codec {
namespace {

constexpr std::uint32_t kFieldMax = (1u << 29) - 1;

std::optional<std::uint64_t> TakeVarint(ByteView& in) {
  std::uint64_t value = 0;
  for (std::size_t i = 0; i < in.size() && i < 10; ++i) {
    value |= std::uint64_t{in[i] & 0x7fu} << (7 * i);
    if (in[i] >= 0x80) continue;
    if (i == 9 && in[i] > 1) return std::nullopt;
    in = in.subspan(i + 1);
    return value;
  }
  return std::nullopt;
}

std::optional<ByteView> TakeBytes(ByteView& in, std::uint64_t size) {
  if (size > in.size()) return std::nullopt;
  const ByteView taken = in.first(static_cast<std::size_t>(size));
  in = in.subspan(taken.size());
  return taken;
}

}  // namespace

Result<bool> FieldReader::Next() {
  if (in_.empty()) return false;
  const auto broken = [] { return Fail(Code::kMalformed, "not a protobuf message"); };
  const auto tag = TakeVarint(in_);
  if (!tag || *tag >> 3 == 0 || *tag >> 3 > kFieldMax) return broken();
  field_ = static_cast<std::uint32_t>(*tag >> 3);
  type_ = static_cast<WireType>(*tag & 7);
  if (type_ == WireType::kVarint) {
    const auto number = TakeVarint(in_);
    if (!number) return broken();
    number_ = *number;
    return true;
  }
  std::uint64_t size = 0;
  if (type_ == WireType::kBytes) {
    const auto length = TakeVarint(in_);
    if (!length) return broken();
    size = *length;
  } else if (type_ == WireType::kFixed64) {
    size = 8;
  } else if (type_ == WireType::kFixed32) {
    size = 4;
  } else {
    return broken();  // groups, which no message of ours ever had
  }
  const auto value = TakeBytes(in_, size);
  if (!value) return broken();
  value_ = *value;
  return true;
}

Result<void> FieldReader::Once() {
  const std::uint32_t bit = 1u << field_;
  if (field_ > 31 || (seen_ & bit) != 0) return Fail(Code::kMalformed, "a field stands twice");
  seen_ |= bit;
  return {};
}

Result<std::uint64_t> FieldReader::Number() {
  TRY(Once());
  if (type_ != WireType::kVarint) return Fail(Code::kMalformed, "type of a field");
  return number_;
}

Result<ByteView> FieldReader::Value() {
  TRY(Once());
  return Item();
}

Result<ByteView> FieldReader::Item() {
  if (type_ != WireType::kBytes) return Fail(Code::kMalformed, "type of a field");
  return value_;
}

}  // namespace geflecht::codec
