#include <map>
#include <set>

#include "crdt/codec.h"
#include "crdt/layout.h"
#include "crdt/utf8.h"
#include "crdt/varint.h"

namespace geflecht::crdt {
namespace {

using layout::Group;

tl::unexpected<Error> Malformed(const char* what) { return Fail(Code::kMalformed, what); }

// ASSIGN for an std::optional that is empty when the bytes end or are not canonical.
#define READ(target, expr)                                                     \
  auto GEFLECHT_CONCAT(read_, __LINE__) = (expr);                              \
  if (!GEFLECHT_CONCAT(read_, __LINE__)) return Malformed("number or length"); \
  target = *std::move(GEFLECHT_CONCAT(read_, __LINE__))

Result<std::string> ReadText(ByteReader& in) {
  READ(const std::uint64_t size, in.Varint());
  READ(const ByteView bytes, in.Take(size));
  if (!IsUtf8(AsText(bytes))) return Malformed("text is no UTF-8");
  return ToText(bytes);
}

template <class Id>
Result<Id> ReadId(ByteReader& in) {
  READ(const ByteView bytes, in.Take(Id::kSize));
  return *Id::From(bytes);
}

Result<ContainerType> ReadType(ByteReader& in) {
  READ(const std::uint8_t type, in.Byte());
  if (type < 1 || type > 4) return Malformed("container type");
  return static_cast<ContainerType>(type);
}

Result<ChangeHead> ReadHead(ByteReader& in) {
  READ(const std::uint8_t version, in.Byte());
  if (version != layout::kVersion) return Malformed("version of the change format");
  ChangeHead head;
  READ(const std::uint8_t flags, in.Byte());
  if (flags > layout::kHasType) return Malformed("flags");
  if ((flags & layout::kHasType) == 0) {
    ASSIGN(head.document, ReadId<DocumentId>(in));
  } else {
    ASSIGN(head.type, ReadText(in));
    READ(const std::uint64_t schema_version, in.Varint());
    if (schema_version > UINT32_MAX) return Malformed("schema version");
    head.schema_version = static_cast<std::uint32_t>(schema_version);
  }
  READ(head.own_distance, in.Varint());
  READ(const std::uint64_t count, in.Varint());
  for (std::uint64_t i = 0; i < count; ++i) {
    ASSIGN(const ChangeId parent, ReadId<ChangeId>(in));
    if (!head.parents.empty() && parent <= head.parents.back())
      return Malformed("parents not ascending");
    head.parents.push_back(parent);
  }
  return head;
}

class Decoder {
 public:
  Decoder(const std::vector<EncodedField>& fields, const Schema& schema)
      : fields_(fields), schema_(schema), in_(fields[0].value) {}

  Result<DecodedChange> Decode() {
    DecodedChange out;
    ASSIGN(out.head, ReadHead(in_));
    TRY(ReadContainers());
    READ(const std::uint64_t count, in_.Varint());
    if (count == 0) return Malformed("no edits");
    for (std::uint64_t i = 0; i < count; ++i) {
      ASSIGN(Edit edit, ReadEdit());
      out.edits.push_back(std::move(edit));
    }
    if (!in_.AtEnd()) return Malformed("bytes behind the structure");
    if (used_ != containers_.size()) return Malformed("container without an edit");
    if (contents_.size() != fields_.size() - 1) return Malformed("content field without use");
    for (const auto& [group, content] : contents_)
      if (!content.AtEnd()) return Malformed("content without use");
    return out;
  }

 private:
  Result<void> ReadContainers() {
    READ(const std::uint64_t count, in_.Varint());
    for (std::uint64_t i = 0; i < count; ++i) {
      ASSIGN(ContainerName name, ReadName());
      ContainerId id = ToContainerId(name);
      if (!known_.insert(id).second) return Malformed("container listed twice");
      ids_.push_back(std::move(id));
      containers_.push_back({std::move(name), 0});
    }
    return {};
  }

  Result<ContainerName> ReadName() {
    ContainerName name;
    READ(const std::uint8_t kind, in_.Byte());
    if (kind > static_cast<std::uint8_t>(ContainerName::Kind::kOwn)) return Malformed("container");
    name.kind = static_cast<ContainerName::Kind>(kind);
    if (name.kind == ContainerName::Kind::kDeclared) {
      ASSIGN(name.key, ReadText(in_));
      const FieldSpec* const field = schema_.Find(name.key);
      if (field == nullptr || field->type == FieldType::kValue)
        return Malformed("container that the schema lacks");
    }
    if (name.kind == ContainerName::Kind::kCreated) {
      ASSIGN(name.change, ReadId<ChangeId>(in_));
    }
    if (name.kind >= ContainerName::Kind::kCreated) {
      READ(name.event, in_.Varint());
    }
    return name;
  }

  Result<Edit> ReadEdit() {
    READ(const std::uint8_t operation, in_.Byte());
    READ(const std::uint64_t at, in_.Varint());
    if (at > used_ || at >= containers_.size()) return Malformed("container number");
    if (at == used_) ++used_;
    at_ = static_cast<std::size_t>(at);
    switch (operation) {
      case layout::kRemoveKey:
      case layout::kSetValue:
      case layout::kSetChild:
        return ReadSet(operation);
      case layout::kInsertText:
        return ReadInsertText();
      case layout::kInsertItems:
        return ReadInsertItems();
      case layout::kRemove:
        return ReadRemove();
      case layout::kAdd: {
        READ(const std::uint64_t delta, in_.Varint());
        return Edit(Add{ids_[at_], UnZigZag(delta)});
      }
      default:
        return Malformed("operation");
    }
  }

  Result<Edit> ReadSet(std::uint8_t operation) {
    const ContainerName& map = containers_[at_].name;
    const bool root = map.kind == ContainerName::Kind::kRoot;
    SetKey edit{.map = ids_[at_], .key = {}, .slot = {}};
    READ(const std::uint8_t place, in_.Byte());
    if (place > layout::kContentKey) return Malformed("place of a key");
    const bool declared = place == layout::kDeclaredKey;
    if (declared) {
      ASSIGN(edit.key, ReadText(in_));
      if (!root || schema_.Find(edit.key) == nullptr) return Malformed("key not declared");
    }
    const Group group{layout::kRecord,
                      layout::IsPersonalKey(map, declared ? &edit.key : nullptr, schema_)};
    if (!declared) {
      READ(const std::uint64_t size, in_.Varint());
      ASSIGN(edit.key, TakeText(group, size));
      if (root && schema_.Find(edit.key) != nullptr) return Malformed("declared key as content");
    }
    if (operation == layout::kSetChild) {
      ASSIGN(edit.slot, ReadType(in_));
    } else if (operation == layout::kSetValue) {
      READ(const std::uint8_t tag, in_.Byte());
      ASSIGN(edit.slot, ReadValue(tag, group));
    }
    return Edit(std::move(edit));
  }

  Result<Edit> ReadInsertText() {
    InsertText edit{.text = ids_[at_], .position = 0, .inserted = {}};
    ASSIGN(edit.position, ReadPosition());
    READ(const std::uint64_t count, in_.Varint());
    READ(const std::uint64_t size, in_.Varint());
    if (count == 0) return Malformed("empty insertion");
    ASSIGN(edit.inserted,
           TakeText({at_, layout::IsPersonal(containers_[at_].name, schema_)}, size));
    if (CountCodePoints(edit.inserted) != count) return Malformed("number of code points");
    containers_[at_].cursor = edit.position + count;
    return Edit(std::move(edit));
  }

  Result<Edit> ReadInsertItems() {
    InsertItems edit{.list = ids_[at_], .position = 0, .items = {}};
    ASSIGN(edit.position, ReadPosition());
    READ(const std::uint64_t count, in_.Varint());
    if (count == 0) return Malformed("empty insertion");
    const Group group{layout::kRecord, layout::IsPersonal(containers_[at_].name, schema_)};
    for (std::uint64_t i = 0; i < count; ++i) {
      READ(const std::uint8_t tag, in_.Byte());
      if (tag == layout::kChild) {
        ASSIGN(const ContainerType type, ReadType(in_));
        edit.items.emplace_back(type);
      } else {
        ASSIGN(Value value, ReadValue(tag, group));
        edit.items.emplace_back(std::move(value));
      }
    }
    containers_[at_].cursor = edit.position + count;
    return Edit(std::move(edit));
  }

  Result<Edit> ReadRemove() {
    Remove edit{.sequence = ids_[at_], .position = 0, .count = 0};
    ASSIGN(edit.position, ReadPosition());
    READ(edit.count, in_.Varint());
    if (edit.count == 0) return Malformed("empty removal");
    containers_[at_].cursor = edit.position;
    return Edit(std::move(edit));
  }

  Result<std::uint64_t> ReadPosition() {
    READ(const std::uint64_t delta, in_.Varint());
    return containers_[at_].cursor + static_cast<std::uint64_t>(UnZigZag(delta));
  }

  Result<Value> ReadValue(std::uint8_t tag, Group group) {
    if (tag == layout::kNull) return Value();
    if (tag > layout::kString) return Malformed("type of a value");
    READ(const std::uint64_t size, in_.Varint());
    if (tag == layout::kString) {
      ASSIGN(std::string text, TakeText(group, size));
      return Value(std::move(text));
    }
    ASSIGN(const ByteView bytes, TakeContent(group, size));
    ByteReader content(bytes);
    READ(const std::uint64_t number, content.Varint());
    if (!content.AtEnd()) return Malformed("length of a value");
    if (tag == layout::kInt) return Value(UnZigZag(number));
    if (number > 1) return Malformed("truth value");
    return Value(number == 1);
  }

  Result<std::string> TakeText(Group group, std::uint64_t size) {
    ASSIGN(const ByteView bytes, TakeContent(group, size));
    if (!IsUtf8(AsText(bytes))) return Malformed("text is no UTF-8");
    return ToText(bytes);
  }

  // The next `size` bytes of the group's field. Fields are numbered in order of first use.
  Result<ByteView> TakeContent(Group group, std::uint64_t size) {
    if (size == 0) return ByteView();
    auto found = groups_.find(group);
    if (found == groups_.end()) {
      const std::size_t number = contents_.size();
      if (number + 1 >= fields_.size() ||
          fields_[number + 1].name != layout::FieldName(number, group.second))
        return Malformed("content field missing");
      contents_.emplace_back(group, ByteReader(fields_[number + 1].value));
      found = groups_.emplace(group, number).first;
    }
    READ(const ByteView bytes, contents_[found->second].second.Take(size));
    return bytes;
  }

  const std::vector<EncodedField>& fields_;
  const Schema& schema_;
  ByteReader in_;
  std::vector<layout::Container> containers_;
  std::vector<ContainerId> ids_;
  std::set<ContainerId> known_;
  std::size_t used_ = 0;  // containers that an edit has named
  std::size_t at_ = 0;    // container of the edit at hand
  std::vector<std::pair<Group, ByteReader>> contents_;
  std::map<Group, std::size_t> groups_;
};

#undef READ

}  // namespace

Result<ChangeHead> DecodeChangeHead(ByteView structure) {
  ByteReader in(structure);
  return ReadHead(in);
}

Result<DecodedChange> DecodeChange(const std::vector<EncodedField>& fields, const Schema& schema) {
  if (fields.empty() || fields[0].name != "structure") return Malformed("structure missing");
  return Decoder(fields, schema).Decode();
}

}  // namespace geflecht::crdt
