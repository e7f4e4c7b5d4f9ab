#include "proto/codec/parts.h"

#include <google/protobuf/stubs/logging.h>

#include <limits>
#include <utility>

#include "base/check.h"
#include "base/limits.h"
#include "node/log/lines.h"
#include "proto/entry.pb.h"

namespace geflecht::codec {
namespace {

Result<log::Slot> TakeSlot(const pb::Slot& from) {
  if (from.content_case() == pb::Slot::kLeaf) {
    crypto::Hash256 leaf;
    TRY(TakeId(from.leaf(), leaf));
    return log::Slot(leaf);
  }
  if (from.content_case() != pb::Slot::kField) return Fail(Code::kMalformed, "empty slot");
  const pb::Field& field = from.field();
  if (field.name().size() + field.value().size() > limits::kFieldBytesMax)
    return Fail(Code::kTooLarge, "field");
  log::Field to;
  TRY(TakeId(field.salt(), to.salt));
  to.name = field.name();
  to.value = ToBytes(field.value());
  return log::Slot(std::move(to));
}

}  // namespace

Bytes Serialise(const google::protobuf::MessageLite& message) {
  Bytes out(message.ByteSizeLong());
  CHECK(out.size() <= std::size_t{std::numeric_limits<int>::max()});
  CHECK(message.SerializeToArray(out.data(), static_cast<int>(out.size())));
  return out;
}

Result<void> Parse(ByteView bytes, google::protobuf::MessageLite& message) {
  static const bool silenced = [] {
    google::protobuf::SetLogHandler(nullptr);
    return true;
  }();
  static_cast<void>(silenced);
  if (bytes.size() > std::size_t{std::numeric_limits<int>::max()})
    return Fail(Code::kTooLarge, "protobuf message");
  if (!message.ParseFromArray(bytes.data(), static_cast<int>(bytes.size())))
    return Fail(Code::kMalformed, "not a protobuf message");
  return {};
}

void PutIds(const std::vector<log::EntryId>& ids, std::string& to) {
  to.clear();
  to.reserve(ids.size() * log::EntryId::kSize);
  for (const log::EntryId& id : ids) to.append(AsText(id.view()));
}

Result<std::vector<log::EntryId>> TakeIds(const std::string& from, std::size_t max) {
  if (from.size() % log::EntryId::kSize != 0)
    return Fail(Code::kMalformed, "size of a list of ids");
  const std::size_t count = from.size() / log::EntryId::kSize;
  if (count > max) return Fail(Code::kTooLarge, "ids in a list");
  std::vector<log::EntryId> ids;
  ids.reserve(count);
  const ByteView bytes = AsBytes(from);
  for (std::size_t i = 0; i < count; ++i)
    ids.push_back(*log::EntryId::From(bytes.subspan(i * log::EntryId::kSize, log::EntryId::kSize)));
  return ids;
}

Result<void> CheckSeq(std::uint64_t seq) {
  if (seq > limits::kSeqMax) return Fail(Code::kMalformed, "sequence number out of range");
  return {};
}

void PutPart(const EntryPart& part, pb::EntryHeader& to) {
  PutIds(part.seen, *to.mutable_seen());
  PutIds(part.basis, *to.mutable_basis());
  CHECK(part.time_s >= 0);
  to.set_time(static_cast<std::uint64_t>(part.time_s));
  to.set_kind(part.kind);
  if (part.about) to.set_about(PutId(*part.about));
  to.set_fields(part.fields);
  to.set_evidence(part.evidence);
  to.set_root(PutId(part.root));
  if (part.signature) to.set_signature(PutId(*part.signature));
}

Result<EntryPart> TakePart(const pb::EntryHeader& from) {
  EntryPart part;
  ASSIGN(part.seen, TakeIds(from.seen(), limits::kSeenMax));
  ASSIGN(part.basis, TakeIds(from.basis(), limits::kBasisMax));
  if (from.time() > static_cast<std::uint64_t>(log::kTimeMax))
    return Fail(Code::kMalformed, "time out of range");
  part.time_s = static_cast<std::int64_t>(from.time());
  if (!log::IsToken(from.kind(), log::kKindBytesMax)) return Fail(Code::kMalformed, "kind");
  part.kind = from.kind();
  TRY(TakeOptional(from.about(), part.about));
  if (from.fields() > limits::kFieldsMax) return Fail(Code::kTooLarge, "fields of a body");
  if (from.evidence() > from.fields()) return Fail(Code::kMalformed, "more evidence than fields");
  part.fields = from.fields();
  part.evidence = from.evidence();
  TRY(TakeId(from.root(), part.root));
  TRY(TakeOptional(from.signature(), part.signature));
  return part;
}

void PutBody(const log::Body& body, pb::Body& to) {
  for (const log::Slot& slot : body.slots) {
    pb::Slot& out = *to.add_slots();
    if (const auto* field = std::get_if<log::Field>(&slot)) {
      out.mutable_field()->set_salt(PutId(field->salt));
      out.mutable_field()->set_name(field->name);
      out.mutable_field()->set_value(field->value.data(), field->value.size());
    } else {
      out.set_leaf(PutId(std::get<crypto::Hash256>(slot)));
    }
  }
}

Result<log::Body> TakeBody(const pb::Body& from) {
  if (static_cast<std::size_t>(from.slots_size()) > limits::kFieldsMax)
    return Fail(Code::kTooLarge, "fields of a body");
  log::Body body;
  body.slots.reserve(static_cast<std::size_t>(from.slots_size()));
  for (const pb::Slot& slot : from.slots()) {
    ASSIGN(log::Slot taken, TakeSlot(slot));
    body.slots.push_back(std::move(taken));
  }
  TRY(log::CheckBody(body));
  return body;
}

}  // namespace geflecht::codec
