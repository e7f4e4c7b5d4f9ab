#include <map>
#include <set>
#include <utility>

#include "base/limits.h"
#include "crdt/codec.h"
#include "crdt/content.h"
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

template <class Id>
Result<std::vector<Id>> ReadIds(ByteReader& in, const char* unordered) {
  READ(const std::uint64_t count, in.Varint());
  std::vector<Id> ids;
  for (std::uint64_t i = 0; i < count; ++i) {
    ASSIGN(const Id id, ReadId<Id>(in));
    if (!ids.empty() && id <= ids.back()) return Malformed(unordered);
    ids.push_back(id);
  }
  return ids;
}

Result<ContainerType> ReadType(ByteReader& in) {
  READ(const std::uint8_t type, in.Byte());
  if (type < 1 || type > 5) return Malformed("container type");
  return static_cast<ContainerType>(type);
}

Result<ChangeHead> ReadHead(ByteReader& in) {
  READ(const std::uint8_t version, in.Byte());
  if (version != layout::kVersion) return Malformed("version of the change format");
  ChangeHead head;
  READ(const std::uint8_t flags, in.Byte());
  if (flags > (layout::kHasType | layout::kHasErasures)) return Malformed("flags");
  if ((flags & layout::kHasType) == 0) {
    ASSIGN(head.document, ReadId<DocumentId>(in));
  } else {
    ASSIGN(head.type, ReadText(in));
    READ(const std::uint64_t schema_version, in.Varint());
    if (schema_version > UINT32_MAX) return Malformed("schema version");
    head.schema_version = static_cast<std::uint32_t>(schema_version);
  }
  READ(head.own_distance, in.Varint());
  ASSIGN(head.parents, ReadIds<ChangeId>(in, "parents not ascending"));
  if ((flags & layout::kHasErasures) == 0) return head;
  ASSIGN(head.erasures, ReadIds<ErasureId>(in, "erasures not ascending"));
  if (head.erasures.empty() || head.type) return Malformed("erasures of a first change, or none");
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
    for (std::size_t n = 0; n < contents_.size(); ++n) {
      Content& content = contents_[n];
      if (!content.gap && !content.rest.AtEnd()) content.unreadable = true;
      if (!content.unreadable) continue;
      TRY(TakeContentOut(out.edits, schema_, n, Gap::kErased));
      out.unreadable.push_back(n);
    }
    return out;
  }

 private:
  // A content field: what is left of it, or why it is not here.
  struct Content {
    ByteReader rest;
    std::optional<Gap> gap;
    std::uint64_t size = 0;  // of the stretches so far
    bool unreadable = false;
  };

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
    ASSIGN(at_, ReadContainer());
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
      case layout::kSetItem:
        return ReadSetItem();
      case layout::kMoveItem:
        return ReadMoveItem();
      case layout::kCreateNode:
      case layout::kMoveNode:
      case layout::kRemoveNode:
        return ReadNodeEdit(operation);
      case layout::kMark:
        return ReadMark();
      case layout::kInsertBlock:
        return ReadInsertBlock();
      case layout::kSetBlock:
        return ReadSetBlock();
      default:
        return Malformed("operation");
    }
  }

  // A number in the list of containers, which the edits name in its order.
  Result<std::size_t> ReadContainer() {
    READ(const std::uint64_t number, in_.Varint());
    return Named(number);
  }
  Result<std::size_t> Named(std::uint64_t number) {
    if (number > used_ || number >= containers_.size()) return Malformed("container number");
    if (number == used_) ++used_;
    return static_cast<std::size_t>(number);
  }

  Result<Edit> ReadSet(std::uint8_t operation) {
    const bool root = ids_[at_].empty();
    SetKey edit{.map = ids_[at_], .key = {}, .slot = {}};
    READ(const std::uint8_t place, in_.Byte());
    if (place > layout::kContentKey) return Malformed("place of a key");
    const FieldSpec* declared = nullptr;
    if (place == layout::kDeclaredKey) {
      ASSIGN(edit.key, ReadText(in_));
      declared = root ? schema_.Find(edit.key) : nullptr;
      if (declared == nullptr) return Malformed("key not declared");
    }
    const Group group = layout::KeyOf(edit.map, declared, schema_);
    if (declared == nullptr) TRY(ReadKey(edit, group));
    if (operation == layout::kSetChild) {
      ASSIGN(edit.slot, ReadType(in_));
    } else if (operation == layout::kSetValue) {
      READ(const std::uint8_t tag, in_.Byte());
      ASSIGN(edit.slot, ReadValue(tag, group));
    }
    return Edit(std::move(edit));
  }

  Result<void> ReadKey(SetKey& edit, const Group& group) {
    READ(const std::uint64_t size, in_.Varint());
    ASSIGN(const Piece piece, TakeContent(group, size));
    const std::string_view key = AsText(piece.bytes);
    if (piece.gap) {
      edit.absent_key = AbsentText{*piece.gap, 0, size};
    } else if (!IsUtf8(key) || (edit.map.empty() && schema_.Find(key) != nullptr)) {
      Spoil(group);
      edit.absent_key = AbsentText{Gap::kErased, 0, size};
    } else {
      edit.key = key;
    }
    return {};
  }

  Result<Edit> ReadInsertText() {
    InsertText edit{.text = ids_[at_], .position = 0, .inserted = {}};
    ASSIGN(edit.position, ReadPosition());
    READ(const std::uint64_t count, in_.Varint());
    READ(const std::uint64_t size, in_.Varint());
    if (count == 0) return Malformed("empty insertion");
    if (count > size || size / 4 + (size % 4 != 0) > count)
      return Malformed("number of code points");
    const Group group = layout::TextOf(edit.text, schema_);
    ASSIGN(const Piece piece, TakeContent(group, size));
    const std::string_view text = AsText(piece.bytes);
    if (piece.gap) {
      edit.absent = AbsentText{*piece.gap, count, size};
    } else if (!IsUtf8(text) || CountCodePoints(text) != count) {
      Spoil(group);
      edit.absent = AbsentText{Gap::kErased, count, size};
    } else {
      edit.inserted = text;
    }
    containers_[at_].cursor = edit.position + count;
    return Edit(std::move(edit));
  }

  Result<NewSlot> ReadSlot(const Group& group) {
    READ(const std::uint8_t tag, in_.Byte());
    if (tag == layout::kChild) {
      ASSIGN(const ContainerType type, ReadType(in_));
      return NewSlot(type);
    }
    ASSIGN(Value value, ReadValue(tag, group));
    return NewSlot(std::move(value));
  }

  Result<Edit> ReadInsertItems() {
    InsertItems edit{.list = ids_[at_], .position = 0, .items = {}};
    ASSIGN(edit.position, ReadPosition());
    READ(const std::uint64_t count, in_.Varint());
    if (count == 0) return Malformed("empty insertion");
    for (std::uint64_t i = 0; i < count; ++i) {
      ASSIGN(NewSlot item, ReadSlot(layout::RecordOf(edit.list, schema_)));
      edit.items.push_back(std::move(item));
    }
    containers_[at_].cursor = edit.position + count;
    return Edit(std::move(edit));
  }

  Result<Edit> ReadRemove() {
    Remove edit{.sequence = ids_[at_], .position = 0, .count = 0};
    ASSIGN(edit.position, ReadPosition());
    READ(edit.count, in_.Varint());
    if (edit.count == 0) return Malformed("empty removal");
    return Edit(std::move(edit));
  }

  Result<Edit> ReadSetItem() {
    SetItem edit{.list = ids_[at_], .position = 0, .slot = {}};
    ASSIGN(edit.position, ReadPosition());
    ASSIGN(edit.slot, ReadSlot(layout::RecordOf(edit.list, schema_)));
    return Edit(std::move(edit));
  }

  Result<Edit> ReadMoveItem() {
    MoveItem edit{.list = ids_[at_], .from = 0, .to = 0};
    ASSIGN(edit.from, ReadPosition());
    ASSIGN(edit.to, ReadPosition());
    return Edit(std::move(edit));
  }

  Result<ContainerId> ReadNode(std::uint64_t number) {
    ASSIGN(const std::size_t node, Named(number));
    if (containers_[node].name.kind < ContainerName::Kind::kCreated) return Malformed("node");
    return ids_[node];
  }

  Result<Edit> ReadNodeEdit(std::uint8_t operation) {
    MoveNode edit{.tree = ids_[at_], .node = {}, .parent = {}, .order = {}};
    if (operation != layout::kCreateNode) {
      READ(const std::uint64_t number, in_.Varint());
      ASSIGN(edit.node, ReadNode(number));
    }
    if (operation == layout::kRemoveNode)
      return Edit(RemoveNode{std::move(edit.tree), std::move(edit.node)});
    READ(const std::uint64_t parent, in_.Varint());
    if (parent > 0) {
      ASSIGN(edit.parent, ReadNode(parent - 1));
    }
    READ(const std::uint64_t size, in_.Varint());
    READ(const ByteView order, in_.Take(size));
    edit.order = ToText(order);
    if (operation == layout::kMoveNode) return Edit(std::move(edit));
    return Edit(CreateNode{std::move(edit.tree), std::move(edit.parent), std::move(edit.order)});
  }

  Result<Edit> ReadMark() {
    Mark edit{.text = ids_[at_], .from = 0, .to = 0, .key = {}, .value = {}};
    ASSIGN(edit.from, ReadPosition());
    READ(const std::uint64_t count, in_.Varint());
    if (count == 0 || count > UINT64_MAX - edit.from) return Malformed("length of a mark");
    edit.to = edit.from + count;
    READ(const std::uint8_t expand, in_.Byte());
    if (expand > static_cast<std::uint8_t>(Expand::kBoth)) return Malformed("expand");
    edit.expand = static_cast<Expand>(expand);
    ASSIGN(edit.key, ReadText(in_));
    ASSIGN(edit.value, ReadAttribute(false));
    containers_[at_].cursor = edit.to;
    return Edit(std::move(edit));
  }

  Result<Edit> ReadInsertBlock() {
    InsertBlock edit{.text = ids_[at_], .position = 0, .attributes = {}};
    ASSIGN(edit.position, ReadPosition());
    READ(const std::uint64_t count, in_.Varint());
    for (std::uint64_t i = 0; i < count; ++i) {
      ASSIGN(std::string key, ReadText(in_));
      if (!edit.attributes.empty() && key <= edit.attributes.rbegin()->first)
        return Malformed("attributes not ascending");
      ASSIGN(std::optional<Value> value, ReadAttribute(layout::IsStructure(key)));
      if (!value) return Malformed("attribute without value");
      edit.attributes.emplace_hint(edit.attributes.end(), std::move(key), *std::move(value));
    }
    containers_[at_].cursor = edit.position + 1;
    return Edit(std::move(edit));
  }

  Result<Edit> ReadSetBlock() {
    SetBlock edit{.text = ids_[at_], .position = 0, .key = {}, .value = {}};
    ASSIGN(edit.position, ReadPosition());
    ASSIGN(edit.key, ReadText(in_));
    ASSIGN(edit.value, ReadAttribute(layout::IsStructure(edit.key)));
    return Edit(std::move(edit));
  }

  // Of the container at hand, whose cursor it moves.
  Result<std::uint64_t> ReadPosition() {
    READ(const std::uint64_t delta, in_.Varint());
    return containers_[at_].cursor += static_cast<std::uint64_t>(UnZigZag(delta));
  }

  Result<std::optional<Value>> ReadAttribute(bool is_structure) {
    READ(const std::uint8_t tag, in_.Byte());
    if (tag == layout::kNoAttribute) return std::optional<Value>();
    if (tag == layout::kBool) {
      READ(const std::uint8_t flag, in_.Byte());
      if (flag > 1) return Malformed("truth value");
      return std::optional<Value>(flag == 1);
    }
    if (is_structure && tag == layout::kInt) {
      READ(const std::uint64_t number, in_.Varint());
      return std::optional<Value>(UnZigZag(number));
    }
    if (is_structure && tag == layout::kString) {
      ASSIGN(std::string text, ReadText(in_));
      return std::optional<Value>(std::move(text));
    }
    ASSIGN(Value value, ReadValue(tag, layout::TextOf(ids_[at_], schema_)));
    return std::optional<Value>(std::move(value));
  }

  Result<Value> ReadValue(std::uint8_t tag, const Group& group) {
    if (tag > layout::kString) return Malformed("kind of a value");
    if (tag == layout::kNull) return Value();
    READ(const std::uint64_t size, in_.Varint());
    if (tag == layout::kBool && size != 1) return Malformed("length of a truth value");
    if (tag == layout::kInt && (size < 1 || size > 10)) return Malformed("length of an integer");
    ASSIGN(const Piece piece, TakeContent(group, size));
    std::optional<Value> value;
    if (!piece.gap) value = ValueFrom(tag, piece.bytes);
    if (value) return *std::move(value);
    if (!piece.gap) Spoil(group);
    return Value(Absent{piece.gap.value_or(Gap::kErased), static_cast<Absent::Kind>(tag), size});
  }

  static std::optional<Value> ValueFrom(std::uint8_t tag, ByteView bytes) {
    if (tag == layout::kString)
      return IsUtf8(AsText(bytes)) ? std::optional<Value>(ToText(bytes)) : std::nullopt;
    ByteReader content(bytes);
    const std::optional<std::uint64_t> number = content.Varint();
    if (!number || !content.AtEnd()) return std::nullopt;
    if (tag == layout::kInt) return Value(UnZigZag(*number));
    return *number > 1 ? std::nullopt : std::optional<Value>(*number == 1);
  }

  struct Piece {
    ByteView bytes;
    std::optional<Gap> gap;
  };

  // The next `size` bytes of the group's field. Fields are numbered in order of first use.
  Result<Piece> TakeContent(const Group& group, std::uint64_t size) {
    if (size == 0) return Piece{};
    auto found = groups_.find(group);
    if (found == groups_.end()) {
      const std::size_t number = contents_.size();
      if (number + 1 >= fields_.size()) return Malformed("content field missing");
      const EncodedField& field = fields_[number + 1];
      if (!field.gap && field.name != layout::FieldName(number, group.second))
        return Malformed("name of a content field");
      contents_.push_back({ByteReader(field.value), field.gap, 0, false});
      found = groups_.emplace(group, number).first;
    }
    Content& content = contents_[found->second];
    if (size > limits::kFieldBytesMax - content.size || size > limits::kBodyBytesMax - size_)
      return Malformed("content too long");
    content.size += size;
    size_ += size;
    if (content.gap) return Piece{{}, content.gap};
    const std::optional<ByteView> bytes =
        content.unreadable ? std::nullopt : content.rest.Take(size);
    if (bytes) return Piece{*bytes, std::nullopt};
    content.unreadable = true;
    return Piece{{}, Gap::kErased};
  }

  void Spoil(const Group& group) { contents_[groups_.at(group)].unreadable = true; }

  const std::vector<EncodedField>& fields_;
  const Schema& schema_;
  ByteReader in_;
  std::vector<layout::Container> containers_;
  std::vector<ContainerId> ids_;
  std::set<ContainerId> known_;
  std::size_t used_ = 0;  // containers that an edit has named
  std::size_t at_ = 0;    // container of the edit at hand
  std::vector<Content> contents_;
  std::map<Group, std::size_t> groups_;
  std::uint64_t size_ = 0;  // of all content
};

#undef READ

}  // namespace

Result<ChangeHead> DecodeChangeHead(ByteView structure) {
  ByteReader in(structure);
  return ReadHead(in);
}

Result<DecodedChange> DecodeChange(const std::vector<EncodedField>& fields, const Schema& schema) {
  if (fields.empty() || fields[0].name != "structure" || fields[0].gap)
    return Malformed("structure missing");
  return Decoder(fields, schema).Decode();
}

}  // namespace geflecht::crdt
