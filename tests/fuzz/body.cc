// Bodies and their slots. First byte: 0 a stored body, 1 a line of a bundle's bodies/*.jsonl,
// 2 a Bodies message of the wire. Whatever decodes has one text form and one root.
#include "node/log/body.h"

#include "base/check.h"
#include "base/limits.h"
#include "node/audit/body_file.h"
#include "proto/codec/record_codec.h"
#include "proto/codec/wire_codec.h"
#include "tests/fuzz/input.h"
#include "tests/fuzz/targets.h"

namespace geflecht::fuzz {
namespace {

void CheckDecoded(const log::Body& body) {
  CHECK(body.slots.size() <= limits::kFieldsMax);
  const auto again = codec::DecodeBody(codec::EncodeBody(body));
  CHECK(again.has_value() && *again == body);
  if (!log::CheckBody(body)) return;
  CHECK(body.ByteSize() <= limits::kBodyBytesMax);
  const log::Body withheld = audit::Withheld(body);
  CHECK(log::BodyRoot(withheld) == log::BodyRoot(body));
  for (const log::Slot& slot : body.slots)
    if (const auto* field = std::get_if<log::Field>(&slot))
      CHECK(*log::FindField(body, field->name) == field->value);
  const std::string line = audit::RenderBodyLine(log::EntryId(), body);
  const auto read = audit::ParseBodyLine(std::string_view(line).substr(0, line.size() - 1));
  CHECK(read.has_value() && read->body == body);
}

void CheckLine(std::string_view line) {
  const auto read = audit::ParseBodyLine(line);
  if (!read) return;
  CHECK(audit::RenderBodyLine(read->entry, read->body) == std::string(line) + "\n");
  CheckDecoded(read->body);
}

void CheckMessage(ByteView payload) {
  constexpr std::uint8_t kBodiesType = 6;
  Bytes frame{kBodiesType};
  Append(frame, payload);
  const auto message = codec::DecodeFrame(frame);
  if (!message) return;
  const auto* bodies = std::get_if<codec::Bodies>(&*message);
  CHECK(bodies != nullptr && bodies->items.size() <= codec::kBodyItemsMax);
  for (const codec::BodyItem& item : bodies->items) CheckDecoded(item.body);
}

}  // namespace

void Body(ByteView input) {
  Input in(input);
  switch (in.Below(3)) {
    case 0:
      if (const auto body = codec::DecodeBody(in.Rest())) CheckDecoded(*body);
      break;
    case 1:
      CheckLine(AsText(in.Rest()));
      break;
    default:
      CheckMessage(in.Rest());
  }
}

}  // namespace geflecht::fuzz
