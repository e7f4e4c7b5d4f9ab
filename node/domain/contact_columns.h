// What the columns of contact lists are called, and what is done with each.
#pragma once

#include <string_view>
#include <vector>

namespace geflecht::domain {

enum class ColumnUse {
  kField,       // its value is the value of one field
  kFullName,    // a name in one text
  kFamilyName,  // a family name, perhaps with titles in front
  kTitle,       // Outlook's "Anrede" and "Title": salutation, academic title or function
  kMoreGiven,   // further given names
  kMoreStreet,  // further lines of an address
  kAddress,     // an address in one text
  kPlace,       // postal code and city in one text
  kPrivate,     // never taken: nobody needs it to work together
  kFreeText,    // never taken: nobody can say what it holds
  kCase,        // data on children and families: the file is refused if there is a value
};

struct ColumnRule {
  std::string_view heading;  // as FoldHeading gives it
  ColumnUse use = ColumnUse::kField;
  std::string_view field = {};  // of kField
};

// The rule for a column with this heading, or nullptr. The whole heading has to match, so that
// "Kindertagesstätte" is not "Kind".
const ColumnRule* FindColumnRule(std::string_view heading);

// All rules, for the documentation's test.
const std::vector<ColumnRule>& ColumnRules();

}  // namespace geflecht::domain
