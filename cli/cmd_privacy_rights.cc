// geflecht privacy rectify, restrict
#include <boost/json/array.hpp>

#include "cli/case_guard.h"
#include "cli/display.h"
#include "cli/fields.h"
#include "cli/ids.h"
#include "cli/session.h"

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

Result<Outcome> Restrict(Session& session) {
  const Arguments& arguments = session.arguments();
  if (arguments.Has("lift") == arguments.Has("reason"))
    return Fail(Code::kUsage, "either --reason or --lift", "hint.restrict-reason");
  ASSIGN(const std::string id, DocumentIdOf(session, arguments.Text("ID")));
  json::object asked{{"document", id}};
  if (arguments.Has("reason")) asked["reason"] = arguments.Text("reason");
  ASSIGN(json::object answer, session.Post("/api/v1/privacy/restrict", asked));
  Outcome outcome;
  outcome.text =
      session.Say(arguments.Has("lift") ? "cli.privacy.lifted" : "cli.privacy.restricted") + '\n';
  for (const Json& item : answer.at("history").as_array()) {
    const json::object& act = item.as_object();
    const std::string reason = TextOf(act, "restricted");
    const std::string word = "value.restricted." + reason;
    outcome.text += "  " + ShownTime(session.globals().lang, TextOf(act, "time")) + "  " +
                    Shown(TextOf(act, "organisation")) + ": " +
                    (act.at("restricted").is_null() ? session.Say("cli.privacy.not-restricted")
                     : i18n::HasKey(word)           ? session.Say(word)
                                                    : session.Say("field.restricted")) +
                    '\n';
  }
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
