// The header of an entry. One that parses has that text and no other, and goes unchanged through
// the record of the store and, as a run of one entry, over the wire.
#include "node/log/header.h"

#include "base/check.h"
#include "proto/codec/record_codec.h"
#include "proto/codec/wire_codec.h"
#include "tests/fuzz/targets.h"

namespace geflecht::fuzz {
namespace {

void CheckStored(const log::Entry& entry) {
  codec::StoredEntry stored;
  stored.entry = entry;
  stored.arrival = entry.header.seq + 1;
  const auto again = codec::DecodeStoredEntry(codec::EncodeStoredEntry(stored));
  CHECK(again.has_value() && *again == stored);
}

void CheckWire(const log::Entry& entry) {
  const log::Header& header = entry.header;
  const log::FeedHead head{header.seq, header.prev, {}};
  const Bytes frame = codec::EncodeFrame(codec::PartsOf(head, {entry}, 1));
  const auto message = codec::DecodeFrame(frame);
  CHECK(message.has_value());
  const auto run =
      codec::CompleteRun(*header.net, header.space, head, std::get<codec::Run>(*message));
  CHECK(run.has_value() && *run == log::Run{entry});
}

}  // namespace

void Header(ByteView input) {
  const std::string_view text = AsText(input);
  const auto header = log::ParseHeader(text);
  if (!header) return;
  CHECK(log::CheckHeader(*header).has_value());
  CHECK(log::Render(*header) == text);
  const log::Entry entry = log::Entry::Of(*header, crypto::Signature());
  CHECK(entry.id == log::IdOf(text));
  CheckStored(entry);
  if (header->net) CheckWire(entry);
}

}  // namespace geflecht::fuzz
