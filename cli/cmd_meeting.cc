// geflecht meeting new, list, show, agenda, record, invite, attend, minutes, export
#include <boost/json/array.hpp>

#include "cli/case_guard.h"
#include "cli/display.h"
#include "cli/fields.h"
#include "cli/files.h"
#include "cli/ids.h"
#include "cli/meeting_text.h"
#include "cli/orgs.h"
#include "cli/session.h"
#include "cli/spaces.h"

namespace geflecht::cli {
namespace {

namespace json = boost::json;

std::string MeetingPath(const std::string& id, std::string_view what) {
  return "/api/v1/meetings/" + id + std::string(what);
}

// The meeting as it stands after what was done.
Outcome ShownMeeting(const Session& session, json::object answer) {
  Outcome outcome;
  outcome.text = RestrictedNote(session.globals().lang, FlagOf(answer, "restricted")) +
                 MeetingText(session, answer);
  outcome.keys = std::move(answer);
  return outcome;
}

// The options of the command as members of a request.
void Take(const Arguments& arguments, std::initializer_list<std::string_view> names,
          json::object& asked) {
  for (const std::string_view name : names)
    if (arguments.Has(name)) asked[name] = arguments.Text(name);
}

Result<Outcome> NewMeeting(Session& session) {
  json::object asked;
  Take(session.arguments(), {"title", "date", "start", "end", "place"}, asked);
  TRY(TakeSpace(session, asked));
  ASSIGN(json::object answer, PostGuarded(session, "/api/v1/meetings", asked));
  return ShownMeeting(session, std::move(answer));
}

Result<Outcome> ListMeetings(Session& session) {
  Query query;
  TRY(TakeSpace(session, query));
  ASSIGN(json::object answer, session.Get("/api/v1/meetings", std::move(query)));
  const json::array& meetings = answer.at("meetings").as_array();
  Table table({session.Say("cli.column.id"), session.Say("field.date"),
               session.Say("cli.column.title"), session.Say("field.place"),
               session.Say("cli.meeting.points"), ""});
  for (const Json& item : meetings) {
    const json::object& meeting = item.as_object();
    table.Add({ShortId(TextOf(meeting, "id")), WhenText(session, meeting), TextOf(meeting, "title"),
               TextOf(meeting, "place"), std::to_string(NumberOf(meeting, "points")),
               SpaceMark(meeting)});
  }
  Outcome outcome;
  outcome.text = meetings.empty() ? session.Say("cli.meeting.none") + '\n' : table.Text();
  outcome.text += LeftOutNote(session.globals().lang, answer);
  outcome.keys = std::move(answer);
  return outcome;
}

Result<Outcome> ShowMeeting(Session& session) {
  ASSIGN(const std::string id, DocumentIdOf(session, session.arguments().Text("ID")));
  const std::string lang = session.globals().lang == i18n::Lang::kEn ? "en" : "de";
  ASSIGN(json::object answer, session.Get(MeetingPath(id, ""), {{"lang", lang}}));
  return ShownMeeting(session, std::move(answer));
}

Result<Outcome> AddPoint(Session& session) {
  const Arguments& arguments = session.arguments();
  ASSIGN(const std::string id, DocumentIdOf(session, arguments.Text("ID")));
  json::object asked;
  if (arguments.Has("tasks")) {
    asked["tasks"] = true;
  } else if (arguments.Has("title")) {
    Take(arguments, {"title", "kind", "link"}, asked);
  } else {
    return Fail(Code::kUsage, "--title or --tasks", "hint.agenda-title");
  }
  ASSIGN(json::object answer, PostGuarded(session, MeetingPath(id, "/agenda"), asked));
  return ShownMeeting(session, std::move(answer));
}

Result<Outcome> RecordPoint(Session& session) {
  const Arguments& arguments = session.arguments();
  ASSIGN(const std::string id, DocumentIdOf(session, arguments.Text("ID")));
  json::object asked{{"item", arguments.Text("ITEM")}};
  Take(arguments, {"kind", "link", "matter", "text", "abstain"}, asked);
  if (arguments.Has("for")) asked["yes"] = arguments.Text("for");
  if (arguments.Has("against")) asked["no"] = arguments.Text("against");
  if (arguments.Has("matter") && !arguments.Has("kind")) asked["kind"] = "decision";
  ASSIGN(json::object answer, PostGuarded(session, MeetingPath(id, "/record"), asked));
  return ShownMeeting(session, std::move(answer));
}

Result<Outcome> InviteOrgs(Session& session) {
  const Arguments& arguments = session.arguments();
  ASSIGN(const std::string id, DocumentIdOf(session, arguments.Text("ID")));
  ASSIGN(const auto members, MembersOf(session));
  json::array orgs;
  if (!arguments.Has("org"))
    for (const NamedOrg& member : members) orgs.push_back(Json(member.id));
  for (const std::string& name : arguments.List("org")) {
    ASSIGN(const NamedOrg org, MatchOrg(name, members));
    orgs.push_back(Json(org.id));
  }
  ASSIGN(json::object answer,
         session.Post(MeetingPath(id, "/invite"), {{"orgs", std::move(orgs)}}));
  return ShownMeeting(session, std::move(answer));
}

Result<Outcome> NoteAttendance(Session& session) {
  const Arguments& arguments = session.arguments();
  ASSIGN(const std::string id, DocumentIdOf(session, arguments.Text("ID")));
  ASSIGN(const auto members, MembersOf(session));
  ASSIGN(const NamedOrg org, MatchOrg(arguments.Text("ORG"), members));
  const std::string state = arguments.Has("state") ? arguments.Text("state") : "present";
  ASSIGN(json::object answer,
         session.Post(MeetingPath(id, "/attend"),
                      {{"org", org.id}, {"name", arguments.Text("name")}, {"state", state}}));
  return ShownMeeting(session, std::move(answer));
}

// Standard input becomes the text of the minutes.
Result<Outcome> WriteMinutes(Session& session) {
  ASSIGN(std::string text, ReadPipedText());
  ASSIGN(const std::string id, DocumentIdOf(session, session.arguments().Text("ID")));
  ASSIGN(json::object answer,
         SendGuarded(session, "PUT", "/api/v1/documents/" + id + "/text",
                     {{"commit", "1"}, {"path", "/minutes"}}, std::move(text)));
  Outcome outcome;
  outcome.text =
      i18n::TrCount(session.globals().lang, "cli.minutes.done", NumberOf(answer, "splices")) + '\n';
  outcome.keys = std::move(answer);
  return outcome;
}

Result<Outcome> ExportMeeting(Session& session) {
  const Arguments& arguments = session.arguments();
  ASSIGN(const std::string id, DocumentIdOf(session, arguments.Text("ID")));
  const std::string lang = session.globals().lang == i18n::Lang::kEn ? "en" : "de";
  ASSIGN(const json::object answer,
         session.Get(MeetingPath(id, "/export"),
                     {{"format", arguments.Text("format")}, {"lang", lang}}));
  Outcome outcome;
  const std::string file = arguments.Text("o");
  outcome.text = session.Say("cli.meeting.exported", {{"file", Shown(file)}}) + '\n';
  TRY(session.WriteFile(file, TextOf(answer, "text"), /*is_private=*/true, outcome));
  outcome.keys["format"] = TextOf(answer, "format");
  return outcome;
}

}  // namespace

std::vector<Command> MeetingCommands() {
  const Option id{"ID", "", true};
  return {{{"meeting", "new"},
           {{"--title", "T", true},
            {"--date", "DATE", true},
            {"--start", "HH:MM"},
            {"--end", "HH:MM"},
            {"--place", "TEXT"},
            {"--space", "SPACE"}},
           NewMeeting},
          {{"meeting", "list"}, {{"--space", "SPACE"}}, ListMeetings},
          {{"meeting", "show"}, {id}, ShowMeeting},
          {{"meeting", "agenda"},
           {id,
            {"--title", "T"},
            {"--kind", "KIND"},
            {"--link", "ID"},
            {"--tasks", "", false, Takes::kNothing}},
           AddPoint},
          {{"meeting", "record"},
           {id,
            {"ITEM", "", true},
            {"--kind", "KIND"},
            {"--link", "ID"},
            {"--matter", "MATTER"},
            {"--text", "TEXT"},
            {"--for", "N|NAMES"},
            {"--against", "N|NAMES"},
            {"--abstain", "N|NAMES"}},
           RecordPoint},
          {{"meeting", "invite"}, {id, {"--org", "NAME...", false, Takes::kMany}}, InviteOrgs},
          {{"meeting", "attend"},
           {id, {"ORG", "", true}, {"--name", "NAME"}, {"--state", "STATE"}},
           NoteAttendance},
          {{"meeting", "minutes"}, {id}, WriteMinutes},
          {{"meeting", "export"},
           {id, {"--format", "ics|html", true}, {"-o", "FILE", true}},
           ExportMeeting}};
}

}  // namespace geflecht::cli
