#include "node/governance/body_fields.h"

#include <variant>

namespace geflecht::governance {

Said SayFields(std::initializer_list<std::pair<std::string_view, std::string_view>> fields,
               std::uint32_t evidence, Random& random) {
  Said said;
  for (const auto& [name, value] : fields)
    said.body.slots.emplace_back(log::MakeField(std::string(name), ToBytes(value), random));
  said.evidence = evidence;
  return said;
}

Result<BodyFields> BodyFields::Of(const log::Body& body, const std::vector<std::string_view>& names,
                                  std::size_t evidence) {
  if (body.slots.size() != names.size()) return Fail(Code::kMalformed, "another number of fields");
  for (std::size_t i = 0; i < names.size(); ++i) {
    const auto* field = std::get_if<log::Field>(&body.slots[i]);
    if (field == nullptr && i < evidence)
      return Fail(Code::kMalformed, "an evidence field is withheld");
    // What can be erased decides nothing: where it is, nobody can tell what it was called.
    if (i < evidence && field->name != names[i])
      return Fail(Code::kMalformed, "another name of a field");
  }
  return BodyFields(body);
}

std::string BodyFields::Text(std::size_t i) const {
  const auto* field = std::get_if<log::Field>(&body_->slots[i]);
  return field == nullptr ? std::string() : std::string(AsText(field->value));
}

}  // namespace geflecht::governance
