// One frame: type byte and payload. Every message type: what decodes keeps its value and its size
// through encoding, and obeys the limits of docs/formats/wire.md.
#include "base/check.h"
#include "base/limits.h"
#include "proto/codec/wire_codec.h"
#include "tests/fuzz/targets.h"

namespace geflecht::fuzz {
namespace {

void CheckRun(const codec::Run& run, std::size_t frame_bytes) {
  CHECK(codec::FrameSize(run) == frame_bytes);
  CHECK(!run.entries.empty() && run.entries.size() <= limits::kRunEntriesMax);
  for (const codec::EntryPart& part : run.entries)
    CHECK(part.seen.size() <= limits::kSeenMax && part.basis.size() <= limits::kBasisMax);
  log::FeedHead head;
  head.next_seq = run.first_seq;
  if (run.first_seq != 0) head.head = log::EntryId();
  log::SpaceId space;
  space.bytes[0] = 1;
  const auto entries = codec::CompleteRun(log::NetworkId(), space, head, run);
  if (!entries) return;
  CHECK(entries->size() == run.entries.size());
  const codec::Run parts = codec::PartsOf(head, *entries, run.arrival);
  const auto again = codec::CompleteRun(log::NetworkId(), space, head, parts);
  CHECK(again.has_value() && again->back().id == entries->back().id);
}

}  // namespace

void Message(ByteView input) {
  const auto message = codec::DecodeFrame(input);
  if (!message) return;
  const Bytes frame = codec::EncodeFrame(*message);
  const auto again = codec::DecodeFrame(frame);
  CHECK(again.has_value() && *again == *message);
  CHECK(codec::EncodeFrame(*again) == frame);
  if (const auto* run = std::get_if<codec::Run>(&*message)) CheckRun(*run, frame.size());
  if (const auto* bodies = std::get_if<codec::Bodies>(&*message))
    CHECK(codec::FrameSize(*bodies) == frame.size());
  if (const auto* spaces = std::get_if<codec::Spaces>(&*message))
    CHECK(spaces->lines.size() <= limits::kSpacesPerSessionMax);
  if (const auto* need = std::get_if<codec::Need>(&*message))
    CHECK(need->items.size() <= codec::kNeedItemsMax);
}

}  // namespace geflecht::fuzz
