// Files of vCards: the reader and the plan of their import.
#include "base/check.h"
#include "base/limits.h"
#include "node/formats/unicode.h"
#include "tests/fuzz/import_checks.h"
#include "tests/fuzz/targets.h"

namespace geflecht::fuzz {

void Vcard(ByteView input) {
  const auto file = formats::ParseVcards(input);
  if (!file) return;
  for (const formats::Vcard& card : file->cards) {
    CHECK(card.version == "2.1" || card.version == "3.0" || card.version == "4.0");
    CHECK(card.properties.size() <= limits::kVcardPropertiesPerCardMax);
    for (const formats::VcardProperty& property : card.properties) {
      CHECK(property.parts.size() <= limits::kVcardPartsMax);
      CHECK(property.types.size() <= limits::kVcardTypesMax);
      CHECK(property.parts.empty() || property.problem.empty());
      for (const std::string& part : property.parts) {
        CHECK(part.size() <= limits::kVcardValueBytesMax);
        CHECK(formats::NormaliseValue(part) == part);
      }
    }
  }
  if (const auto plan = PlanOf(*file)) CheckPlan(*plan);
}

}  // namespace geflecht::fuzz
