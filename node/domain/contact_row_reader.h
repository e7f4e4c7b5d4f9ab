// One row of a contact list to the fields that it says something about.
#pragma once

#include <cstddef>
#include <map>
#include <span>
#include <string>
#include <vector>

#include "node/domain/contact_columns.h"
#include "node/domain/record.h"

namespace geflecht::domain {

// A column as the import reads it; `rule` is nullptr for an unknown one.
struct ColumnPlan {
  const ColumnRule* rule = nullptr;
};

// The rules for a header. "Name" is the family name where another column holds the given name and
// none the family name, as in "Name;Vorname".
std::vector<ColumnPlan> PlanColumns(const std::vector<std::string>& header);

// Whether values of such a column may stand in a record.
bool IsTaken(ColumnUse use);

// Whether the column can hold a person's name or an organisation.
bool NamesContact(const ColumnPlan& column);

struct RowReading {
  Record record;                                            // fields of the row that are not empty
  std::map<std::string, std::vector<std::size_t>> origins;  // field -> columns it came from
  std::map<std::size_t, std::string> refused;               // column -> reason, see ValueReport
};

// Columns that are not taken (unknown, private, free text, case) are passed over.
RowReading ReadContactRow(std::span<const ColumnPlan> columns, std::span<const std::string> cells);

}  // namespace geflecht::domain
