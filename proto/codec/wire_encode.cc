#include "base/check.h"
#include "base/limits.h"
#include "proto/codec/parts.h"
#include "proto/codec/wire_codec.h"
#include "proto/sync.pb.h"

namespace geflecht::codec {
namespace {

pb::Hello ToProto(const Hello& from) {
  pb::Hello to;
  to.set_protocol_min(from.protocol_min);
  to.set_protocol_max(from.protocol_max);
  to.set_network(PutId(from.network));
  to.set_device(PutId(from.device));
  to.set_database(PutId(from.database));
  return to;
}

pb::Spaces ToProto(const Spaces& from) {
  pb::Spaces to;
  for (const Spaces::Line& line : from.lines) {
    to.mutable_lines()->append(AsText(line.space.view()));
    to.mutable_lines()->append(AsText(line.fingerprint.view()));
  }
  return to;
}

pb::FrontierLines ToProto(const FrontierLines& from) {
  pb::FrontierLines to;
  to.set_space(PutId(from.space));
  for (const FrontierLines::Short& line : from.short_lines) {
    pb::ShortLine& out = *to.add_short_lines();
    out.set_feed(PutId(line.feed));
    out.set_seq(line.seq);
    out.set_head(PutId(line.head));
  }
  if (!from.full) return to;
  to.set_full(true);
  for (const FrontierLines::Full& line : *from.full) {
    pb::FullLine& out = *to.add_full_lines();
    out.set_device(PutId(line.device));
    out.set_life(PutId(line.life));
    out.set_seq(line.seq);
    out.set_head(PutId(line.head));
  }
  return to;
}

pb::Need ToProto(const Need& from) {
  pb::Need to;
  to.set_space(PutId(from.space));
  for (const Need::Item& item : from.items) {
    pb::NeedItem& out = *to.add_items();
    out.set_device(PutId(item.device));
    out.set_life(PutId(item.life));
    out.set_seq(item.seq);
  }
  return to;
}

pb::Run ToProto(const Run& from) {
  pb::Run to;
  to.set_space(PutId(from.space));
  to.set_device(PutId(from.device));
  to.set_life(PutId(from.life));
  to.set_first_seq(from.first_seq);
  if (from.prev) to.set_prev(PutId(*from.prev));
  to.set_arrival(from.arrival);
  for (const EntryPart& part : from.entries) PutPart(part, *to.add_entries());
  return to;
}

pb::Bodies ToProto(const Bodies& from) {
  pb::Bodies to;
  to.set_space(PutId(from.space));
  to.set_device(PutId(from.device));
  to.set_life(PutId(from.life));
  for (const BodyItem& item : from.items) {
    pb::BodyItem& out = *to.add_items();
    out.set_seq(item.seq);
    PutBody(item.body, *out.mutable_body());
  }
  return to;
}

pb::Ack ToProto(const Ack& from) {
  pb::Ack to;
  to.set_space(PutId(from.space));
  to.set_arrival(from.arrival);
  to.set_bytes(from.bytes);
  return to;
}

pb::Subscribe ToProto(const Subscribe& from) {
  pb::Subscribe to;
  to.set_space(PutId(from.space));
  return to;
}

pb::Status ToProto(const Status& from) {
  pb::Status to;
  to.set_space(PutId(from.space));
  to.set_fingerprint(PutId(from.fingerprint));
  to.set_bodies_missing(from.bodies_missing);
  return to;
}

pb::Ping ToProto(const Ping& from) {
  pb::Ping to;
  to.set_number(from.number);
  to.set_answer(from.answer);
  return to;
}

pb::Bye ToProto(const Bye& from) {
  pb::Bye to;
  to.set_code(static_cast<std::uint32_t>(from.code));
  to.set_retry_after_ms(from.retry_after_ms);
  return to;
}

}  // namespace

Bytes EncodeFrame(const Message& message) {
  const Bytes payload =
      std::visit([](const auto& content) { return Serialise(ToProto(content)); }, message);
  Bytes frame;
  frame.reserve(1 + payload.size());
  frame.push_back(static_cast<std::uint8_t>(message.index() + 1));
  Append(frame, payload);
  CHECK(frame.size() <= limits::kFrameBytesMax);
  return frame;
}

}  // namespace geflecht::codec
