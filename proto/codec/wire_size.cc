// Sizes in the protobuf encoding (protobuf.dev/programming-guides/encoding): every field number of
// entry.proto and sync.proto is below 16, so that a tag takes one byte.
#include "proto/codec/parts.h"
#include "proto/codec/proto_wire.h"
#include "proto/codec/wire_codec.h"

namespace geflecht::codec {
namespace {

constexpr std::size_t kTag = 1;

std::size_t Number(std::uint64_t value) { return value == 0 ? 0 : kTag + VarintSize(value); }

// A message, or bytes whose presence counts.
std::size_t Present(std::size_t size) { return kTag + VarintSize(size) + size; }

// Bytes that are left out when there are none.
std::size_t NotEmpty(std::size_t size) { return size == 0 ? 0 : Present(size); }

// Type byte, space, device and life.
constexpr std::size_t kFeedFields =
    1 + (2 + Prefix::kSize) + (2 + log::DeviceId::kSize) + (2 + log::LifeId::kSize);

}  // namespace

std::size_t FrameSize(const Run& run) {
  std::size_t size = kFeedFields + Number(run.first_seq) + Number(run.arrival) +
                     (run.prev ? Present(ShortId::kSize) : 0);
  const EntryPart* before = nullptr;
  for (const EntryPart& part : run.entries) {
    size += Present(PartSize(part, before));
    before = &part;
  }
  return size;
}

std::size_t SizeInFrame(const BodyItem& item, const BodyItem* before) {
  const bool follows = item.seq == (before ? before->seq + 1 : 0);
  return Present((follows ? 0 : kTag + VarintSize(item.seq)) + Present(BodySize(item.body)));
}

std::size_t SizeInFrame(const ErasureItem& item) {
  return Present(NotEmpty(item.header.size()) + Present(crypto::Signature::kSize) +
                 NotEmpty(BodySize(item.body)));
}

std::size_t FrameSize(const Erasures& erasures) {
  std::size_t size = 1 + Present(Prefix::kSize) + Number(erasures.last ? 1 : 0) +
                     Number(erasures.held_back ? 1 : 0);
  for (const ErasureItem& item : erasures.items) size += SizeInFrame(item);
  return size;
}

std::size_t FrameSize(const Bodies& bodies) {
  std::size_t size = kFeedFields;
  const BodyItem* before = nullptr;
  for (const BodyItem& item : bodies.items) {
    size += SizeInFrame(item, before);
    before = &item;
  }
  return size;
}

}  // namespace geflecht::codec
