#include "node/domain/contact_row_reader.h"

#include <algorithm>
#include <array>
#include <cctype>
#include <cstddef>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include "base/limits.h"
#include "base/result.h"
#include "node/domain/document_types.h"
#include "node/domain/person_name.h"
#include "node/domain/text.h"
#include "node/domain/validate.h"

namespace geflecht::domain {
namespace {

constexpr std::size_t kComposedBytesMax = 2 * limits::kNameBytesMax;  // name, address in one text

// "email: not an e-mail address" -> "not-an-e-mail-address".
std::string Reason(const Error& error) {
  std::string reason =
      error.detail.substr(std::min(error.detail.find(": ") + 2, error.detail.size()));
  std::replace(reason.begin(), reason.end(), ' ', '-');
  return reason;
}

bool IsPostalCode(std::string_view word) {
  return word.size() == 5 && std::all_of(word.begin(), word.end(),
                                         [](unsigned char c) { return std::isdigit(c) != 0; });
}

// The parts of `text` between `separators`, tidied, with ", " between: a list is the same list
// whether a table or a card brought it.
std::string JoinedList(std::string_view text, std::string_view separators) {
  std::string out;
  while (!text.empty()) {
    const std::size_t size = std::min(text.find_first_of(separators), text.size());
    const std::string part = OneLine(text.substr(0, size));
    if (!part.empty()) out += (out.empty() ? "" : ", ") + part;
    text.remove_prefix(std::min(size + 1, text.size()));
  }
  return out;
}

class RowReader {
 public:
  RowReader(std::span<const ColumnPlan> columns, std::span<const std::string> cells)
      : columns_(columns), cells_(cells) {}

  // Single fields first: what is composed of several fills in what is still missing.
  RowReading Read() {
    static constexpr std::array kOrder = {
        ColumnUse::kField, ColumnUse::kMoreStreet, ColumnUse::kFamilyName, ColumnUse::kMoreGiven,
        ColumnUse::kTitle, ColumnUse::kFullName,   ColumnUse::kPlace,      ColumnUse::kAddress};
    for (const ColumnUse use : kOrder)
      for (std::size_t i = 0; i < columns_.size(); ++i)
        if (columns_[i].rule && columns_[i].rule->use == use && i < cells_.size() &&
            !cells_[i].empty())
          ReadCell(i, use);
    return std::move(out_);
  }

 private:
  void ReadCell(std::size_t column, ColumnUse use) {
    const std::string& cell = cells_[column];
    if (use == ColumnUse::kField) {
      const std::string_view field = columns_[column].rule->field;
      if (field == "email" || field == "email_2") {
        PutEmails(column, field, cell);
      } else if (field == "phone") {
        PutFirstFree(column, "phone", "phone_2", cell);
      } else if (field == "topics") {
        Put(column, field, JoinedList(cell, ";,\n"));
      } else if (field == "street") {
        Put(column, field, JoinedList(cell, "\n"));
      } else {
        Put(column, field, cell);
      }
      return;
    }
    if (cell.size() > kComposedBytesMax) {
      out_.refused[column] = "longer-than-" + std::to_string(kComposedBytesMax) + "-bytes";
      return;
    }
    const std::string line = OneLine(cell);
    if (use == ColumnUse::kFamilyName) PutFamily(column, line);
    if (use == ColumnUse::kMoreGiven) PutMore(column, "given_name", " ", line);
    if (use == ColumnUse::kMoreStreet) PutMore(column, "street", ", ", line);
    if (use == ColumnUse::kTitle) PutTitle(column, line);
    if (use == ColumnUse::kFullName) PutFullName(column, line);
    if (use == ColumnUse::kPlace) PutPlace(column, line);
    if (use == ColumnUse::kAddress) PutAddress(column, cell);
  }

  bool Has(std::string_view field) const { return !TextOf(out_.record, field).empty(); }

  // Sets a field, or notes why the column's value is refused.
  bool Put(std::size_t column, std::string_view field, std::string_view text) {
    if (OneLine(text).empty()) return true;
    Result<crdt::Value> value = ParseField(*FindSchema(kContact, kSchemaVersion), field, text);
    if (!value) {
      out_.refused[column] = Reason(value.error());
      return false;
    }
    const auto [place, added] = out_.record.try_emplace(std::string(field), *value);
    if (!added && place->second != *value) {
      out_.refused[column] = "field-has-another-value";
      return false;
    }
    out_.origins[std::string(field)].push_back(column);
    return true;
  }

  void PutFirstFree(std::size_t column, std::string_view field, std::string_view next,
                    std::string_view text) {
    const bool taken = Has(field) && TextOf(out_.record, field) != OneLine(text);
    Put(column, taken ? next : field, text);
  }

  // "mailto:a@x.example; b@x.example" fills both fields.
  void PutEmails(std::size_t column, std::string_view field, const std::string& cell) {
    std::string spaced = cell;
    std::replace_if(
        spaced.begin(), spaced.end(), [](char c) { return c == ';' || c == ','; }, ' ');
    bool any = false;
    for (std::string& address : Words(OneLine(spaced))) {
      if (FoldCase(address).starts_with("mailto:")) address.erase(0, 7);
      const std::size_t open = address.find('<');
      if (open != std::string::npos && address.ends_with('>'))
        address = address.substr(open + 1, address.size() - open - 2);
      any = any || !address.empty();
      PutFirstFree(column, field, "email_2", address);
    }
    if (!any) out_.refused[column] = "not-an-e-mail-address";
  }

  void PutFamily(std::size_t column, const std::string& line) {
    std::vector<std::string> words = Words(line);
    std::size_t titles = 0;
    while (titles + 1 < words.size() && IsTitle(JoinWords(words, 0, titles + 1))) ++titles;
    if (titles > 0 && !Put(column, "prefix", JoinWords(words, 0, titles))) return;
    Put(column, "family_name", JoinWords(words, titles, words.size()));
  }

  // Appends to what the field holds already.
  void PutMore(std::size_t column, const char* field, const char* between,
               const std::string& line) {
    if (!Has(field)) {
      Put(column, field, line);
      return;
    }
    const std::string longer = std::string(TextOf(out_.record, field)) + between + line;
    const crdt::Schema& schema = *FindSchema(kContact, kSchemaVersion);
    if (const Result<void> fits = CheckField(schema, field, longer); !fits) {
      out_.refused[column] = Reason(fits.error());
      return;
    }
    out_.record[field] = longer;
    out_.origins[field].push_back(column);
  }

  void PutTitle(std::size_t column, const std::string& line) {
    const std::vector<std::string> words = Words(line);
    if (IsSalutation(line)) {
      Put(column, "salutation", line);
    } else if (IsTitle(line)) {
      Put(column, "prefix", line);
    } else if (words.size() > 1 && IsSalutation(words[0]) &&
               IsTitle(JoinWords(words, 1, words.size()))) {
      if (Put(column, "salutation", words[0]))
        Put(column, "prefix", JoinWords(words, 1, words.size()));
    } else {
      const bool salutation = columns_[column].rule->heading.starts_with("anrede");
      Put(column, salutation ? "salutation" : "function", line);
    }
  }

  void PutFullName(std::size_t column, const std::string& line) {
    if (Has("family_name")) {
      // Taken already if it says nothing else than the other columns do.
      std::string known;
      for (const char* field : {"salutation", "prefix", "given_name", "family_name", "suffix"})
        known += " " + FoldCase(TextOf(out_.record, field));
      std::string folded = FoldCase(line);
      std::replace(folded.begin(), folded.end(), ',', ' ');
      const std::vector<std::string> have = Words(known);
      for (const std::string& word : Words(folded))
        if (std::find(have.begin(), have.end(), word) == have.end())
          out_.refused[column] = "field-has-another-value";
      return;
    }
    const PersonName name = SplitName(line);
    Put(column, "family_name", name.family) && Put(column, "given_name", name.given) &&
        Put(column, "prefix", name.prefix) && Put(column, "suffix", name.suffix) &&
        Put(column, "salutation", name.salutation);
  }

  void PutPlace(std::size_t column, const std::string& line) {
    std::vector<std::string> words = Words(line);
    const auto code = std::find_if(words.begin(), words.end(),
                                   [](const std::string& word) { return IsPostalCode(word); });
    if (code == words.end()) {
      Put(column, "city", line);
      return;
    }
    const std::string digits = *code;
    words.erase(code);
    if (Put(column, "postal_code", digits)) Put(column, "city", JoinWords(words, 0, words.size()));
  }

  // "Mühlentor 4, 12345 Auenfelde", also over several lines; all is the street if there is no code.
  void PutAddress(std::size_t column, const std::string& cell) {
    std::string text = cell;
    std::replace(text.begin(), text.end(), '\n', ',');
    std::string street;
    std::string place;
    std::string_view rest = text;
    while (true) {
      const std::size_t comma = rest.find(',');
      const std::string part = OneLine(rest.substr(0, comma));
      const std::vector<std::string> words = Words(part);
      const auto code = std::find_if(words.begin(), words.end(),
                                     [](const std::string& word) { return IsPostalCode(word); });
      const auto at = static_cast<std::size_t>(code - words.begin());
      std::string before = JoinWords(words, 0, place.empty() ? at : words.size());
      if (!before.empty()) street += (street.empty() ? "" : ", ") + before;
      if (place.empty()) place = JoinWords(words, at, words.size());
      if (comma == std::string_view::npos) break;
      rest.remove_prefix(comma + 1);
    }
    if (Put(column, "street", street) && !place.empty()) PutPlace(column, place);
  }

  std::span<const ColumnPlan> columns_;
  std::span<const std::string> cells_;
  RowReading out_;
};

}  // namespace

bool IsTaken(ColumnUse use) {
  return use != ColumnUse::kPrivate && use != ColumnUse::kFreeText && use != ColumnUse::kCase;
}

std::vector<ColumnPlan> PlanColumns(const std::vector<std::string>& header) {
  std::vector<ColumnPlan> columns;
  bool given = false;
  bool family = false;
  for (const std::string& heading : header) {
    const ColumnRule* rule = FindColumnRule(heading);
    columns.push_back({rule});
    given = given || (rule && rule->field == "given_name");
    family = family || (rule && rule->use == ColumnUse::kFamilyName);
  }
  if (!given || family) return columns;
  for (ColumnPlan& column : columns)
    if (column.rule && column.rule->heading == "name") column.rule = FindColumnRule("Nachname");
  return columns;
}

bool NamesContact(const ColumnPlan& column) {
  if (!column.rule || !IsTaken(column.rule->use)) return false;
  return column.rule->use == ColumnUse::kFullName || column.rule->use == ColumnUse::kFamilyName ||
         column.rule->field == "given_name" || column.rule->field == "organisation";
}

RowReading ReadContactRow(std::span<const ColumnPlan> columns, std::span<const std::string> cells) {
  return RowReader(columns, cells).Read();
}

}  // namespace geflecht::domain
