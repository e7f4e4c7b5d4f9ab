#include "cli/case_guard.h"

#include <boost/json/array.hpp>
#include <boost/json/serialize.hpp>
#include <set>

#include "cli/display.h"
#include "cli/terminal.h"

namespace geflecht::cli {
namespace {

namespace json = boost::json;

// Each reason once, with the first passage it was found in.
std::string ReasonsText(const Session& session, const json::array& findings) {
  std::string text;
  std::set<std::string> named;
  for (const Json& entry : findings) {
    const json::object& finding = entry.as_object();
    const std::string reason = TextOf(finding, "reason");
    if (!named.insert(reason).second) continue;
    text += (text.empty() ? "" : "; ") +
            session.Say("case.reason." + reason, {{"passage", Shown(TextOf(finding, "passage"))}});
  }
  return text;
}

std::string PlacesText(const Session& session, const json::array& places) {
  std::string text = session.Say("cli.case.heading") + '\n';
  for (const Json& entry : places) {
    const json::object& place = entry.as_object();
    text += "  " + session.Say("cli.case.place", {{"text", Shown(TextOf(place, "text"))}}) + '\n' +
            "    " + ReasonsText(session, place.at("findings").as_array()) + '\n';
  }
  return text;
}

}  // namespace

Result<json::object> SendGuarded(Session& session, const std::string& method,
                                 const std::string& path, Query query, const std::string& body) {
  auto answer = session.Send(method, path, query, body);
  if (answer || answer.error().code != Code::kCaseData) return answer;
  Query explained = query;
  explained["explain"] = "1";
  ASSIGN(json::object why, session.Send(method, path, std::move(explained), body));
  const std::string text = PlacesText(session, why.at("places").as_array());
  const Globals& globals = session.globals();
  if (!FlagOf(why, "strict")) {
    bool goes_on = globals.yes;
    if (globals.yes) {
      session.output().Remark(text + session.Say("cli.case.goes-on"));
    } else if (!globals.json && HasTerminal()) {
      ASSIGN(goes_on, AskYesNo(text + session.Say("cli.ask.case")));
    }
    query["confirmed"] = "1";
    if (goes_on) return session.Send(method, path, std::move(query), body);
  }
  std::string shown = text;
  if (const std::string mark = TextOf(why, "mark"); !mark.empty())
    shown += session.Say("cli.case.release", {{"mark", mark}}) + '\n';
  session.AddToError(shown, {{"findings", why.at("findings")}, {"mark", why.at("mark")}});
  return answer;
}

Result<json::object> PostGuarded(Session& session, const std::string& path,
                                 const json::object& body, Query query) {
  return SendGuarded(session, "POST", path, std::move(query), json::serialize(body));
}

}  // namespace geflecht::cli
