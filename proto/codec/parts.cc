#include "proto/codec/parts.h"

#include <google/protobuf/message_lite.h>
#include <google/protobuf/stubs/logging.h>

#include <algorithm>
#include <limits>
#include <utility>

#include "base/check.h"
#include "base/limits.h"
#include "node/log/lines.h"
#include "proto/codec/proto_wire.h"

namespace geflecht::codec {
namespace {

// Field numbers of entry.proto.
enum HeaderField : std::uint32_t {
  kSeen = 1,
  kBasis,
  kTime,
  kKind,
  kAbout,
  kFields,
  kEvidence,
  kRoot,
  kSignature
};
enum SlotField : std::uint32_t { kLeaf = 1, kSalt, kName, kValue, kKnown };
constexpr std::uint32_t kSlots = 1;  // of Body

// The names that changes use, by number: 1 is "structure", then pairs of "content.N" and
// "content.N.personal" (docs/formats/change.md). 0 = any other name.
constexpr std::string_view kStructure = "structure";
constexpr std::string_view kContent = "content.";
constexpr std::string_view kPersonal = ".personal";
constexpr std::uint32_t kContentsMax = 1000;

constexpr std::uint32_t kStructureNumber = 1;

std::uint32_t NumberOfName(std::string_view name) {
  if (name == kStructure) return kStructureNumber;
  if (!name.starts_with(kContent)) return 0;
  name.remove_prefix(kContent.size());
  const bool personal = name.ends_with(kPersonal);
  if (personal) name.remove_suffix(kPersonal.size());
  const auto number = log::ParseDecimal(name, kContentsMax - 1);
  return number ? 2 + 2 * static_cast<std::uint32_t>(*number) + (personal ? 1 : 0) : 0;
}

std::optional<std::string> NameOfNumber(std::uint64_t number) {
  if (number == kStructureNumber) return std::string(kStructure);
  if (number < 2 || number >= 2 + 2 * kContentsMax) return std::nullopt;
  std::string name = std::string(kContent) + std::to_string((number - 2) / 2);
  if (number % 2 == 1) name += kPersonal;
  return name;
}

std::size_t NumberSize(std::uint64_t value) { return value == 0 ? 0 : 1 + VarintSize(value); }
std::size_t LengthSize(std::size_t size) { return 1 + VarintSize(size) + size; }
std::size_t BytesSize(std::size_t size) { return size == 0 ? 0 : LengthSize(size); }

std::size_t SlotSize(const log::Slot& slot) {
  const auto* field = std::get_if<log::Field>(&slot);
  if (field == nullptr) return LengthSize(crypto::Hash256::kSize);
  const std::uint32_t known = NumberOfName(field->name);
  const std::size_t name = known == kStructureNumber ? 0
                           : known != 0              ? NumberSize(known)
                                                     : BytesSize(field->name.size());
  return BytesSize(log::Salt::kSize) + name + BytesSize(field->value.size());
}

void PutSlot(const log::Slot& slot, Bytes& to) {
  const auto* field = std::get_if<log::Field>(&slot);
  if (field == nullptr) return PutBytes(kLeaf, std::get<crypto::Hash256>(slot).view(), to);
  PutBytes(kSalt, field->salt.view(), to);
  const std::uint32_t known = NumberOfName(field->name);
  if (known == 0) PutBytes(kName, AsBytes(field->name), to);
  PutBytes(kValue, field->value, to);
  if (known != kStructureNumber) PutNumber(kKnown, known, to);
}

struct SlotParts {
  ByteView leaf, salt, name, value;
  std::uint64_t known = 0;
  bool is_field = false;
};

Result<SlotParts> ReadSlot(ByteView from) {
  SlotParts parts;
  FieldReader in(from);
  for (;;) {
    ASSIGN(const bool more, in.Next());
    if (!more) return parts;
    parts.is_field = parts.is_field || (in.field() >= kSalt && in.field() <= kKnown);
    if (in.field() == kLeaf) {
      ASSIGN(parts.leaf, in.Value());
    } else if (in.field() == kSalt) {
      ASSIGN(parts.salt, in.Value());
    } else if (in.field() == kName) {
      ASSIGN(parts.name, in.Value());
    } else if (in.field() == kValue) {
      ASSIGN(parts.value, in.Value());
    } else if (in.field() == kKnown) {
      ASSIGN(parts.known, in.Number());
    }
  }
}

Result<log::Slot> TakeSlot(ByteView from) {
  ASSIGN(const SlotParts parts, ReadSlot(from));
  if (!parts.is_field) {
    crypto::Hash256 leaf;
    TRY(TakeId(parts.leaf, leaf));
    return log::Slot(leaf);
  }
  if (!parts.leaf.empty()) return Fail(Code::kMalformed, "a slot of two contents");
  log::Field to;
  if (parts.name.empty()) {
    auto name = NameOfNumber(parts.known == 0 ? kStructureNumber : parts.known);
    if (!name) return Fail(Code::kMalformed, "number of a name");
    to.name = *std::move(name);
  } else if (parts.known != 0) {
    return Fail(Code::kMalformed, "a field of two names");
  } else {
    if (parts.name.size() > log::kFieldNameBytesMax)
      return Fail(Code::kMalformed, "name of a field");
    to.name = ToText(parts.name);
  }
  if (to.name.size() + parts.value.size() > limits::kFieldBytesMax)
    return Fail(Code::kTooLarge, "field");
  TRY(TakeId(parts.salt, to.salt));
  to.value.assign(parts.value.begin(), parts.value.end());
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

Result<std::vector<log::EntryId>> TakeIds(ByteView from, std::size_t max) {
  if (from.size() % log::EntryId::kSize != 0)
    return Fail(Code::kMalformed, "size of a list of ids");
  const std::size_t count = from.size() / log::EntryId::kSize;
  if (count > max) return Fail(Code::kTooLarge, "ids in a list");
  std::vector<log::EntryId> ids;
  ids.reserve(count);
  for (std::size_t i = 0; i < count; ++i)
    ids.push_back(*log::EntryId::From(from.subspan(i * log::EntryId::kSize, log::EntryId::kSize)));
  return ids;
}

Result<void> CheckSeq(std::uint64_t seq) {
  if (seq > limits::kSeqMax) return Fail(Code::kMalformed, "sequence number out of range");
  return {};
}

std::size_t PartSize(const EntryPart& part, const EntryPart* before) {
  std::size_t size = BytesSize(part.seen.size() * log::EntryId::kSize) +
                     BytesSize(part.basis.size() * log::EntryId::kSize) +
                     (part.about ? BytesSize(log::EntryId::kSize) : 0) + NumberSize(part.fields) +
                     NumberSize(part.evidence) + BytesSize(crypto::Hash256::kSize) +
                     (part.signature ? BytesSize(crypto::Signature::kSize) : 0);
  if (!before || before->time_s != part.time_s)
    size += 1 + VarintSize(static_cast<std::uint64_t>(part.time_s));
  if (!before || before->kind != part.kind) size += BytesSize(part.kind.size());
  return size;
}

void PutPart(const EntryPart& part, const EntryPart* before, Bytes& to) {
  CHECK(part.time_s >= 0);
  if (!part.seen.empty()) {
    PutLength(kSeen, part.seen.size() * log::EntryId::kSize, to);
    for (const log::EntryId& id : part.seen) Append(to, id.view());
  }
  if (!part.basis.empty()) {
    PutLength(kBasis, part.basis.size() * log::EntryId::kSize, to);
    for (const log::EntryId& id : part.basis) Append(to, id.view());
  }
  if (!before || before->time_s != part.time_s) {
    PutTag(kTime, WireType::kVarint, to);
    PutVarint(static_cast<std::uint64_t>(part.time_s), to);
  }
  if (!before || before->kind != part.kind) PutBytes(kKind, AsBytes(part.kind), to);
  if (part.about) PutBytes(kAbout, part.about->view(), to);
  PutNumber(kFields, part.fields, to);
  PutNumber(kEvidence, part.evidence, to);
  PutBytes(kRoot, part.root.view(), to);
  if (part.signature) PutBytes(kSignature, part.signature->view(), to);
}

Result<EntryPart> TakePart(ByteView from, const EntryPart* before) {
  EntryPart part;
  std::uint64_t time = before ? static_cast<std::uint64_t>(before->time_s) : 0;
  std::uint64_t fields = 0, evidence = 0;
  ByteView seen, basis, kind, about, root, signature;
  FieldReader in(from);
  for (;;) {
    ASSIGN(const bool more, in.Next());
    if (!more) break;
    switch (in.field()) {
      case kSeen: {
        ASSIGN(seen, in.Value());
        break;
      }
      case kBasis: {
        ASSIGN(basis, in.Value());
        break;
      }
      case kTime: {
        ASSIGN(time, in.Number());
        break;
      }
      case kKind: {
        ASSIGN(kind, in.Value());
        break;
      }
      case kAbout: {
        ASSIGN(about, in.Value());
        break;
      }
      case kFields: {
        ASSIGN(fields, in.Number());
        break;
      }
      case kEvidence: {
        ASSIGN(evidence, in.Number());
        break;
      }
      case kRoot: {
        ASSIGN(root, in.Value());
        break;
      }
      case kSignature: {
        ASSIGN(signature, in.Value());
        break;
      }
      default:
        break;
    }
  }
  ASSIGN(part.seen, TakeIds(seen, limits::kSeenMax));
  ASSIGN(part.basis, TakeIds(basis, limits::kBasisMax));
  if (time > static_cast<std::uint64_t>(log::kTimeMax))
    return Fail(Code::kMalformed, "time out of range");
  part.time_s = static_cast<std::int64_t>(time);
  part.kind = kind.empty() && before
                  ? before->kind
                  : ToText(kind.first(std::min(kind.size(), log::kKindBytesMax + 1)));
  if (!log::IsToken(part.kind, log::kKindBytesMax)) return Fail(Code::kMalformed, "kind");
  TRY(TakeOptional(about, part.about));
  if (fields > limits::kFieldsMax) return Fail(Code::kTooLarge, "fields of a body");
  if (evidence > fields) return Fail(Code::kMalformed, "more evidence than fields");
  part.fields = static_cast<std::uint32_t>(fields);
  part.evidence = static_cast<std::uint32_t>(evidence);
  TRY(TakeId(root, part.root));
  TRY(TakeOptional(signature, part.signature));
  return part;
}

std::size_t BodySize(const log::Body& body) {
  std::size_t size = 0;
  for (const log::Slot& slot : body.slots) size += LengthSize(SlotSize(slot));
  return size;
}

void PutBody(const log::Body& body, Bytes& to) {
  for (const log::Slot& slot : body.slots) {
    PutLength(kSlots, SlotSize(slot), to);
    PutSlot(slot, to);
  }
}

Result<log::Body> TakeBody(ByteView from) {
  log::Body body;
  FieldReader in(from);
  for (;;) {
    ASSIGN(const bool more, in.Next());
    if (!more) break;
    if (in.field() != kSlots) continue;
    if (body.slots.size() == limits::kFieldsMax) return Fail(Code::kTooLarge, "fields of a body");
    ASSIGN(const ByteView item, in.Item());
    ASSIGN(log::Slot slot, TakeSlot(item));
    body.slots.push_back(std::move(slot));
  }
  TRY(log::CheckBody(body));
  return body;
}

}  // namespace geflecht::codec
