// geflecht contact import
#include <algorithm>
#include <boost/json/array.hpp>
#include <filesystem>
#include <string_view>

#include "base/limits.h"
#include "cli/display.h"
#include "cli/files.h"
#include "cli/session.h"
#include "cli/spaces.h"

namespace geflecht::cli {
namespace {

namespace json = boost::json;

constexpr const char* kContactsPerCall = "500";
constexpr std::size_t kFileBytesMax = std::max(limits::kCsvBytesMax, limits::kVcardBytesMax);

struct Counts {
  std::int64_t added = 0;
  std::int64_t changed = 0;
  std::int64_t unchanged = 0;
};

// The reason of a value or a row that was not taken, as a sentence where there is one. The number
// in a reason is the sentence's {n}.
std::string ReasonText(const Session& session, const std::string& reason) {
  constexpr std::string_view kDigits = "0123456789";
  if (const std::string key = "reason." + reason; i18n::HasKey(key)) return session.Say(key);
  const std::size_t at = std::min(reason.find_first_of(kDigits), reason.size());
  const std::size_t end = std::min(reason.find_first_not_of(kDigits, at), reason.size());
  const std::string key = "reason." + reason.substr(0, at) + "n" + reason.substr(end);
  if (!i18n::HasKey(key)) return Shown(reason);
  return session.Say(key, {{"n", reason.substr(at, end - at)}});
}

std::string ColumnsText(const Session& session, const json::array& columns) {
  Table table({session.Say("cli.import.column"), session.Say("cli.import.fate"),
               session.Say("cli.import.values"), session.Say("cli.import.taken")});
  std::int64_t empty = 0;  // an export of Outlook has ninety columns
  for (const Json& entry : columns) {
    const json::object& column = entry.as_object();
    if (NumberOf(column, "values") == 0) {
      ++empty;
      continue;
    }
    table.Add({TextOf(column, "heading"), session.Say("cli.import.fate." + TextOf(column, "fate")),
               std::to_string(NumberOf(column, "values")),
               std::to_string(NumberOf(column, "taken"))});
  }
  if (empty == 0) return table.Text();
  return table.Text() + i18n::TrCount(session.globals().lang, "cli.import.empty-columns", empty) +
         '\n';
}

std::string LeftOutText(const Session& session, const json::object& report) {
  std::string text;
  const json::array& rows = report.at("rows").as_array();
  if (!rows.empty()) text += '\n' + session.Say("cli.import.rows-left") + '\n';
  for (const Json& entry : rows) {
    const json::object& row = entry.as_object();
    text += "  " +
            session.Say("cli.import.line", {{"line", std::to_string(NumberOf(row, "line"))}}) +
            ": " + ReasonText(session, TextOf(row, "reason")) + '\n';
  }
  const json::array& values = report.at("values").as_array();
  if (!values.empty()) text += '\n' + session.Say("cli.import.values-left") + '\n';
  for (const Json& entry : values) {
    const json::object& value = entry.as_object();
    text += "  " +
            session.Say("cli.import.line", {{"line", std::to_string(NumberOf(value, "line"))}}) +
            ", " + Shown(TextOf(value, "heading")) + ": " +
            ReasonText(session, TextOf(value, "reason")) + '\n';
  }
  return text;
}

Outcome Report(const Session& session, json::object report, const Counts& counts) {
  Outcome outcome;
  outcome.text = session.Say("cli.import.done", {{"new", std::to_string(counts.added)},
                                                 {"changed", std::to_string(counts.changed)},
                                                 {"unchanged", std::to_string(counts.unchanged)}}) +
                 "\n\n" + ColumnsText(session, report.at("columns").as_array()) +
                 LeftOutText(session, report);
  if (const std::size_t left = report.at("rows").as_array().size(); left > 0)
    outcome.shortfall = Error{Code::kIncomplete, std::to_string(left) + " rows were not taken",
                              "hint.rows-not-taken"};
  report.erase("next");
  outcome.keys = std::move(report);
  outcome.keys["new"] = counts.added;
  outcome.keys["changed"] = counts.changed;
  outcome.keys["unchanged"] = counts.unchanged;
  return outcome;
}

Result<Outcome> Import(Session& session) {
  const Arguments& arguments = session.arguments();
  ASSIGN(const Bytes bytes, ReadInput(arguments.Text("FILE"), kFileBytesMax));
  Query query{{"limit", kContactsPerCall},
              {"file", std::filesystem::path(arguments.Text("FILE")).stem().string()}};
  if (arguments.Has("purpose")) query["purpose"] = arguments.Text("purpose");
  if (arguments.Has("legal-basis")) query["legal_basis"] = arguments.Text("legal-basis");
  if (arguments.Has("retention")) query["retention"] = arguments.Text("retention");
  TRY(TakeSpace(session, query));
  Counts counts;
  for (std::int64_t from = 0;;) {
    query["from"] = std::to_string(from);
    ASSIGN(json::object report,
           session.Send("POST", "/api/v1/contacts/import", query, ToText(bytes)));
    counts.added += NumberOf(report, "new");
    counts.changed += NumberOf(report, "changed");
    counts.unchanged += NumberOf(report, "unchanged");
    const std::int64_t next = NumberOf(report, "next");
    const std::int64_t total = NumberOf(report, "total");
    session.output().Progress(session.Say("cli.import.progress"), next, total);
    if (next >= total) return Report(session, std::move(report), counts);
    if (next <= from) return Fail(Code::kInternal, "the import does not go on");
    from = next;
  }
}

}  // namespace

std::vector<Command> ContactImportCommands() {
  return {{{"contact", "import"},
           {{"FILE", "", true},
            {"--purpose", "P"},
            {"--legal-basis", "B"},
            {"--retention", "L1"},
            {"--space", "SPACE"}},
           Import}};
}

}  // namespace geflecht::cli
