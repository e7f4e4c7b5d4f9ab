// geflecht doc diff, blame
#include <boost/json/array.hpp>

#include "cli/display.h"
#include "cli/fields.h"
#include "cli/ids.h"
#include "cli/session.h"

namespace geflecht::cli {
namespace {

namespace json = boost::json;

std::string NameOf(const Session& session, std::string path) {
  if (path.starts_with('/')) path.erase(0, 1);
  return Shown(FieldName(session.globals().lang, path));
}

// "  - old" or "  + new", each line of it.
std::string Marked(char mark, std::string_view text) {
  std::string out;
  while (!text.empty()) {
    const std::size_t end = text.find('\n');
    out += std::string("  ") + mark + ' ' + Shown(text.substr(0, end)) + '\n';
    text.remove_prefix(end == text.npos ? text.size() : end + 1);
  }
  return out;
}

std::string WriterText(const Session& session, const json::object& by) {
  const std::string org = TextOf(by, "org");
  if (org.empty()) return "";
  return "  (" + Shown(org) + ", " + ShownTime(session.globals().lang, TextOf(by, "time")) + ")";
}

std::string FieldText(const Session& session, const json::object& change) {
  const i18n::Lang lang = session.globals().lang;
  std::string text = NameOf(session, TextOf(change, "path")) + WriterText(session, change) + '\n';
  if (!change.at("before").is_null()) text += Marked('-', ValueText(lang, change.at("before")));
  if (!change.at("after").is_null()) text += Marked('+', ValueText(lang, change.at("after")));
  return text;
}

std::string PassageText(const json::object& change) {
  std::string text, organisations;
  for (const Json& organisation : change.at("orgs").as_array())
    organisations +=
        (organisations.empty() ? "" : ", ") + Shown(std::string_view(organisation.as_string()));
  if (!organisations.empty()) text += "  (" + organisations + ")\n";
  return text + Marked('-', TextOf(change, "before")) + Marked('+', TextOf(change, "after"));
}

Result<Outcome> Diff(Session& session) {
  const Arguments& arguments = session.arguments();
  ASSIGN(const std::string id, DocumentIdOf(session, arguments.Text("ID")));
  Query query;
  ASSIGN(query["from"], EntryOf(session, id, arguments.Text("FROM")));
  if (arguments.Has("TO")) {
    ASSIGN(query["to"], EntryOf(session, id, arguments.Text("TO")));
  }
  ASSIGN(json::object answer, session.Get("/api/v1/documents/" + id + "/diff", std::move(query)));
  Outcome outcome;
  for (const Json& change : answer.at("fields").as_array())
    outcome.text += FieldText(session, change.as_object());
  for (const Json& text : answer.at("texts").as_array()) {
    outcome.text += NameOf(session, TextOf(text.as_object(), "path")) + '\n';
    for (const Json& change : text.as_object().at("changes").as_array())
      outcome.text += PassageText(change.as_object());
  }
  if (outcome.text.empty()) outcome.text = session.Say("cli.diff.none") + '\n';
  outcome.keys = std::move(answer);
  return outcome;
}

Result<Outcome> Blame(Session& session) {
  const Arguments& arguments = session.arguments();
  ASSIGN(const std::string id, DocumentIdOf(session, arguments.Text("ID")));
  Query query;
  if (arguments.Has("PATH")) {
    std::string path = arguments.Text("PATH");
    if (!path.starts_with('/')) path.insert(path.begin(), '/');
    query["path"] = std::move(path);
  }
  ASSIGN(json::object answer, session.Get("/api/v1/documents/" + id + "/blame", std::move(query)));
  Outcome outcome;
  for (const Json& entry : answer.at("passages").as_array()) {
    const json::object& passage = entry.as_object();
    const std::string org = TextOf(passage, "org");
    outcome.text += (org.empty() ? session.Say("cli.blame.unknown") : Shown(org)) + "  " +
                    ShownTime(session.globals().lang, TextOf(passage, "time")) + "  " +
                    ShortId(TextOf(passage, "entry")) + '\n' + Marked('|', TextOf(passage, "text"));
  }
  if (outcome.text.empty()) outcome.text = session.Say("cli.blame.empty") + '\n';
  outcome.keys = std::move(answer);
  return outcome;
}

}  // namespace

std::vector<Command> DocVersionCommands() {
  return {{{"doc", "diff"}, {{"ID", "", true}, {"FROM", "", true}, {"TO", ""}}, Diff},
          {{"doc", "blame"}, {{"ID", "", true}, {"PATH", ""}}, Blame}};
}

}  // namespace geflecht::cli
