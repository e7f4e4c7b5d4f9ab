// geflecht meeting freeze, approve
#include <boost/json/array.hpp>

#include "cli/case_guard.h"
#include "cli/display.h"
#include "cli/ids.h"
#include "cli/meeting_text.h"
#include "cli/proposal_text.h"
#include "cli/session.h"

namespace geflecht::cli {
namespace {

namespace json = boost::json;

std::string_view LangWord(const Session& session) {
  return session.globals().lang == i18n::Lang::kEn ? "en" : "de";
}

struct NamedMeeting {
  std::string id;
  json::object shown;
};

Result<NamedMeeting> MeetingOf(Session& session) {
  ASSIGN(const std::string id, DocumentIdOf(session, session.arguments().Text("ID")));
  ASSIGN(json::object shown, session.Get("/api/v1/meetings/" + id));
  return NamedMeeting{id, std::move(shown)};
}

// The frozen minutes of the meeting whose id begins so.
Result<std::string> FreezeOf(const NamedMeeting& meeting, std::string_view typed) {
  std::vector<std::string> ids;
  for (const Json& item : meeting.shown.at("frozen").as_array())
    ids.push_back(TextOf(item.as_object(), "freeze"));
  auto id = MatchId(typed, ids);
  if (!id && id.error().code == Code::kNotFound)
    return Fail(Code::kNotFound, id.error().detail, "hint.minutes-id");
  return id;
}

Result<Outcome> FreezeMinutes(Session& session) {
  ASSIGN(const NamedMeeting meeting, MeetingOf(session));
  json::object asked{{"lang", LangWord(session)}};
  if (session.arguments().Has("corrects")) {
    ASSIGN(asked["corrects"], FreezeOf(meeting, session.arguments().Text("corrects")));
  }
  ASSIGN(json::object answer,
         PostGuarded(session, "/api/v1/meetings/" + meeting.id + "/freeze", asked));
  Outcome outcome;
  outcome.text = session.Say("cli.minutes.frozen", {{"freeze", ShortId(TextOf(answer, "freeze"))},
                                                    {"id", ShortId(meeting.id)}}) +
                 '\n' + CircleNote(session, meeting.shown);
  outcome.keys = std::move(answer);
  return outcome;
}

Result<Outcome> ApproveMinutes(Session& session) {
  ASSIGN(const NamedMeeting meeting, MeetingOf(session));
  json::object asked{{"lang", LangWord(session)}};
  if (session.arguments().Has("minutes")) {
    ASSIGN(asked["freeze"], FreezeOf(meeting, session.arguments().Text("minutes")));
  }
  ASSIGN(json::object answer,
         PostGuarded(session, "/api/v1/meetings/" + meeting.id + "/approve", asked));
  Outcome outcome;
  outcome.text = ProposalText(session, answer) + '\n' + session.Say("cli.proposal.done") + '\n' +
                 CircleNote(session, meeting.shown);
  outcome.keys = std::move(answer);
  return outcome;
}

}  // namespace

std::vector<Command> MinutesCommands() {
  return {{{"meeting", "freeze"}, {{"ID", "", true}, {"--corrects", "MINUTES"}}, FreezeMinutes},
          {{"meeting", "approve"}, {{"ID", "", true}, {"--minutes", "MINUTES"}}, ApproveMinutes}};
}

}  // namespace geflecht::cli
