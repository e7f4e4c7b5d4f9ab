// geflecht doc history, conflicts, resolve
#include <algorithm>
#include <boost/json/array.hpp>

#include "cli/display.h"
#include "cli/fields.h"
#include "cli/ids.h"
#include "cli/number.h"
#include "cli/session.h"

namespace geflecht::cli {
namespace {

namespace json = boost::json;

constexpr std::int64_t kValuesMax = 1'000'000;
constexpr std::size_t kExcerptBytes = 60;

// A beginning of `text` for one line, cut between characters.
std::string Excerpt(std::string text) {
  std::replace(text.begin(), text.end(), '\n', ' ');
  if (text.size() <= kExcerptBytes) return text;
  std::size_t end = kExcerptBytes;
  while (end > 0 && (static_cast<unsigned char>(text[end]) & 0xC0) == 0x80) --end;
  return text.substr(0, end) + " ...";
}

std::string EditText(const Session& session, const json::object& edit) {
  const i18n::Lang lang = session.globals().lang;
  std::string path = TextOf(edit, "path");
  if (path.starts_with('/')) path.erase(0, 1);
  const std::string field = Shown(FieldName(lang, path));
  const std::string kind = TextOf(edit, "kind");
  const Json* value = edit.if_contains("value");
  const Json* count = edit.if_contains("count");
  if (kind == "set" && value != nullptr)
    return session.Say("cli.history.set",
                       {{"field", field}, {"value", Shown(Excerpt(ValueText(lang, *value)))}});
  if (kind == "insert" && edit.contains("text"))
    return session.Say("cli.history.insert",
                       {{"field", field}, {"text", Shown(Excerpt(TextOf(edit, "text")))}});
  if (kind == "remove" && count != nullptr)
    return session.Say("cli.history.cut", {{"field", field}, {"n", ValueText(lang, *count)}});
  if (kind == "remove") return session.Say("cli.history.removed", {{"field", field}});
  return session.Say("cli.history.changed", {{"field", field}});
}

Result<Outcome> History(Session& session) {
  ASSIGN(const std::string id, DocumentIdOf(session, session.arguments().Text("ID")));
  ASSIGN(json::object answer, session.Get("/api/v1/documents/" + id + "/history"));
  Outcome outcome;
  for (const Json& entry : answer.at("changes").as_array()) {
    const json::object& change = entry.as_object();
    outcome.text += ShownTime(session.globals().lang, TextOf(change, "time")) + "  " +
                    Shown(TextOf(change, "org")) + "  " + ShortId(TextOf(change, "entry")) + '\n';
    if (!TextOf(change, "void").empty())
      outcome.text += "    " + session.Say("cli.history.void") + '\n';
    for (const Json& edit : change.at("edits").as_array())
      outcome.text += "    " + EditText(session, edit.as_object()) + '\n';
  }
  outcome.keys = std::move(answer);
  return outcome;
}

std::string ConflictText(const Session& session, const json::object& conflict) {
  const i18n::Lang lang = session.globals().lang;
  const std::string path = TextOf(conflict, "path");
  const std::string doc = ShortId(TextOf(conflict, "doc"));
  const std::string key = path.starts_with('/') ? path.substr(1) : path;
  std::string text =
      session.Say("cli.conflicts.field", {{"field", Shown(FieldName(lang, key))}, {"doc", doc}}) +
      '\n';
  Table table({"N", session.Say("cli.column.value"), session.Say("cli.column.organisation"),
               session.Say("cli.column.time")});
  const std::string kind = TextOf(conflict, "kind");
  const bool moves = kind == "move" || kind == "node";
  for (const Json& entry : conflict.at("values").as_array()) {
    const json::object& value = entry.as_object();
    const std::string time = TextOf(value, "time");
    table.Add({std::to_string(NumberOf(value, "n")),
               FlagOf(value, "removed") ? session.Say("cli.conflicts.removed")
               : moves                  ? session.Say("cli.conflicts.moved")
                                        : ValueText(lang, value.at("value")),
               TextOf(value, "org"),
               time.empty() ? session.Say("cli.conflicts.now") : ShownTime(lang, time)});
  }
  return text + table.Text() + session.Say("cli.conflicts.resolve") + "\n  geflecht doc resolve " +
         doc + ' ' + Shown(path) + " --take N\n";
}

Result<Outcome> Conflicts(Session& session) {
  std::string path = "/api/v1/conflicts";
  if (session.arguments().Has("ID")) {
    ASSIGN(const std::string id, DocumentIdOf(session, session.arguments().Text("ID")));
    path = "/api/v1/documents/" + id + "/conflicts";
  }
  ASSIGN(json::object answer, session.Get(path));
  const json::array& conflicts = answer.at("conflicts").as_array();
  Outcome outcome;
  for (const Json& conflict : conflicts)
    outcome.text +=
        (outcome.text.empty() ? "" : "\n") + ConflictText(session, conflict.as_object());
  if (conflicts.empty()) {
    outcome.text = session.Say("cli.conflicts.none") + '\n';
  } else {
    outcome.shortfall =
        Error{Code::kConflict, std::to_string(conflicts.size()) + " conflicts are open",
              "hint.conflicts-open"};
  }
  outcome.keys = std::move(answer);
  return outcome;
}

Result<Outcome> Resolve(Session& session) {
  const Arguments& arguments = session.arguments();
  ASSIGN(const std::int64_t take, ParseNumber("--take", arguments.Text("take"), 0, kValuesMax));
  ASSIGN(const std::string id, DocumentIdOf(session, arguments.Text("ID")));
  ASSIGN(json::object answer, session.Post("/api/v1/documents/" + id + "/resolve",
                                           {{"path", arguments.Text("PATH")}, {"take", take}}));
  Outcome outcome;
  std::string key = TextOf(answer, "path");
  if (key.starts_with('/')) key.erase(0, 1);
  outcome.text =
      session.Say("cli.resolve.done", {{"field", Shown(FieldName(session.globals().lang, key))},
                                       {"n", std::to_string(take)}}) +
      '\n';
  outcome.keys = std::move(answer);
  return outcome;
}

}  // namespace

std::vector<Command> DocConflictCommands() {
  return {
      {{"doc", "history"}, {{"ID", "", true}}, History},
      {{"doc", "conflicts"}, {{"ID", ""}}, Conflicts},
      {{"doc", "resolve"}, {{"ID", "", true}, {"PATH", "", true}, {"--take", "N", true}}, Resolve}};
}

}  // namespace geflecht::cli
