// What a document type declares. Declared keys travel in a change's structure; all others are
// content.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace geflecht::crdt {

enum class FieldType : std::uint8_t { kValue, kMap, kList, kText, kCounter, kTree };

struct FieldSpec {
  std::string key;
  FieldType type = FieldType::kValue;
  bool personal = false;  // its content is a field of its own in the body, so that it can be erased
};

// Fields of the root map. Deeper containers are free-form and take the personal flag of the root
// field that holds them; undeclared root keys count as personal.
struct Schema {
  std::string type;  // "contact", "note"
  std::uint32_t version = 1;
  std::vector<FieldSpec> fields;

  const FieldSpec* Find(std::string_view key) const {
    for (const FieldSpec& field : fields)
      if (field.key == key) return &field;
    return nullptr;
  }
};

}  // namespace geflecht::crdt
