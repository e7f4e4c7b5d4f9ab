#include "node/governance/body_fields.h"

#include <variant>

#include "node/log/lines.h"
#include "node/log/name.h"

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
    if (field != nullptr && field->name != names[i] && i < evidence)
      return Fail(Code::kMalformed, "another name of a field");
  }
  return BodyFields(body, names);
}

std::string BodyFields::Text(std::size_t i) const {
  const auto* field = std::get_if<log::Field>(&body_->slots[i]);
  if (field == nullptr || field->name != names_[i]) return {};
  return std::string(AsText(field->value));
}

std::string BodyFields::Erasable(std::size_t i, std::size_t most) const {
  std::string text = Text(i);
  return log::CheckText(text, most) ? text : std::string();
}

}  // namespace geflecht::governance
