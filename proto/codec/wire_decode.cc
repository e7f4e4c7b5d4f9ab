#include <utility>

#include "base/limits.h"
#include "proto/codec/parts.h"
#include "proto/codec/wire_codec.h"
#include "proto/sync.pb.h"

namespace geflecht::codec {
namespace {

Result<void> CheckCount(int count, std::size_t max, const char* what) {
  if (static_cast<std::size_t>(count) > max) return Fail(Code::kTooLarge, what);
  return {};
}

Result<Message> FromProto(const pb::Hello& from) {
  Hello to;
  if (from.protocol_min() == 0 || from.protocol_min() > from.protocol_max())
    return Fail(Code::kMalformed, "protocol range");
  to.protocol_min = from.protocol_min();
  to.protocol_max = from.protocol_max();
  TRY(TakeId(from.network(), to.network));
  TRY(TakeId(from.device(), to.device));
  TRY(TakeId(from.database(), to.database));
  return to;
}

Result<Message> FromProto(const pb::Spaces& from) {
  constexpr std::size_t kLine = Prefix::kSize + ShortFingerprint::kSize;
  if (from.lines().size() % kLine != 0) return Fail(Code::kMalformed, "size of a list of spaces");
  const std::size_t count = from.lines().size() / kLine;
  if (count > limits::kSpacesPerSessionMax) return Fail(Code::kTooLarge, "spaces of a session");
  const ByteView bytes = AsBytes(from.lines());
  Spaces to;
  to.lines.reserve(count);
  for (std::size_t at = 0; at < bytes.size(); at += kLine) {
    const ByteView line = bytes.subspan(at, kLine);
    to.lines.push_back({*Prefix::From(line.first(Prefix::kSize)),
                        *ShortFingerprint::From(line.last(ShortFingerprint::kSize))});
  }
  return to;
}

Result<Message> FromProto(const pb::FrontierLines& from) {
  TRY(CheckCount(from.short_lines_size(), limits::kFeedsPerSpaceMax, "feeds of a space"));
  TRY(CheckCount(from.full_lines_size(), limits::kFeedsPerSpaceMax, "feeds of a space"));
  FrontierLines to;
  TRY(TakeId(from.space(), to.space));
  if (from.full() ? from.short_lines_size() != 0 : from.full_lines_size() != 0)
    return Fail(Code::kMalformed, "frontier lines of both forms");
  to.short_lines.resize(static_cast<std::size_t>(from.short_lines_size()));
  for (int i = 0; i < from.short_lines_size(); ++i) {
    FrontierLines::Short& line = to.short_lines[static_cast<std::size_t>(i)];
    TRY(TakeId(from.short_lines(i).feed(), line.feed));
    TRY(CheckSeq(from.short_lines(i).seq()));
    line.seq = from.short_lines(i).seq();
    TRY(TakeId(from.short_lines(i).head(), line.head));
  }
  if (!from.full()) return to;
  to.full.emplace();
  to.full->reserve(static_cast<std::size_t>(from.full_lines_size()));
  for (const pb::FullLine& line : from.full_lines()) {
    FrontierLines::Full full;
    TRY(TakeId(line.device(), full.device));
    TRY(TakeId(line.life(), full.life));
    TRY(CheckSeq(line.seq()));
    full.seq = line.seq();
    TRY(TakeId(line.head(), full.head));
    if (!to.full->empty() && !(to.full->back() < full))
      return Fail(Code::kMalformed, "frontier lines are not ascending");
    to.full->push_back(full);
  }
  return to;
}

Result<Message> FromProto(const pb::Need& from) {
  TRY(CheckCount(from.items_size(), kNeedItemsMax, "bodies that are asked for"));
  Need to;
  TRY(TakeId(from.space(), to.space));
  to.items.resize(static_cast<std::size_t>(from.items_size()));
  for (int i = 0; i < from.items_size(); ++i) {
    Need::Item& item = to.items[static_cast<std::size_t>(i)];
    TRY(TakeId(from.items(i).device(), item.device));
    TRY(TakeId(from.items(i).life(), item.life));
    TRY(CheckSeq(from.items(i).seq()));
    item.seq = from.items(i).seq();
  }
  return to;
}

Result<Message> FromProto(const pb::Run& from) {
  TRY(CheckCount(from.entries_size(), limits::kRunEntriesMax, "entries of a run"));
  if (from.entries_size() == 0) return Fail(Code::kMalformed, "empty run");
  Run to;
  TRY(TakeId(from.space(), to.space));
  TRY(TakeId(from.device(), to.device));
  TRY(TakeId(from.life(), to.life));
  TRY(CheckSeq(from.first_seq()));
  TRY(CheckSeq(from.first_seq() + static_cast<std::uint64_t>(from.entries_size() - 1)));
  to.first_seq = from.first_seq();
  TRY(TakeOptional(from.prev(), to.prev));
  if (to.prev.has_value() != (to.first_seq != 0))
    return Fail(Code::kMalformed, "run without the entry in front of it");
  to.arrival = from.arrival();
  to.entries.reserve(static_cast<std::size_t>(from.entries_size()));
  for (const pb::EntryHeader& entry : from.entries()) {
    ASSIGN(EntryPart part, TakePart(entry));
    to.entries.push_back(std::move(part));
  }
  if (!to.entries.back().signature) return Fail(Code::kMalformed, "run without signature");
  return to;
}

Result<Message> FromProto(const pb::Bodies& from) {
  TRY(CheckCount(from.items_size(), kBodyItemsMax, "bodies of a message"));
  if (from.items_size() == 0) return Fail(Code::kMalformed, "no body");
  Bodies to;
  TRY(TakeId(from.space(), to.space));
  TRY(TakeId(from.device(), to.device));
  TRY(TakeId(from.life(), to.life));
  to.items.reserve(static_cast<std::size_t>(from.items_size()));
  for (const pb::BodyItem& item : from.items()) {
    TRY(CheckSeq(item.seq()));
    ASSIGN(log::Body body, TakeBody(item.body()));
    to.items.push_back({item.seq(), std::move(body)});
  }
  return to;
}

Result<Message> FromProto(const pb::Ack& from) {
  Ack to;
  TRY(TakeId(from.space(), to.space));
  to.arrival = from.arrival();
  to.bytes = from.bytes();
  return to;
}

Result<Message> FromProto(const pb::Subscribe& from) {
  Subscribe to;
  TRY(TakeId(from.space(), to.space));
  return to;
}

Result<Message> FromProto(const pb::Status& from) {
  Status to;
  TRY(TakeId(from.space(), to.space));
  TRY(TakeId(from.fingerprint(), to.fingerprint));
  to.bodies_missing = from.bodies_missing();
  return to;
}

Result<Message> FromProto(const pb::Ping& from) { return Ping{from.number(), from.answer()}; }

Result<Message> FromProto(const pb::Bye& from) {
  if (from.code() < static_cast<std::uint32_t>(ErrorCode::kProtocol) ||
      from.code() > static_cast<std::uint32_t>(ErrorCode::kTimeout))
    return Fail(Code::kMalformed, "error code");
  return Bye{static_cast<ErrorCode>(from.code()), from.retry_after_ms()};
}

template <class Proto>
Result<Message> Decode(ByteView payload) {
  Proto from;
  TRY(Parse(payload, from));
  return FromProto(from);
}

}  // namespace

Result<Message> DecodeFrame(ByteView frame) {
  if (frame.empty()) return Fail(Code::kMalformed, "empty frame");
  if (frame.size() > limits::kFrameBytesMax) return Fail(Code::kTooLarge, "frame");
  const ByteView payload = frame.subspan(1);
  switch (frame[0]) {
    case 1:
      return Decode<pb::Hello>(payload);
    case 2:
      return Decode<pb::Spaces>(payload);
    case 3:
      return Decode<pb::FrontierLines>(payload);
    case 4:
      return Decode<pb::Need>(payload);
    case 5:
      return Decode<pb::Run>(payload);
    case 6:
      return Decode<pb::Bodies>(payload);
    case 7:
      return Decode<pb::Ack>(payload);
    case 8:
      return Decode<pb::Subscribe>(payload);
    case 9:
      return Decode<pb::Status>(payload);
    case 10:
      return Decode<pb::Ping>(payload);
    case 11:
      return Decode<pb::Bye>(payload);
    default:
      return Fail(Code::kMalformed, "type of a frame");
  }
}

}  // namespace geflecht::codec
