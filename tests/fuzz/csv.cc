// Tables: the reader, the plan of their import, and both ways back.
#include "node/formats/csv.h"

#include "base/check.h"
#include "tests/fuzz/import_checks.h"
#include "tests/fuzz/targets.h"

namespace geflecht::fuzz {
namespace {

void CheckWrittenTable(const formats::CsvTable& table) {
  std::vector<std::vector<std::string>> rows;
  for (const formats::CsvRow& row : table.rows) rows.push_back(row.cells);
  const std::string text = formats::WriteCsv(table.header, rows);
  const auto again = formats::ParseCsv(AsBytes(text));
  CHECK(again.has_value() && again->header == table.header);
  CHECK(again->rows.size() == table.rows.size());
  for (std::size_t i = 0; i < rows.size(); ++i) CHECK(again->rows[i].cells == rows[i]);
}

}  // namespace

void Csv(ByteView input) {
  const auto table = formats::ParseCsv(input);
  if (!table) return;
  std::size_t line = 0;
  for (const formats::CsvRow& row : table->rows) {
    CHECK(row.cells.size() == table->header.size() && row.line > line);
    line = row.line;
  }
  if (!table->header.empty() && !table->header.back().empty()) CheckWrittenTable(*table);
  if (const auto plan = PlanOf(*table)) CheckPlan(*plan);
}

}  // namespace geflecht::fuzz
