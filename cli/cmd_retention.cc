// geflecht retention list, run
#include <boost/json/array.hpp>

#include "cli/display.h"
#include "cli/ids.h"
#include "cli/meeting_text.h"
#include "cli/session.h"
#include "cli/terminal.h"

namespace geflecht::cli {
namespace {

namespace json = boost::json;

constexpr std::string_view kAheadDays = "14";

std::string StateKey(const json::object& record) {
  if (FlagOf(record, "restricted")) return "retention.state.restricted";
  if (NumberOf(record, "days_left") >= 0) return "retention.state.soon";
  return FlagOf(record, "own") ? "retention.state.due" : "retention.state.of-others";
}

std::string RecordsText(const Session& session, const json::array& records) {
  Table table({session.Say("cli.column.id"), session.Say("retention.column.until"),
               session.Say("retention.column.class"), session.Say("retention.column.record"),
               session.Say("cli.column.state")});
  for (const Json& item : records) {
    const json::object& record = item.as_object();
    table.Add({ShortId(TextOf(record, "document")),
               DayText(session.globals().lang, TextOf(record, "kept_until")),
               TextOf(record, "retention_class"), TextOf(record, "label"),
               session.Say(StateKey(record))});
  }
  return table.Text();
}

Result<Outcome> ListRetention(Session& session) {
  const std::string ahead = session.arguments().Text("ahead");
  ASSIGN(json::object answer,
         session.Get("/api/v1/retention",
                     {{"ahead", ahead.empty() ? std::string(kAheadDays) : ahead}}));
  const json::array& records = answer.at("records").as_array();
  Outcome outcome;
  outcome.text = records.empty() ? session.Say("cli.retention.none") + '\n'
                                 : RecordsText(session, records) + '\n' +
                                       session.Say("cli.retention.next") + '\n';
  outcome.keys = std::move(answer);
  return outcome;
}

Result<bool> IsWanted(Session& session) {
  if (session.globals().yes) return true;
  if (session.globals().json || !HasTerminal())
    return Fail(Code::kUsage, "erasing needs --yes here", "hint.retention-confirm");
  ASSIGN(const json::object due, session.Get("/api/v1/retention"));
  const json::array& records = due.at("records").as_array();
  return AskYesNo(RecordsText(session, records) + '\n' + session.Say("cli.ask.retention"));
}

Result<Outcome> RunRetention(Session& session) {
  if (session.arguments().Has("dry-run")) return ListRetention(session);
  ASSIGN(const bool wanted, IsWanted(session));
  if (!wanted) return Fail(Code::kNotPermitted, "nothing was erased", "hint.retention-not-run");
  ASSIGN(json::object answer, session.Post("/api/v1/retention/run", {}));
  Outcome outcome;
  outcome.text = session.Say("cli.retention.done",
                             {{"count", std::to_string(answer.at("erased").as_array().size())},
                              {"restricted", std::to_string(NumberOf(answer, "restricted"))},
                              {"others", std::to_string(NumberOf(answer, "of_others"))}}) +
                 '\n';
  if (!answer.at("erased").as_array().empty())
    outcome.text += session.Say("cli.privacy.limits") + '\n';
  outcome.keys = std::move(answer);
  return outcome;
}

}  // namespace

std::vector<Command> RetentionCommands() {
  return {{{"retention", "list"}, {{"--ahead", "DAYS"}}, ListRetention},
          {{"retention", "run"}, {{"--dry-run", "", false, Takes::kNothing}}, RunRetention}};
}

}  // namespace geflecht::cli
