#include <algorithm>
#include <map>
#include <utility>

#include "base/check.h"
#include "crdt/codec.h"
#include "crdt/layout.h"
#include "crdt/utf8.h"
#include "crdt/varint.h"

namespace geflecht::crdt {
namespace {

using layout::Group;

class Encoder {
 public:
  explicit Encoder(const Schema& schema) : schema_(schema) {}

  std::vector<EncodedField> Encode(const ChangeHead& head, const std::vector<Edit>& edits) {
    PutHead(head);
    for (const Edit& edit : edits) AddContainers(edit);
    AppendVarint(structure_, containers_.size());
    for (const layout::Container& container : containers_) PutName(container.name);
    AppendVarint(structure_, edits.size());
    const auto put = [&](const Group& group, const auto& piece) { PutContent(group, piece); };
    for (const Edit& edit : edits) {
      at_ = numbers_.at(ContainerOf(edit));
      std::visit([&](const auto& kind) { Put(kind); }, edit);
      layout::VisitContent(edit, schema_, put);
    }
    std::vector<EncodedField> out{{"structure", std::move(structure_)}};
    for (auto& [group, content] : contents_) {
      content.name = layout::FieldName(out.size() - 1, group.second);
      out.push_back(std::move(content));
    }
    return out;
  }

 private:
  void PutHead(const ChangeHead& head) {
    structure_.push_back(layout::kVersion);
    structure_.push_back(static_cast<std::uint8_t>(
        (head.type ? layout::kHasType : 0) | (head.erasures.empty() ? 0 : layout::kHasErasures)));
    if (!head.type) {
      Append(structure_, head.document.view());
    } else {
      AppendVarint(structure_, head.type->size());
      Append(structure_, *head.type);
      AppendVarint(structure_, head.schema_version);
    }
    AppendVarint(structure_, head.own_distance);
    AppendVarint(structure_, head.parents.size());
    for (const ChangeId& parent : head.parents) Append(structure_, parent.view());
    if (head.erasures.empty()) return;
    AppendVarint(structure_, head.erasures.size());
    for (const ErasureId& erasure : head.erasures) Append(structure_, erasure.view());
  }

  void AddContainers(const Edit& edit) {
    AddName(ContainerOf(edit));
    if (const auto* create = std::get_if<CreateNode>(&edit)) AddParent(create->parent);
    if (const auto* remove = std::get_if<RemoveNode>(&edit)) AddName(remove->node);
    if (const auto* move = std::get_if<MoveNode>(&edit)) {
      AddName(move->node);
      AddParent(move->parent);
    }
  }

  void AddParent(const ContainerId& parent) {
    if (!parent.empty()) AddName(parent);
  }

  void AddName(const ContainerId& id) {
    if (!numbers_.emplace(id, containers_.size()).second) return;
    const std::optional<ContainerName> name = ParseContainerId(id);
    CHECK(name.has_value());
    containers_.push_back({*name, 0});
  }

  void PutName(const ContainerName& name) {
    structure_.push_back(static_cast<std::uint8_t>(name.kind));
    if (name.kind == ContainerName::Kind::kDeclared) PutText(name.key);
    if (name.kind == ContainerName::Kind::kCreated) Append(structure_, name.change.view());
    if (name.kind >= ContainerName::Kind::kCreated) AppendVarint(structure_, name.event);
  }

  void PutText(std::string_view text) {
    AppendVarint(structure_, text.size());
    Append(structure_, text);
  }

  void PutOperation(layout::Operation operation) {
    structure_.push_back(operation);
    AppendVarint(structure_, at_);
  }

  void PutPosition(std::uint64_t position, std::uint64_t next) {
    std::uint64_t& cursor = containers_[at_].cursor;
    AppendVarint(structure_, ZigZag(static_cast<std::int64_t>(position - cursor)));
    cursor = next;
  }

  EncodedField& FieldOf(const Group& group) {
    const auto found = std::find_if(contents_.begin(), contents_.end(),
                                    [&](const auto& content) { return content.first == group; });
    if (found != contents_.end()) return found->second;
    return contents_.emplace_back(group, EncodedField{}).second;
  }
  void PutBytes(const Group& group, ByteView bytes) {
    if (!bytes.empty()) Append(FieldOf(group).value, bytes);
  }
  void PutContent(const Group& group, const SetKey& edit) {
    if (edit.absent_key) FieldOf(group).gap = edit.absent_key->gap;
    PutBytes(group, AsBytes(edit.key));
  }
  void PutContent(const Group& group, const InsertText& edit) {
    if (edit.absent) FieldOf(group).gap = edit.absent->gap;
    PutBytes(group, AsBytes(edit.inserted));
  }
  void PutContent(const Group& group, const Value& value) {
    if (const auto* absent = std::get_if<Absent>(&value)) FieldOf(group).gap = absent->gap;
    PutBytes(group, layout::ContentOf(value));
  }

  void PutType(ContainerType type) { structure_.push_back(static_cast<std::uint8_t>(type)); }

  void PutValue(const Value& value) {
    structure_.push_back(TagOf(value));
    if (!std::holds_alternative<std::monostate>(value))
      AppendVarint(structure_, layout::ContentSize(value));
  }

  static std::uint8_t TagOf(const Value& value) {
    if (const auto* absent = std::get_if<Absent>(&value))
      return static_cast<std::uint8_t>(absent->kind);
    return static_cast<std::uint8_t>(value.index());
  }

  void PutSlot(const NewSlot& slot) {
    if (const auto* type = std::get_if<ContainerType>(&slot)) {
      structure_.push_back(layout::kChild);
      PutType(*type);
    } else {
      PutValue(std::get<Value>(slot));
    }
  }

  void PutAttribute(const std::optional<Value>& value, bool is_structure) {
    if (!value) {
      structure_.push_back(layout::kNoAttribute);
    } else if (const auto* flag = std::get_if<bool>(&*value)) {
      structure_.push_back(layout::kBool);
      structure_.push_back(*flag ? 1 : 0);
    } else if (!is_structure || std::holds_alternative<std::monostate>(*value)) {
      PutValue(*value);
    } else if (const auto* number = std::get_if<std::int64_t>(&*value)) {
      structure_.push_back(layout::kInt);
      AppendVarint(structure_, ZigZag(*number));
    } else {
      structure_.push_back(layout::kString);
      PutText(std::get<std::string>(*value));
    }
  }

  void PutNode(const ContainerId& node) { AppendVarint(structure_, numbers_.at(node)); }
  void PutParent(const ContainerId& parent) {
    AppendVarint(structure_, parent.empty() ? 0 : numbers_.at(parent) + 1);
  }

  void Put(const SetKey& edit) {
    const bool declared = layout::DeclaredKey(edit, schema_) != nullptr;
    const bool child = edit.slot && std::holds_alternative<ContainerType>(*edit.slot);
    PutOperation(!edit.slot ? layout::kRemoveKey : child ? layout::kSetChild : layout::kSetValue);
    structure_.push_back(declared ? layout::kDeclaredKey : layout::kContentKey);
    if (declared) {
      PutText(edit.key);
    } else {
      AppendVarint(structure_, edit.absent_key ? edit.absent_key->bytes : edit.key.size());
    }
    if (child) {
      PutType(std::get<ContainerType>(*edit.slot));
    } else if (edit.slot) {
      PutSlot(*edit.slot);
    }
  }

  void Put(const InsertText& edit) {
    PutOperation(layout::kInsertText);
    const std::uint64_t count = edit.absent ? edit.absent->points : CountCodePoints(edit.inserted);
    PutPosition(edit.position, edit.position + count);
    AppendVarint(structure_, count);
    AppendVarint(structure_, edit.absent ? edit.absent->bytes : edit.inserted.size());
  }

  void Put(const InsertItems& edit) {
    PutOperation(layout::kInsertItems);
    PutPosition(edit.position, edit.position + edit.items.size());
    AppendVarint(structure_, edit.items.size());
    for (const NewSlot& item : edit.items) PutSlot(item);
  }

  void Put(const Remove& edit) {
    PutOperation(layout::kRemove);
    PutPosition(edit.position, edit.position);
    AppendVarint(structure_, edit.count);
  }

  void Put(const Add& edit) {
    PutOperation(layout::kAdd);
    AppendVarint(structure_, ZigZag(edit.delta));
  }

  void Put(const SetItem& edit) {
    PutOperation(layout::kSetItem);
    PutPosition(edit.position, edit.position);
    PutSlot(edit.slot);
  }

  void Put(const MoveItem& edit) {
    PutOperation(layout::kMoveItem);
    PutPosition(edit.from, edit.from);
    PutPosition(edit.to, edit.to);
  }

  void Put(const CreateNode& edit) {
    PutOperation(layout::kCreateNode);
    PutParent(edit.parent);
    PutText(edit.order);
  }

  void Put(const MoveNode& edit) {
    PutOperation(layout::kMoveNode);
    PutNode(edit.node);
    PutParent(edit.parent);
    PutText(edit.order);
  }

  void Put(const RemoveNode& edit) {
    PutOperation(layout::kRemoveNode);
    PutNode(edit.node);
  }

  void Put(const Mark& edit) {
    PutOperation(layout::kMark);
    PutPosition(edit.from, edit.to);
    AppendVarint(structure_, edit.to - edit.from);
    structure_.push_back(static_cast<std::uint8_t>(edit.expand));
    PutText(edit.key);
    PutAttribute(edit.value, false);
  }

  void Put(const InsertBlock& edit) {
    PutOperation(layout::kInsertBlock);
    PutPosition(edit.position, edit.position + 1);
    AppendVarint(structure_, edit.attributes.size());
    for (const auto& [key, value] : edit.attributes) {
      PutText(key);
      PutAttribute(value, layout::IsStructure(key));
    }
  }

  void Put(const SetBlock& edit) {
    PutOperation(layout::kSetBlock);
    PutPosition(edit.position, edit.position);
    PutText(edit.key);
    PutAttribute(edit.value, layout::IsStructure(edit.key));
  }

  const Schema& schema_;
  Bytes structure_;
  std::vector<layout::Container> containers_;
  std::map<ContainerId, std::size_t> numbers_;
  std::size_t at_ = 0;                                    // container of the edit at hand
  std::vector<std::pair<Group, EncodedField>> contents_;  // in order of first use
};

}  // namespace

std::vector<EncodedField> EncodeChange(const ChangeHead& head, const std::vector<Edit>& edits,
                                       const Schema& schema) {
  return Encoder(schema).Encode(head, edits);
}

}  // namespace geflecht::crdt
