// What encoder and decoder of a change share (docs/formats/change.md): codes, and which content
// field a stretch belongs to.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "crdt/container_id.h"
#include "crdt/schema.h"

namespace geflecht::crdt::layout {

inline constexpr std::uint8_t kVersion = 2;
inline constexpr std::uint8_t kHasType = 1;  // flags of the head
enum Operation : std::uint8_t {
  kRemoveKey = 0,
  kSetValue = 1,
  kSetChild = 2,
  kInsertText = 3,
  kInsertItems = 4,
  kRemove = 5,
  kAdd = 6,
};
enum SlotTag : std::uint8_t { kNull = 0, kBool = 1, kInt = 2, kString = 3, kChild = 4 };
inline constexpr std::uint8_t kDeclaredKey = 0, kContentKey = 1;

// A container of the change's table: its name, and the cursor that positions are relative to.
struct Container {
  ContainerName name;
  std::uint64_t cursor = 0;
};

// Where a stretch goes: (index of the text container, or kRecord; personal).
using Group = std::pair<std::size_t, bool>;
inline constexpr std::size_t kRecord = ~std::size_t{0};

// For all but the root map, which asks for the key.
inline bool IsPersonal(const ContainerName& name, const Schema& schema) {
  if (name.kind != ContainerName::Kind::kDeclared) return true;
  const FieldSpec* const field = schema.Find(name.key);
  return field == nullptr || field->personal;
}
inline bool IsPersonalKey(const ContainerName& map, const std::string* declared_key,
                          const Schema& schema) {
  if (map.kind != ContainerName::Kind::kRoot) return IsPersonal(map, schema);
  return declared_key == nullptr || schema.Find(*declared_key)->personal;
}

inline std::string FieldName(std::size_t number, bool personal) {
  return "content." + std::to_string(number) + (personal ? ".personal" : "");
}

}  // namespace geflecht::crdt::layout
