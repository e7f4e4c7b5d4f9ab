// geflecht privacy rectify, restrict
#include <boost/json/array.hpp>

#include "cli/case_guard.h"
#include "cli/display.h"
#include "cli/fields.h"
#include "cli/ids.h"
#include "cli/session.h"
#include "cli/terminal.h"

namespace geflecht::cli {
namespace {

namespace json = boost::json;

Result<Outcome> Rectify(Session& session) {
  const Arguments& arguments = session.arguments();
  ASSIGN(const std::string id, DocumentIdOf(session, arguments.Text("ID")));
  std::string field = arguments.Text("FIELD");
  if (field.starts_with('/')) field.erase(0, 1);
  ASSIGN(json::object answer,
         PostGuarded(session, "/api/v1/privacy/rectify",
                     {{"document", id}, {"field", field}, {"value", arguments.Text("VALUE")}}));
  Outcome outcome;
  outcome.text = session.Say("cli.privacy.rectified",
                             {{"field", Shown(FieldName(session.globals().lang, field))},
                              {"value", Shown(arguments.Text("VALUE"))}}) +
                 '\n' + session.Say("cli.privacy.limits") + '\n';
  outcome.keys = std::move(answer);
  return outcome;
}

std::string HistoryText(const Session& session, const json::array& history) {
  std::string text;
  for (const Json& item : history) {
    const json::object& act = item.as_object();
    const std::string reason = TextOf(act, "restricted");
    const std::string word = "value.restricted." + reason;
    text += "  " + ShownTime(session.globals().lang, TextOf(act, "time")) + "  " +
            Shown(TextOf(act, "organisation")) + ": " +
            (act.at("restricted").is_null() ? session.Say("cli.privacy.not-restricted")
             : i18n::HasKey(word)           ? session.Say(word)
                                            : session.Say("field.restricted")) +
            '\n';
  }
  return text;
}

// Asks before a restriction that another organisation has set is lifted or replaced.
Result<json::object> SendRestriction(Session& session, const json::object& asked) {
  static constexpr char kPath[] = "/api/v1/privacy/restrict";
  auto answer = session.Post(kPath, asked);
  if (answer || answer.error().hint != "hint.restricted-by-other") return answer;
  ASSIGN(const json::object why, session.Get(kPath, {{"document", TextOf(asked, "document")}}));
  std::string names;
  for (const Json& name : why.at("of_others").as_array())
    names += (names.empty() ? "" : ", ") + Shown(std::string(name.as_string()));
  const std::string text = session.Say("cli.privacy.restricted-by", {{"names", names}}) + '\n' +
                           HistoryText(session, why.at("history").as_array());
  bool sure = session.globals().yes;
  if (!sure && !session.globals().json && HasTerminal()) {
    ASSIGN(sure, AskYesNo(text + session.Say("cli.ask.restricted-by-other")));
  }
  if (sure) return session.Post(kPath, asked, {{"of-others", "1"}});
  session.AddToError(text, {{"of_others", why.at("of_others")}, {"history", why.at("history")}});
  return answer;
}

Result<Outcome> Restrict(Session& session) {
  const Arguments& arguments = session.arguments();
  if (arguments.Has("lift") == arguments.Has("reason"))
    return Fail(Code::kUsage, "either --reason or --lift", "hint.restrict-reason");
  ASSIGN(const std::string id, DocumentIdOf(session, arguments.Text("ID")));
  json::object asked{{"document", id}};
  if (arguments.Has("reason")) asked["reason"] = arguments.Text("reason");
  ASSIGN(json::object answer, SendRestriction(session, asked));
  Outcome outcome;
  outcome.text = session.Say(arguments.Has("lift") ? "cli.privacy.lifted"
                                                   : "cli.privacy.restricted") +
                 '\n' + HistoryText(session, answer.at("history").as_array());
  outcome.keys = std::move(answer);
  return outcome;
}

}  // namespace

std::vector<Command> PrivacyRightsCommands() {
  return {{{"privacy", "rectify"},
           {{"ID", "", true}, {"FIELD", "", true}, {"VALUE", "", true}},
           Rectify},
          {{"privacy", "restrict"},
           {{"ID", "", true}, {"--reason", "CODE"}, {"--lift", "", false, Takes::kNothing}},
           Restrict}};
}

}  // namespace geflecht::cli
