#include <algorithm>

#include "base/check.h"
#include "crdt/codec.h"
#include "crdt/layout.h"
#include "crdt/utf8.h"
#include "crdt/validity.h"
#include "crdt/varint.h"

namespace geflecht::crdt {
namespace {

using layout::Group;

class Encoder {
 public:
  explicit Encoder(const Schema& schema) : schema_(schema) {}

  std::vector<EncodedField> Encode(const ChangeHead& head, const std::vector<Edit>& edits) {
    PutHead(head);
    AddContainers(edits);
    AppendVarint(structure_, containers_.size());
    for (const layout::Container& container : containers_) PutName(container.name);
    AppendVarint(structure_, edits.size());
    for (const Edit& edit : edits) {
      at_ = numbers_.at(ContainerOf(edit));
      std::visit([&](const auto& kind) { Put(kind); }, edit);
    }
    std::vector<EncodedField> out{{"structure", std::move(structure_)}};
    for (auto& [group, content] : contents_)
      out.push_back({layout::FieldName(out.size() - 1, group.second), std::move(content)});
    return out;
  }

 private:
  void PutHead(const ChangeHead& head) {
    structure_.push_back(layout::kVersion);
    structure_.push_back(head.type ? layout::kHasType : 0);
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
  }

  void AddContainers(const std::vector<Edit>& edits) {
    for (const Edit& edit : edits) {
      const ContainerId& id = ContainerOf(edit);
      if (!numbers_.emplace(id, containers_.size()).second) continue;
      const std::optional<ContainerName> name = ParseContainerId(id);
      CHECK(name.has_value());
      containers_.push_back({*name, 0});
    }
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

  void PutContent(Group group, ByteView bytes) {
    if (bytes.empty()) return;
    const auto found = std::find_if(contents_.begin(), contents_.end(),
                                    [&](const auto& content) { return content.first == group; });
    if (found == contents_.end()) {
      contents_.emplace_back(group, Bytes(bytes.begin(), bytes.end()));
    } else {
      Append(found->second, bytes);
    }
  }

  void PutSlot(Group group, const std::variant<Value, ContainerType>& slot) {
    if (const auto* type = std::get_if<ContainerType>(&slot)) {
      structure_.push_back(layout::kChild);
      structure_.push_back(static_cast<std::uint8_t>(*type));
      return;
    }
    const Value& value = std::get<Value>(slot);
    Bytes content;
    if (std::holds_alternative<std::monostate>(value)) {
      structure_.push_back(layout::kNull);
      return;
    }
    if (const auto* flag = std::get_if<bool>(&value)) {
      structure_.push_back(layout::kBool);
      content.push_back(*flag ? 1 : 0);
    } else if (const auto* number = std::get_if<std::int64_t>(&value)) {
      structure_.push_back(layout::kInt);
      AppendVarint(content, ZigZag(*number));
    } else {
      structure_.push_back(layout::kString);
      content = ToBytes(std::get<std::string>(value));
    }
    AppendVarint(structure_, content.size());
    PutContent(group, content);
  }

  void Put(const SetKey& edit) {
    const ContainerName& map = containers_[at_].name;
    const bool root = map.kind == ContainerName::Kind::kRoot;
    const bool declared = root && schema_.Find(edit.key) != nullptr;
    const Group group{layout::kRecord,
                      layout::IsPersonalKey(map, declared ? &edit.key : nullptr, schema_)};
    const bool child = edit.slot && std::holds_alternative<ContainerType>(*edit.slot);
    PutOperation(!edit.slot ? layout::kRemoveKey : child ? layout::kSetChild : layout::kSetValue);
    structure_.push_back(declared ? layout::kDeclaredKey : layout::kContentKey);
    if (declared) {
      PutText(edit.key);
    } else {
      AppendVarint(structure_, edit.key.size());
      PutContent(group, AsBytes(edit.key));
    }
    if (child) {
      structure_.push_back(static_cast<std::uint8_t>(std::get<ContainerType>(*edit.slot)));
    } else if (edit.slot) {
      PutSlot(group, *edit.slot);
    }
  }

  void Put(const InsertText& edit) {
    PutOperation(layout::kInsertText);
    const std::uint64_t count = CountCodePoints(edit.inserted);
    PutPosition(edit.position, edit.position + count);
    AppendVarint(structure_, count);
    AppendVarint(structure_, edit.inserted.size());
    PutContent({at_, layout::IsPersonal(containers_[at_].name, schema_)}, AsBytes(edit.inserted));
  }

  void Put(const InsertItems& edit) {
    PutOperation(layout::kInsertItems);
    PutPosition(edit.position, edit.position + edit.items.size());
    AppendVarint(structure_, edit.items.size());
    const Group group{layout::kRecord, layout::IsPersonal(containers_[at_].name, schema_)};
    for (const auto& item : edit.items) PutSlot(group, item);
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

  template <class Other>
  void Put(const Other&) {
    CHECK(false);
  }

  const Schema& schema_;
  Bytes structure_;
  std::vector<layout::Container> containers_;
  std::map<ContainerId, std::size_t> numbers_;
  std::size_t at_ = 0;                             // container of the edit at hand
  std::vector<std::pair<Group, Bytes>> contents_;  // in order of first use
};

}  // namespace

std::vector<EncodedField> EncodeChange(const ChangeHead& head, const std::vector<Edit>& edits,
                                       const Schema& schema) {
  return Encoder(schema).Encode(head, edits);
}

}  // namespace geflecht::crdt
