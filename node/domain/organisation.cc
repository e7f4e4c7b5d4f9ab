#include "node/domain/organisation.h"

#include <algorithm>
#include <array>
#include <variant>

#include "node/domain/document_types.h"

namespace geflecht::domain {
namespace {

bool IsText(const crdt::NewSlot& slot) {
  const auto* value = std::get_if<crdt::Value>(&slot);
  if (value == nullptr) return false;
  const auto* absent = std::get_if<crdt::Absent>(value);
  return absent != nullptr ? absent->kind == crdt::Absent::Kind::kText
                           : std::holds_alternative<std::string>(*value);
}

template <std::size_t N>
bool Holds(const std::array<std::string_view, N>& keys, std::string_view key) {
  return std::find(keys.begin(), keys.end(), key) != keys.end();
}

constexpr std::array<std::string_view, 3> kContactOfPerson = {"organisation", "department",
                                                              "topics"};
constexpr std::array<std::string_view, 5> kAddressOfOrganisation = {"street", "postal_code", "city",
                                                                    "phone", "email"};

}  // namespace

const std::vector<std::string>& OrganisationKeysNeeded() {
  static const std::vector<std::string> keys = {"law_profile", "natural_person", "public_body"};
  return keys;
}

std::optional<std::string> OrganisationVoidReason(bool first_change, bool own,
                                                  const std::vector<crdt::Edit>& edits) {
  if (!own) return "another-organisation";
  const std::vector<std::string>& needed = OrganisationKeysNeeded();
  std::vector<bool> set(needed.size());
  for (const crdt::Edit& edit : edits) {
    const auto* write = std::get_if<crdt::SetKey>(&edit);
    if (write == nullptr || !write->map.empty()) continue;
    const auto key = std::find(needed.begin(), needed.end(), write->key);
    if (key == needed.end()) continue;
    if (!write->slot) return *key + "-removed";
    if (!IsText(*write->slot)) return *key + "-no-text";
    set[static_cast<std::size_t>(key - needed.begin())] = true;
  }
  if (!first_change) return std::nullopt;
  for (std::size_t i = 0; i < needed.size(); ++i)
    if (!set[i]) return needed[i] + "-missing";
  return std::nullopt;
}

bool IsPersonal(std::string_view type, std::string_view key, bool of_natural_person) {
  if (type == kContact && Holds(kContactOfPerson, key)) return of_natural_person;
  if (type == kOrganisation && Holds(kAddressOfOrganisation, key)) return of_natural_person;
  const crdt::Schema* schema = FindSchema(type, kSchemaVersion);
  const crdt::FieldSpec* field = schema == nullptr ? nullptr : schema->Find(key);
  return field == nullptr || field->personal;
}

bool IsNaturalPerson(const Record& organisation) {
  return TextOf(organisation, "natural_person") == "yes";
}

}  // namespace geflecht::domain
