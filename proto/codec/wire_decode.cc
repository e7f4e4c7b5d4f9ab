#include <utility>

#include "base/limits.h"
#include "proto/codec/parts.h"
#include "proto/codec/proto_wire.h"
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
  TRY(TakeId(from.instance(), to.instance));
  return to;
}

// Marks of a space's line.
constexpr std::uint8_t kLacksBodies = 1, kHeldBack = 2;

Result<Message> FromProto(const pb::Spaces& from) {
  constexpr std::size_t kLine = Prefix::kSize + ShortFingerprint::kSize + 1;
  if (from.lines().size() % kLine != 0) return Fail(Code::kMalformed, "size of a list of spaces");
  const std::size_t count = from.lines().size() / kLine;
  if (count > limits::kSpacesPerSessionMax) return Fail(Code::kTooLarge, "spaces of a session");
  const ByteView bytes = AsBytes(from.lines());
  Spaces to;
  to.lines.reserve(count);
  for (std::size_t at = 0; at < bytes.size(); at += kLine) {
    const ByteView line = bytes.subspan(at, kLine);
    if (line.back() > (kLacksBodies | kHeldBack)) return Fail(Code::kMalformed, "mark of a space");
    to.lines.push_back(
        {*Prefix::From(line.first(Prefix::kSize)),
         *ShortFingerprint::From(line.subspan(Prefix::kSize, ShortFingerprint::kSize)),
         (line.back() & kLacksBodies) != 0, (line.back() & kHeldBack) != 0});
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

// Field numbers of sync.proto, of Run and Bodies.
constexpr std::uint32_t kSpace = 1, kDevice = 2, kLife = 3;
constexpr std::uint32_t kFirstSeq = 4, kArrival = 5, kEntries = 6, kPrev = 7;
constexpr std::uint32_t kItems = 4, kItemSeq = 1, kItemBody = 2;

// Space, device and life; true if the field is one of them.
struct FeedFields {
  ByteView space, device, life;
  Result<bool> Take(FieldReader& in) {
    if (in.field() < kSpace || in.field() > kLife) return false;
    ASSIGN((in.field() == kSpace ? space : in.field() == kDevice ? device : life), in.Value());
    return true;
  }
  template <class Content>
  Result<void> Put(Content& to) const {
    TRY(TakeId(space, to.space));
    TRY(TakeId(device, to.device));
    return TakeId(life, to.life);
  }
};

Result<Message> DecodeRun(ByteView payload) {
  Run to;
  FeedFields feed;
  ByteView prev;
  FieldReader in(payload);
  for (;;) {
    ASSIGN(const bool more, in.Next());
    if (!more) break;
    ASSIGN(const bool taken, feed.Take(in));
    if (taken) continue;
    if (in.field() == kFirstSeq) {
      ASSIGN(to.first_seq, in.Number());
    } else if (in.field() == kArrival) {
      ASSIGN(to.arrival, in.Number());
    } else if (in.field() == kPrev) {
      ASSIGN(prev, in.Value());
    } else if (in.field() == kEntries) {
      if (to.entries.size() == limits::kRunEntriesMax)
        return Fail(Code::kTooLarge, "entries of a run");
      ASSIGN(const ByteView item, in.Item());
      ASSIGN(EntryPart part, TakePart(item, to.entries.empty() ? nullptr : &to.entries.back()));
      to.entries.push_back(std::move(part));
    }
  }
  if (to.entries.empty()) return Fail(Code::kMalformed, "empty run");
  TRY(feed.Put(to));
  TRY(CheckSeq(to.first_seq));
  TRY(CheckSeq(to.first_seq + static_cast<std::uint64_t>(to.entries.size() - 1)));
  TRY(TakeOptional(prev, to.prev));
  if (to.prev.has_value() != (to.first_seq != 0))
    return Fail(Code::kMalformed, "run without the entry in front of it");
  if (!to.entries.back().signature) return Fail(Code::kMalformed, "run without signature");
  return to;
}

Result<BodyItem> DecodeItem(ByteView from, std::uint64_t next_seq) {
  BodyItem to;
  to.seq = next_seq;
  ByteView body;
  FieldReader in(from);
  for (;;) {
    ASSIGN(const bool more, in.Next());
    if (!more) break;
    if (in.field() == kItemSeq) {
      ASSIGN(to.seq, in.Number());
    } else if (in.field() == kItemBody) {
      ASSIGN(body, in.Value());
    }
  }
  TRY(CheckSeq(to.seq));
  ASSIGN(to.body, TakeBody(body));
  return to;
}

Result<Message> DecodeBodies(ByteView payload) {
  Bodies to;
  FeedFields feed;
  FieldReader in(payload);
  for (;;) {
    ASSIGN(const bool more, in.Next());
    if (!more) break;
    ASSIGN(const bool taken, feed.Take(in));
    if (taken || in.field() != kItems) continue;
    if (to.items.size() == kBodyItemsMax) return Fail(Code::kTooLarge, "bodies of a message");
    ASSIGN(const ByteView from, in.Item());
    ASSIGN(BodyItem item, DecodeItem(from, to.items.empty() ? 0 : to.items.back().seq + 1));
    to.items.push_back(std::move(item));
  }
  if (to.items.empty()) return Fail(Code::kMalformed, "no body");
  TRY(feed.Put(to));
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

Result<Message> FromProto(const pb::Erasures& from) {
  TRY(CheckCount(from.items_size(), kErasureItemsMax, "erasures of a message"));
  Erasures to;
  TRY(TakeId(from.space(), to.space));
  to.last = from.last();
  to.held_back = from.held_back();
  if (!to.last && from.items_size() == 0) return Fail(Code::kMalformed, "no erasure");
  to.items.resize(static_cast<std::size_t>(from.items_size()));
  for (int i = 0; i < from.items_size(); ++i) {
    ErasureItem& item = to.items[static_cast<std::size_t>(i)];
    if (from.items(i).header().size() > limits::kHeaderBytesMax)
      return Fail(Code::kTooLarge, "header of an erasure");
    item.header = from.items(i).header();
    TRY(TakeId(from.items(i).signature(), item.signature));
    ASSIGN(item.body, TakeBody(AsBytes(from.items(i).body())));
  }
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
      return DecodeRun(payload);
    case 6:
      return DecodeBodies(payload);
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
    case 12:
      return Decode<pb::Erasures>(payload);
    default:
      return Fail(Code::kMalformed, "type of a frame");
  }
}

}  // namespace geflecht::codec
