#include <algorithm>
#include <string>
#include <string_view>
#include <vector>

#include "node/formats/csv.h"

namespace geflecht::formats {
namespace {

bool IsDigit(char c) { return c >= '0' && c <= '9'; }

// What Excel would turn into a number or a sum although it is meant as it stands: "+49 221
// 4710-100", "01067". Digits and their punctuation cannot call a function, so a TAB, which cannot
// be seen, is enough of a guard.
bool IsNumberText(std::string_view value) {
  if (value.size() < 2 || (value.front() != '+' && value.front() != '0')) return false;
  return std::all_of(value.begin() + 1, value.end(),
                     [](char c) {
                       return IsDigit(c) ||
                              std::string_view(" -/().").find(c) != std::string_view::npos;
                     }) &&
         std::count_if(value.begin(), value.end(), IsDigit) >= 3;
}

// The characters of OWASP's page "CSV Injection", also behind apostrophes, so that ParseCsv can
// tell the guard from a value.
bool StartsFormula(std::string_view value) {
  const std::size_t first = value.find_first_not_of('\'');
  return first != std::string_view::npos &&
         std::string_view("=+-@\t\r\n").find(value[first]) != std::string_view::npos;
}

void AppendCell(std::string& out, std::string_view value) {
  std::string guarded;
  bool quote =
      value.find_first_of(";,\t\"\r\n") != std::string_view::npos || value.starts_with("sep=");
  if (IsNumberText(value)) {
    guarded = "\t";
    quote = true;
  } else if (StartsFormula(value)) {
    guarded = "'";
  }
  guarded += value;
  if (!quote) {
    out += guarded;
    return;
  }
  out.push_back('"');
  for (const char c : guarded) {
    if (c == '"') out.push_back('"');
    out.push_back(c);
  }
  out.push_back('"');
}

void AppendRow(std::string& out, const std::vector<std::string>& cells) {
  for (std::size_t i = 0; i < cells.size(); ++i) {
    if (i > 0) out.push_back(';');
    AppendCell(out, cells[i]);
  }
  out += "\r\n";
}

}  // namespace

std::string WriteCsv(const std::vector<std::string>& header,
                     const std::vector<std::vector<std::string>>& rows) {
  std::string out = "\xEF\xBB\xBF";
  AppendRow(out, header);
  for (const std::vector<std::string>& row : rows) AppendRow(out, row);
  return out;
}

}  // namespace geflecht::formats
