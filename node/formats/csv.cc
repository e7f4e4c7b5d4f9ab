#include "node/formats/csv.h"

#include <algorithm>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "base/limits.h"

namespace geflecht::formats {
namespace {

constexpr std::string_view kDelimiters = ";\t,";  // in the order of preference

tl::unexpected<Error> FailAtLine(Code code, std::size_t line, std::string_view reason) {
  return Fail(code, "line " + std::to_string(line) + ": " + std::string(reason));
}

// Takes one of CRLF, LF, CR off the front of `text`.
bool SkipLineEnd(std::string_view& text) {
  if (text.starts_with("\r\n")) {
    text.remove_prefix(2);
  } else if (text.starts_with('\n') || text.starts_with('\r')) {
    text.remove_prefix(1);
  } else {
    return false;
  }
  return true;
}

// The delimiter of a line "sep=;", which is taken off the front of `text`.
std::optional<char> TakeSeparatorLine(std::string_view& text) {
  constexpr std::string_view kStart = "sep=";
  if (!text.starts_with(kStart) || text.size() <= kStart.size()) return std::nullopt;
  const char delimiter = text[kStart.size()];
  if (kDelimiters.find(delimiter) == std::string_view::npos) return std::nullopt;
  std::string_view rest = text.substr(kStart.size() + 1);
  if (!rest.empty() && !SkipLineEnd(rest)) return std::nullopt;
  text = rest;
  return delimiter;
}

char DetectDelimiter(std::string_view text) {
  std::size_t best = kDelimiters.size();
  bool quoted = false;
  bool content = false;  // blank lines may precede the header
  for (const char c : text) {
    if (c == '"') quoted = !quoted;
    if (quoted) continue;
    if (c == '\n' || c == '\r') {
      if (content) break;
      continue;
    }
    content = true;
    best = std::min(best, kDelimiters.find(c));
  }
  return best < kDelimiters.size() ? kDelimiters[best] : kDelimiters[0];
}

// Takes back what WriteCsv does to a value that a spreadsheet would take for a formula.
std::string WithoutFormulaGuard(std::string value) {
  const std::size_t first = value.find_first_not_of('\'');
  if (first == 0 || first == std::string::npos) return value;
  if (std::string_view("=+-@\t\r\n").find(value[first]) == std::string_view::npos) return value;
  return NormaliseValue(std::string_view(value).substr(1));  // it may begin with a TAB now
}

class Reader {
 public:
  Reader(std::string_view text, char delimiter, std::size_t line)
      : rest_(text), delimiter_(delimiter), line_(line) {}

  bool AtEnd() const { return rest_.empty(); }

  // One row; an empty line is a row of one empty cell.
  Result<CsvRow> Next() {
    CsvRow row;
    row.line = line_;
    while (true) {
      if (row.cells.size() == kCsvColumnsMax)
        return FailAtLine(Code::kTooLarge, row.line,
                          "more than " + std::to_string(kCsvColumnsMax) + " columns");
      const std::size_t cell_line = line_;
      ASSIGN(std::string cell, rest_.starts_with('"') ? Quoted() : Plain());
      if (cell.size() > kCsvFieldBytesMax)
        return FailAtLine(Code::kTooLarge, cell_line, "a value is longer than 64 KiB");
      row.cells.push_back(WithoutFormulaGuard(NormaliseValue(cell)));
      if (rest_.empty()) return row;
      if (SkipLineEnd(rest_)) {
        ++line_;
        return row;
      }
      rest_.remove_prefix(1);  // the delimiter
    }
  }

 private:
  Result<std::string> Plain() {
    const char ends[] = {delimiter_, '\r', '\n'};
    const std::size_t size =
        std::min(rest_.find_first_of(std::string_view(ends, sizeof ends)), rest_.size());
    std::string cell(rest_.substr(0, size));
    rest_.remove_prefix(size);
    return cell;
  }

  Result<std::string> Quoted() {
    const std::size_t start = line_;
    std::string cell;
    rest_.remove_prefix(1);
    while (!rest_.empty()) {
      if (rest_.starts_with("\"\"")) {
        cell.push_back('"');
        rest_.remove_prefix(2);
      } else if (rest_.front() == '"') {
        rest_.remove_prefix(1);
        if (!rest_.empty() && rest_.front() != delimiter_ && rest_.front() != '\r' &&
            rest_.front() != '\n')
          return FailAtLine(Code::kMalformed, line_, "text after a closing quote");
        return cell;
      } else if (SkipLineEnd(rest_)) {
        cell.push_back('\n');
        ++line_;
      } else {
        cell.push_back(rest_.front());
        rest_.remove_prefix(1);
      }
    }
    return FailAtLine(Code::kMalformed, start, "a quote is opened and never closed");
  }

  std::string_view rest_;
  char delimiter_;
  std::size_t line_;
};

bool IsBlank(const CsvRow& row) {
  return std::all_of(row.cells.begin(), row.cells.end(),
                     [](const std::string& cell) { return cell.empty(); });
}

std::size_t UsedCells(const std::vector<std::string>& cells) {
  std::size_t used = cells.size();
  while (used > 0 && cells[used - 1].empty()) --used;
  return used;
}

// Every row gets the header's width; what the header has at its end without use is dropped.
Result<void> Align(CsvTable& table) {
  std::size_t width = UsedCells(table.header);
  for (const CsvRow& row : table.rows) {
    const std::size_t used = UsedCells(row.cells);
    if (used > table.header.size())
      return FailAtLine(Code::kMalformed, row.line, "more fields than the header has");
    width = std::max(width, used);
  }
  if (table.rows.size() * width > kCsvCellsMax)
    return Fail(Code::kTooLarge, "rows times columns is more than 4 Mi");
  table.header.resize(width);
  for (CsvRow& row : table.rows) row.cells.resize(width);
  return {};
}

}  // namespace

Result<CsvTable> ParseCsv(ByteView bytes) {
  if (bytes.size() > limits::kCsvBytesMax) return Fail(Code::kTooLarge, "a table may have 16 MiB");
  ASSIGN(const DecodedText decoded, DecodeText(bytes));
  std::string_view text = decoded.text;
  const std::optional<char> declared = TakeSeparatorLine(text);

  CsvTable table;
  table.encoding = decoded.encoding;
  table.delimiter = declared ? *declared : DetectDelimiter(text);
  Reader reader(text, table.delimiter, declared ? 2 : 1);
  bool have_header = false;
  while (!reader.AtEnd()) {
    ASSIGN(CsvRow row, reader.Next());
    if (IsBlank(row)) continue;
    if (!have_header) {
      table.header = std::move(row.cells);
      have_header = true;
      continue;
    }
    if (table.rows.size() == limits::kCsvRowsMax)
      return FailAtLine(Code::kTooLarge, row.line,
                        "more than " + std::to_string(limits::kCsvRowsMax) + " rows");
    row.cells.resize(std::max<std::size_t>(UsedCells(row.cells), 1));
    table.rows.push_back(std::move(row));
  }
  if (!have_header) return Fail(Code::kMalformed, "line 1: the table is empty");
  TRY(Align(table));
  return table;
}

}  // namespace geflecht::formats
