// One text with a person's name in it, taken apart.
#pragma once

#include <string>
#include <string_view>

namespace geflecht::domain {

struct PersonName {
  std::string salutation;  // "Frau"
  std::string prefix;      // "Prof. Dr. med. habil."
  std::string given;
  std::string family;  // with its particles: "van der Heide"
  std::string suffix;  // "M.Sc."
  bool operator==(const PersonName&) const = default;
};

// "Nachname, Vorname" or "Vorname Nachname", both with salutation and academic titles in front, and
// with titles or degrees after a comma. Without a comma the last word is the family name, together
// with particles in front of it; a first word that is a Vietnamese family name comes first as it
// does in that language. `text` is one line.
PersonName SplitName(std::string_view text);

// Whether all words are titles as they stand in front of a name ("Dr. med.").
bool IsTitle(std::string_view text);

// Whether `text` is "Herr", "Frau" or their like.
bool IsSalutation(std::string_view text);

}  // namespace geflecht::domain
