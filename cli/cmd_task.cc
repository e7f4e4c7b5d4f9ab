// geflecht task add, list, done
#include <boost/json/array.hpp>

#include "cli/case_guard.h"
#include "cli/display.h"
#include "cli/fields.h"
#include "cli/ids.h"
#include "cli/meeting_text.h"
#include "cli/orgs.h"
#include "cli/session.h"
#include "cli/spaces.h"

namespace geflecht::cli {
namespace {

namespace json = boost::json;

Outcome ShownTask(const Session& session, std::string_view key, json::object answer) {
  Outcome outcome;
  outcome.text = session.Say(key, {{"title", Shown(TextOf(answer, "title"))},
                                   {"id", ShortId(TextOf(answer, "id"))}}) +
                 '\n';
  outcome.keys = std::move(answer);
  return outcome;
}

Result<Outcome> AddTask(Session& session) {
  const Arguments& arguments = session.arguments();
  json::object asked{{"title", arguments.Text("TEXT")}};
  for (const char* name : {"person", "due", "item"})
    if (arguments.Has(name)) asked[name] = arguments.Text(name);
  if (arguments.Has("org")) {
    ASSIGN(const auto members, MembersOf(session));
    ASSIGN(const NamedOrg org, MatchOrg(arguments.Text("org"), members));
    asked["org"] = org.id;
  }
  if (arguments.Has("meeting")) {
    ASSIGN(asked["meeting"], DocumentIdOf(session, arguments.Text("meeting")));
  }
  TRY(TakeSpace(session, asked));
  ASSIGN(json::object answer, PostGuarded(session, "/api/v1/tasks", asked));
  return ShownTask(session, "cli.task.added", std::move(answer));
}

Result<Outcome> ListTasks(Session& session) {
  Query query;
  if (session.arguments().Has("open")) query["status"] = "open";
  TRY(TakeSpace(session, query));
  ASSIGN(json::object answer, session.Get("/api/v1/tasks", std::move(query)));
  const json::array& tasks = answer.at("tasks").as_array();
  Outcome outcome;
  outcome.text = tasks.empty() ? session.Say("cli.task.none") + '\n' : TasksText(session, tasks);
  outcome.text += LeftOutNote(session.globals().lang, answer);
  outcome.keys = std::move(answer);
  return outcome;
}

Result<Outcome> FinishTask(Session& session) {
  ASSIGN(const std::string id, DocumentIdOf(session, session.arguments().Text("ID")));
  ASSIGN(json::object answer, session.Post("/api/v1/tasks/" + id + "/done", {}));
  return ShownTask(session, "cli.task.done", std::move(answer));
}

}  // namespace

std::vector<Command> TaskCommands() {
  return {
      {{"task", "add"},
       {{"TEXT", "", true},
        {"--org", "NAME"},
        {"--person", "NAME"},
        {"--due", "DATE"},
        {"--meeting", "ID"},
        {"--item", "ITEM"},
        {"--space", "SPACE"}},
       AddTask},
      {{"task", "list"}, {{"--open", "", false, Takes::kNothing}, {"--space", "SPACE"}}, ListTasks},
      {{"task", "done"}, {{"ID", "", true}}, FinishTask}};
}

}  // namespace geflecht::cli
