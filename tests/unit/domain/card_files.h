// Files of contacts as `contact import` reads them, for tests.
#pragma once

#include <gtest/gtest.h>

#include <fstream>
#include <iterator>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/bytes.h"
#include "node/domain/contact_import.h"
#include "node/formats/csv.h"
#include "node/formats/vcard_read.h"

namespace geflecht::domain {

inline std::string GoldenFile(const std::string& name) {
  std::ifstream file(std::string(GEFLECHT_SOURCE_DIR) + "/tests/golden/contacts/" + name,
                     std::ios::binary);
  EXPECT_TRUE(file) << name;
  return {std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
}

struct CardInput {
  std::vector<ImportCard> cards;
  std::vector<RowReport> lost;
};

inline CardInput CardsOf(std::string_view bytes) {
  Result<formats::VcardFile> file = formats::ParseVcards(AsBytes(bytes));
  EXPECT_TRUE(file) << (file ? "" : file.error().detail);
  CardInput input;
  if (!file) return input;
  for (const formats::VcardLoss& loss : file->lost) input.lost.push_back({loss.line, loss.reason});
  for (const formats::Vcard& card : file->cards) {
    input.cards.push_back({card.line, card.version == "4.0", {}});
    for (const formats::VcardProperty& from : card.properties)
      input.cards.back().properties.push_back(
          {from.line, from.group, from.name, from.types, from.parts, from.problem});
  }
  return input;
}

inline Result<ImportPlan> PlanCards(std::string_view bytes) {
  const CardInput input = CardsOf(bytes);
  return MapCards(input.cards, input.lost, ImportDefaults{});
}

inline Result<ImportPlan> PlanTable(std::string_view bytes) {
  ASSIGN(formats::CsvTable table, formats::ParseCsv(AsBytes(bytes)));
  std::vector<ImportRow> rows;
  for (formats::CsvRow& row : table.rows) rows.push_back({row.line, std::move(row.cells)});
  return MapContacts(table.header, rows, ImportDefaults{});
}

}  // namespace geflecht::domain
