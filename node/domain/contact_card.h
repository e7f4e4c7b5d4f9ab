// One address-book card to the columns and cells that the import knows. Pure.
#pragma once

#include <cstddef>
#include <map>
#include <string>
#include <vector>

#include "node/domain/contact_row_reader.h"

namespace geflecht::domain {

// A property of a vCard that has a value.
struct CardProperty {
  std::size_t line = 0;
  std::string group;               // in upper case
  std::string name;                // in upper case; empty: the line is no property
  std::vector<std::string> types;  // in upper case
  std::vector<std::string> parts;  // UTF-8, trimmed; none if the value is not kept
  std::string problem;             // reason as in ValueReport, why it is not
};

struct ImportCard {
  std::size_t line = 0;
  bool is_version_4 = false;
  std::vector<CardProperty> properties;
};

// A card as a row with columns of its own, parallel: each value that the card holds is one cell.
struct CardRow {
  std::vector<std::string> headings;  // as the report names them: "TEL;WORK;VOICE", "N family"
  std::vector<ColumnPlan> columns;
  std::vector<std::string> cells;
  std::vector<std::size_t> lines;
  std::map<std::size_t, std::string> refused;  // column -> reason; nobody has to read these
  std::string refusal;  // why the card as a whole is no contact: "a-group-is-no-contact"
};

// The rules, where a value is for the columns of a table what FindColumnRule says of the German
// heading beside it: N Nachname, Vorname, ...; TEL without HOME Telefon or Mobil; HOME private.
CardRow RowOfCard(const ImportCard& card);

}  // namespace geflecht::domain
