#include "base/check.h"
#include "base/limits.h"
#include "proto/codec/parts.h"
#include "proto/codec/proto_wire.h"
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
  to.set_instance(PutId(from.instance));
  return to;
}

// Marks of a space's line.
constexpr int kLacksBodies = 1, kHeldBack = 2;

pb::Spaces ToProto(const Spaces& from) {
  pb::Spaces to;
  for (const Spaces::Line& line : from.lines) {
    to.mutable_lines()->append(AsText(line.space.view()));
    to.mutable_lines()->append(AsText(line.fingerprint.view()));
    const int marks = (line.bodies_missing ? kLacksBodies : 0) | (line.held_back ? kHeldBack : 0);
    to.mutable_lines()->push_back(static_cast<char>(marks));
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

pb::Erasures ToProto(const Erasures& from) {
  pb::Erasures to;
  to.set_space(PutId(from.space));
  to.set_last(from.last);
  to.set_held_back(from.held_back);
  for (const ErasureItem& item : from.items) {
    pb::ErasureItem& out = *to.add_items();
    out.set_header(item.header);
    out.set_signature(PutId(item.signature));
    Bytes body;
    PutBody(item.body, body);
    out.set_body(std::string(AsText(body)));
  }
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

// Field numbers of sync.proto, of Run and Bodies.
constexpr std::uint32_t kSpace = 1, kDevice = 2, kLife = 3;
constexpr std::uint32_t kFirstSeq = 4, kArrival = 5, kEntries = 6, kPrev = 7;
constexpr std::uint32_t kItems = 4, kItemSeq = 1, kItemBody = 2;

template <class Content>
void PutFeed(const Content& from, Bytes& to) {
  PutBytes(kSpace, from.space.view(), to);
  PutBytes(kDevice, from.device.view(), to);
  PutBytes(kLife, from.life.view(), to);
}

void PutRun(const Run& from, Bytes& to) {
  PutFeed(from, to);
  PutNumber(kFirstSeq, from.first_seq, to);
  PutNumber(kArrival, from.arrival, to);
  if (from.prev) PutBytes(kPrev, from.prev->view(), to);
  const EntryPart* before = nullptr;
  for (const EntryPart& part : from.entries) {
    PutLength(kEntries, PartSize(part, before), to);
    PutPart(part, before, to);
    before = &part;
  }
}

void PutBodies(const Bodies& from, Bytes& to) {
  PutFeed(from, to);
  Bytes item;
  std::uint64_t next = 0;
  for (const BodyItem& one : from.items) {
    item.clear();
    if (one.seq != next) {
      PutTag(kItemSeq, WireType::kVarint, item);
      PutVarint(one.seq, item);
    }
    next = one.seq + 1;
    PutLength(kItemBody, BodySize(one.body), item);
    PutBody(one.body, item);
    PutLength(kItems, item.size(), to);
    Append(to, ByteView(item));
  }
}

Bytes PayloadOf(const Message& message) {
  return std::visit(
      [](const auto& content) {
        using Content = std::decay_t<decltype(content)>;
        if constexpr (std::is_same_v<Content, Run> || std::is_same_v<Content, Bodies>) {
          return Bytes();
        } else {
          return Serialise(ToProto(content));
        }
      },
      message);
}

}  // namespace

Bytes EncodeFrame(const Message& message) {
  Bytes frame;
  if (const auto* run = std::get_if<Run>(&message)) {
    frame.reserve(FrameSize(*run));
    frame.push_back(static_cast<std::uint8_t>(message.index() + 1));
    PutRun(*run, frame);
  } else if (const auto* bodies = std::get_if<Bodies>(&message)) {
    frame.reserve(FrameSize(*bodies));
    frame.push_back(static_cast<std::uint8_t>(message.index() + 1));
    PutBodies(*bodies, frame);
  } else {
    frame.push_back(static_cast<std::uint8_t>(message.index() + 1));
    Append(frame, ByteView(PayloadOf(message)));
  }
  CHECK(frame.size() <= limits::kFrameBytesMax);
  return frame;
}

}  // namespace geflecht::codec
