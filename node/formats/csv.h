// Tables as spreadsheet programs write and read them (RFC 4180 and what German Excel makes of it;
// docs/formats/contacts.md). Pure.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "base/bytes.h"
#include "base/result.h"
#include "node/formats/unicode.h"

namespace geflecht::formats {

inline constexpr std::size_t kCsvColumnsMax = 256;           // Excel 2003 stopped there, lists too
inline constexpr std::size_t kCsvFieldBytesMax = 64 * 1024;  // Excel's cell holds 32,767 characters
inline constexpr std::size_t kCsvCellsMax =
    4 * 1024 * 1024;  // rows are filled up to the header's width

struct CsvRow {
  std::size_t line = 0;            // of the row's first character, the file's first line being 1
  std::vector<std::string> cells;  // as many as the header has
  bool operator==(const CsvRow&) const = default;
};

struct CsvTable {
  std::vector<std::string> header;
  std::vector<CsvRow> rows;  // without rows that hold no value
  char delimiter = ';';
  Encoding encoding = Encoding::kUtf8;
};

// Reads a table whose first row is its header. Encodings: DecodeText. Delimiter: that of a first
// line "sep=;", else the first of semicolon, TAB and comma that stands in the header outside of
// quotes. Line ends CRLF, LF, CR. Values are normalised (NormaliseValue), and an apostrophe that
// WriteCsv put in front of a value is taken away. Columns at the end without header and values are
// dropped.
// kTooLarge over limits::kCsvBytesMax, kCsvRowsMax, kCsvColumnsMax, kCsvCellsMax or
// kCsvFieldBytesMax; kMalformed otherwise. `detail` names the line and the reason, never a value.
Result<CsvTable> ParseCsv(ByteView bytes);

// The table for Excel: UTF-8 with byte order mark, semicolon, CRLF. No value becomes a formula
// (docs/formats/contacts.md, "Writing"): those that could start one get a leading apostrophe, phone
// numbers and digits with leading zeros a leading TAB within quotes, which Excel takes for text.
// ParseCsv returns the same header and cells if all of them are normalised, no row is empty and the
// last header is not.
std::string WriteCsv(const std::vector<std::string>& header,
                     const std::vector<std::vector<std::string>>& rows);

}  // namespace geflecht::formats
