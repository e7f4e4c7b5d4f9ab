// Sizes in the protobuf encoding (protobuf.dev/programming-guides/encoding): every field number of
// entry.proto and sync.proto is below 16, so that a tag takes one byte.
#include "proto/codec/wire_codec.h"

namespace geflecht::codec {
namespace {

constexpr std::size_t kTag = 1;

std::size_t Varint(std::uint64_t value) {
  std::size_t size = 1;
  for (; value >= 0x80; value >>= 7) ++size;
  return size;
}

std::size_t Number(std::uint64_t value) { return value == 0 ? 0 : kTag + Varint(value); }

// A message, or bytes whose presence counts.
std::size_t Present(std::size_t size) { return kTag + Varint(size) + size; }

std::size_t Text(std::size_t size) { return size == 0 ? 0 : Present(size); }

std::size_t PartSize(const EntryPart& part) {
  return Text(part.seen.size() * log::EntryId::kSize) +
         Text(part.basis.size() * log::EntryId::kSize) +
         Number(static_cast<std::uint64_t>(part.time_s)) + Text(part.kind.size()) +
         (part.about ? Text(log::EntryId::kSize) : 0) + Number(part.fields) +
         Number(part.evidence) + Text(crypto::Hash256::kSize) +
         (part.signature ? Text(crypto::Signature::kSize) : 0);
}

std::size_t SlotSize(const log::Slot& slot) {
  const auto* field = std::get_if<log::Field>(&slot);
  if (field == nullptr) return Present(crypto::Hash256::kSize);
  return Present(Text(log::Salt::kSize) + Text(field->name.size()) + Text(field->value.size()));
}

// Type byte, space, device and life.
constexpr std::size_t kFeedFields =
    1 + (2 + Prefix::kSize) + (2 + log::DeviceId::kSize) + (2 + log::LifeId::kSize);

}  // namespace

std::size_t FrameSize(const Run& run) {
  std::size_t size = kFeedFields + Number(run.first_seq) + Number(run.arrival) +
                     (run.prev ? Text(ShortId::kSize) : 0);
  for (const EntryPart& part : run.entries) size += Present(PartSize(part));
  return size;
}

std::size_t SizeInFrame(const BodyItem& item) {
  std::size_t slots = 0;
  for (const log::Slot& slot : item.body.slots) slots += Present(SlotSize(slot));
  return Present(Number(item.seq) + Present(slots));
}

std::size_t FrameSize(const Bodies& bodies) {
  std::size_t size = kFeedFields;
  for (const BodyItem& item : bodies.items) size += SizeInFrame(item);
  return size;
}

}  // namespace geflecht::codec
