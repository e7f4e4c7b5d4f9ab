// What the wire and the stored records share: ids, headers and bodies as protobuf messages. Private
// to proto/codec.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "base/strong_id.h"
#include "proto/codec/messages.h"

namespace google::protobuf {
class MessageLite;
}

namespace geflecht::codec {

Bytes Serialise(const google::protobuf::MessageLite& message);
// kMalformed. Says nothing on standard error, as protobuf would.
Result<void> Parse(ByteView bytes, google::protobuf::MessageLite& message);

// An EntryHeader. `before` is the entry in front of it in a run, whose kind and time are left out
// where they are the same; nullptr where it stands alone.
std::size_t PartSize(const EntryPart& part, const EntryPart* before);
void PutPart(const EntryPart& part, const EntryPart* before, Bytes& to);
// Sizes, numbers and the kind; not what only the whole header shows (log::CheckHeader).
Result<EntryPart> TakePart(ByteView from, const EntryPart* before);

std::size_t BodySize(const log::Body& body);
void PutBody(const log::Body& body, Bytes& to);
Result<log::Body> TakeBody(ByteView from);

void PutIds(const std::vector<log::EntryId>& ids, std::string& to);
// kTooLarge over `max` ids, kMalformed if the length is no multiple of an id's.
Result<std::vector<log::EntryId>> TakeIds(ByteView from, std::size_t max);

template <class Id>
std::string PutId(const Id& id) {
  return std::string(AsText(id.view()));
}

// kMalformed unless `from` has the id's size.
template <class Id>
Result<void> TakeId(ByteView from, Id& to) {
  const auto id = Id::From(from);
  if (!id) return Fail(Code::kMalformed, "size of an id");
  to = *id;
  return {};
}
template <class Id>
Result<void> TakeId(const std::string& from, Id& to) {
  return TakeId(AsBytes(from), to);
}

// Empty = none.
template <class Id>
Result<void> TakeOptional(ByteView from, std::optional<Id>& to) {
  to.reset();
  if (from.empty()) return {};
  return TakeId(from, to.emplace());
}
template <class Id>
Result<void> TakeOptional(const std::string& from, std::optional<Id>& to) {
  return TakeOptional(AsBytes(from), to);
}

// kMalformed over limits::kSeqMax.
Result<void> CheckSeq(std::uint64_t seq);

}  // namespace geflecht::codec
