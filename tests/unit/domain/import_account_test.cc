// Nothing of a file disappears: every value stands in a record or is named in the report.
#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <random>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "node/domain/contact_columns.h"
#include "node/domain/text.h"
#include "tests/unit/domain/card_files.h"

namespace geflecht::domain {
namespace {

class Random {
 public:
  explicit Random(std::uint32_t seed) : engine_(seed) {}
  std::size_t Below(std::size_t n) { return engine_() % n; }

  // Each word stands in no other value.
  std::string Value() {
    const std::string n = std::to_string(++words_);
    switch (Below(9)) {
      case 0:
        return "mail" + n + "@x.example";
      case 1:
        return "0221 4710-" + n;
      case 2:
        return "Öz" + n + "türk, Ayşe" + n;
      case 3:
        return "Weg" + n + " 62901 Ort" + n;
      case 4:
        return "Nguyễn" + n + "; b" + n + "@x.example, " + n;
      case 5:
        return "Dr. Zoe" + n + " von Groß" + n;
      case 6:
        return std::string(200 + Below(400), 'x') + n;
      case 7:
        return "mailto:";
      default:
        return "Wort" + n;
    }
  }

 private:
  std::mt19937 engine_;
  std::size_t words_ = 0;
};

std::vector<std::string> WordsOf(std::string text) {
  std::replace_if(
      text.begin(), text.end(), [](char c) { return c == ',' || c == ';' || c == '\n'; }, ' ');
  return Words(OneLine(text));
}

// The contact that took up the row at `line`.
const PlannedContact* ContactAt(const ImportPlan& plan, std::size_t line) {
  for (const PlannedContact& contact : plan.contacts)
    if (contact.line == line || std::find(contact.more_lines.begin(), contact.more_lines.end(),
                                          line) != contact.more_lines.end())
      return &contact;
  return nullptr;
}

class Account {
 public:
  explicit Account(const ImportPlan& plan) : plan_(plan) {
    for (const RowReport& row : plan.rows) refused_rows_.insert(row.line);
    for (const ValueReport& value : plan.values) named_.emplace(value.line, value.heading);
  }

  void Check(std::size_t row_line, std::size_t line, const std::string& heading,
             const std::string& value) {
    ++seen_[heading];
    const auto column = std::find_if(plan_.columns.begin(), plan_.columns.end(),
                                     [&](const ColumnReport& c) { return c.heading == heading; });
    ASSERT_NE(column, plan_.columns.end()) << heading;
    if (column->fate != ColumnFate::kTaken) {
      EXPECT_EQ(column->taken, 0u);
      return;
    }
    if (refused_rows_.contains(row_line)) return;
    if (named_.contains({line, heading})) return;
    ++taken_[heading];
    const PlannedContact* contact = ContactAt(plan_, row_line);
    ASSERT_NE(contact, nullptr) << "line " << row_line << " is in no contact and in no report";
    std::string all;
    for (const auto& [field, unused] : contact->record)
      all += std::string(TextOf(contact->record, field)) + " ";
    for (const std::string& word : WordsOf(value))
      EXPECT_NE(all.find(word), std::string::npos)
          << "line " << line << ", " << heading << ": " << word << " of " << value;
  }

  void CheckTotals() {
    for (const ColumnReport& column : plan_.columns) {
      EXPECT_EQ(column.values, seen_[column.heading]) << column.heading;
      EXPECT_EQ(column.taken, taken_[column.heading]) << column.heading;
    }
  }

 private:
  const ImportPlan& plan_;
  std::set<std::size_t> refused_rows_;
  std::set<std::pair<std::size_t, std::string>> named_;
  std::map<std::string, std::size_t> seen_;
  std::map<std::string, std::size_t> taken_;
};

TEST(ImportAccount, EveryValueOfATableIsTakenOrNamed) {
  std::vector<std::string> headings = {"Parkplatz", "Schlüsselnummer", "X"};
  for (const ColumnRule& rule : ColumnRules())
    if (rule.use != ColumnUse::kCase) headings.emplace_back(rule.heading);
  for (std::uint32_t seed = 1; seed <= 300; ++seed) {
    SCOPED_TRACE("seed " + std::to_string(seed));
    Random random(seed);
    std::vector<std::string> header = {"nachname"};
    for (std::size_t n = random.Below(12); n > 0; --n) {
      const std::string& heading = headings[random.Below(headings.size())];
      if (std::find(header.begin(), header.end(), heading) == header.end())
        header.push_back(heading);
    }
    std::vector<ImportRow> rows;
    for (std::size_t line = 2; line < 12; ++line) {
      ImportRow row{line, {}};
      for (std::size_t i = 0; i < header.size(); ++i)
        row.cells.push_back(random.Below(3) == 0 ? "" : random.Value());
      if (line > 8) row.cells[0] = rows[0].cells[0];  // perhaps the same person
      rows.push_back(std::move(row));
    }
    const Result<ImportPlan> plan = MapContacts(header, rows, ImportDefaults{});
    ASSERT_TRUE(plan) << plan.error().detail;
    Account account(*plan);
    for (const ImportRow& row : rows)
      for (std::size_t i = 0; i < header.size(); ++i)
        if (!row.cells[i].empty()) account.Check(row.line, row.line, header[i], row.cells[i]);
    account.CheckTotals();
  }
}

TEST(ImportAccount, EveryValueOfACardIsTakenOrNamed) {
  constexpr std::string_view kNames[] = {
      "N",    "FN",   "ORG",  "TITLE", "ROLE",  "TEL",        "EMAIL",    "ADR",     "LABEL",
      "NOTE", "BDAY", "URL",  "PHOTO", "AGENT", "CATEGORIES", "NICKNAME", "RELATED", "X-ABLABEL",
      "REV",  "UID",  "KIND", "GEO",   "KEY",   "X-MS-CHILD", "X-DEPUTY", "X-OTHER", "IMPP"};
  constexpr std::string_view kParameters[] = {
      "",        ";WORK",        ";HOME",  ";TYPE=CELL",  ";TYPE=work,voice",
      ";PREF=1", ";TYPE=FAX",    ";VOICE", ";CHARSET=X1", ";CHARSET=UTF-8",
      ";PREF",   ";TYPE=\"a,b\""};
  constexpr std::string_view kVersions[] = {"2.1", "3.0", "4.0"};
  for (std::uint32_t seed = 1; seed <= 500; ++seed) {
    SCOPED_TRACE("seed " + std::to_string(seed));
    Random random(seed);
    std::string text;
    std::set<std::size_t> lines;  // of values
    std::size_t line = 0;
    const auto add = [&](const std::string& more) {
      text += more + "\r\n";
      return ++line;
    };
    for (std::size_t cards = 1 + random.Below(4); cards > 0; --cards) {
      add("BEGIN:VCARD");
      add("VERSION:" + std::string(kVersions[random.Below(3)]));
      for (std::size_t n = random.Below(25); n > 0; --n) {
        const std::string_view name = kNames[random.Below(std::size(kNames))];
        const std::string group =
            random.Below(4) == 0 ? "g" + std::to_string(random.Below(3)) + "." : "";
        std::string value = random.Value();
        if (name == "N" || name == "ORG" || name == "ADR")
          for (std::size_t parts = random.Below(8); parts > 0; --parts)
            value += ";" + random.Value();
        lines.insert(add(group + std::string(name) +
                         std::string(kParameters[random.Below(std::size(kParameters))]) + ":" +
                         value));
      }
      add("END:VCARD");
    }
    const CardInput input = CardsOf(text);
    const Result<ImportPlan> plan = MapCards(input.cards, input.lost, ImportDefaults{});
    ASSERT_TRUE(plan) << plan.error().detail;
    Account account(*plan);
    for (const ImportCard& card : input.cards) {
      const CardRow row = RowOfCard(card);
      for (std::size_t i = 0; i < row.cells.size(); ++i) {
        account.Check(card.line, row.lines[i], row.headings[i], row.cells[i]);
        lines.erase(row.lines[i]);
      }
    }
    account.CheckTotals();
    EXPECT_TRUE(lines.empty()) << "line " << *lines.begin() << " is in no cell";
  }
}

// Random damage to real files: whatever comes out, the account of it is right.
TEST(ImportAccount, DamagedFilesAreReadOrRefused) {
  const std::string files[] = {GoldenFile("outlook-2.1.vcf"), GoldenFile("apple-3.0.vcf"),
                               GoldenFile("nextcloud-4.0.vcf"), GoldenFile("outlook-de.csv"),
                               GoldenFile("outlook-en.csv")};
  constexpr std::string_view kBites[] = {"\r",          "\n",
                                         "=",           ";",
                                         ":",           "\"",
                                         "\\",          ",",
                                         "END:VCARD\n", "BEGIN:VCARD\n",
                                         "AGENT:\n",    ";CHARSET=UTF-16:",
                                         "\xFF",        "ENCODING=QUOTED-PRINTABLE:",
                                         ";BASE64:",    " ",
                                         "\t"};
  for (std::uint32_t seed = 1; seed <= 2'000; ++seed) {
    SCOPED_TRACE("seed " + std::to_string(seed));
    Random random(seed);
    const std::size_t which = random.Below(std::size(files));
    std::string text = files[which];
    for (std::size_t n = 1 + random.Below(8); n > 0; --n) {
      const std::size_t at = random.Below(text.size());
      if (random.Below(3) == 0) text.erase(at, random.Below(40));
      if (random.Below(3) == 0) text[at % text.size()] = static_cast<char>(random.Below(256));
      text.insert(at % text.size(), kBites[random.Below(std::size(kBites))]);
    }
    if (which >= 3) {
      (void)PlanTable(text);
      continue;
    }
    if (!formats::ParseVcards(AsBytes(text))) continue;
    const CardInput input = CardsOf(text);
    const Result<ImportPlan> plan = MapCards(input.cards, input.lost, ImportDefaults{});
    if (!plan) continue;
    Account account(*plan);
    for (const ImportCard& card : input.cards) {
      const CardRow row = RowOfCard(card);
      for (std::size_t i = 0; i < row.cells.size(); ++i)
        account.Check(card.line, row.lines[i], row.headings[i], row.cells[i]);
    }
    account.CheckTotals();
  }
}

}  // namespace
}  // namespace geflecht::domain
