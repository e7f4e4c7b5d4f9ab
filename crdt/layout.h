// What encoder and decoder of a change share (docs/formats/change.md): codes, and which content
// field a stretch belongs to.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include "base/bytes.h"
#include "crdt/change.h"
#include "crdt/container_id.h"
#include "crdt/schema.h"

namespace geflecht::crdt::layout {

inline constexpr std::uint8_t kVersion = 2;
inline constexpr std::uint8_t kHasType = 1, kHasErasures = 2;  // flags of the head
enum Operation : std::uint8_t {
  kRemoveKey = 0,
  kSetValue = 1,
  kSetChild = 2,
  kInsertText = 3,
  kInsertItems = 4,
  kRemove = 5,
  kAdd = 6,
  kSetItem = 7,
  kMoveItem = 8,
  kCreateNode = 9,
  kMoveNode = 10,
  kRemoveNode = 11,
  kMark = 12,
  kInsertBlock = 13,
  kSetBlock = 14,
};
enum SlotTag : std::uint8_t { kNull = 0, kBool = 1, kInt = 2, kString = 3, kChild = 4 };
inline constexpr std::uint8_t kNoAttribute = 4;
inline constexpr std::uint8_t kDeclaredKey = 0, kContentKey = 1;

// A container of the change's table: its name, and the cursor that positions are relative to.
struct Container {
  ContainerName name;
  std::uint64_t cursor = 0;
};

// Where a stretch goes: (the text container, or kRecord; personal).
using Group = std::pair<ContainerId, bool>;
inline constexpr const char* kRecord = "";  // the root map is no text

// For all but the root map, which asks for the key.
inline bool IsPersonal(const ContainerId& id, const Schema& schema) {
  if (!id.starts_with('/')) return true;
  const FieldSpec* const field = schema.Find(std::string_view(id).substr(1));
  return field == nullptr || field->personal;
}
inline Group RecordOf(const ContainerId& id, const Schema& schema) {
  return {kRecord, IsPersonal(id, schema)};
}
inline Group TextOf(const ContainerId& id, const Schema& schema) {
  return {id, IsPersonal(id, schema)};
}
// Of a map's key; `declared` is nullptr if the key is content.
inline Group KeyOf(const ContainerId& map, const FieldSpec* declared, const Schema& schema) {
  if (!map.empty()) return RecordOf(map, schema);
  return {kRecord, declared == nullptr || declared->personal};
}
// The declaration of a key of the root map that therefore stands in the structure.
inline const FieldSpec* DeclaredKey(const SetKey& edit, const Schema& schema) {
  return edit.map.empty() && !edit.absent_key ? schema.Find(edit.key) : nullptr;
}

// Whether an attribute of a block marker is structure, whatever its type.
inline bool IsStructure(std::string_view attribute) {
  return attribute == "type" || attribute == "level";
}

inline std::string FieldName(std::size_t number, bool personal) {
  return "content." + std::to_string(number) + (personal ? ".personal" : "");
}

// Calls `visit` with each piece of content of `edit`, in the order of its bytes: (group, SetKey&)
// for a key, (group, InsertText&) for a text, (group, Value&) for a value. Pieces may be empty.
template <class AnyEdit, class Visitor>
void VisitContent(AnyEdit& edit, const Schema& schema, const Visitor& visit) {
  const auto slot = [&](const Group& group, auto& value_or_type) {
    if (auto* value = std::get_if<Value>(&value_or_type)) visit(group, *value);
  };
  if (auto* set = std::get_if<SetKey>(&edit)) {
    const FieldSpec* const declared = DeclaredKey(*set, schema);
    const Group group = KeyOf(set->map, declared, schema);
    if (declared == nullptr) visit(group, *set);
    if (set->slot) slot(group, *set->slot);
  } else if (auto* text = std::get_if<InsertText>(&edit)) {
    visit(TextOf(text->text, schema), *text);
  } else if (auto* items = std::get_if<InsertItems>(&edit)) {
    for (auto& item : items->items) slot(RecordOf(items->list, schema), item);
  } else if (auto* item = std::get_if<SetItem>(&edit)) {
    slot(RecordOf(item->list, schema), item->slot);
  } else if (auto* mark = std::get_if<Mark>(&edit)) {
    if (mark->value && !std::holds_alternative<bool>(*mark->value))
      visit(TextOf(mark->text, schema), *mark->value);
  } else if (auto* block = std::get_if<InsertBlock>(&edit)) {
    for (auto& [key, value] : block->attributes)
      if (!IsStructure(key) && !std::holds_alternative<bool>(value))
        visit(TextOf(block->text, schema), value);
  } else if (auto* attribute = std::get_if<SetBlock>(&edit)) {
    if (attribute->value && !IsStructure(attribute->key) &&
        !std::holds_alternative<bool>(*attribute->value))
      visit(TextOf(attribute->text, schema), *attribute->value);
  }
}

// The bytes of a value that are content; of one that is not here only their number is known.
Bytes ContentOf(const Value& value);
std::uint64_t ContentSize(const Value& value);

}  // namespace geflecht::crdt::layout
