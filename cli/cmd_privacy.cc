// geflecht privacy erase, status
#include <boost/json/array.hpp>
#include <ctime>

#include "cli/case_guard.h"
#include "cli/deadline.h"
#include "cli/display.h"
#include "cli/ids.h"
#include "cli/proposal_text.h"
#include "cli/reading.h"
#include "cli/session.h"

namespace geflecht::cli {
namespace {

namespace json = boost::json;

constexpr std::size_t kEntryDigits = 64;

Result<json::object> ProposalOf(Session& session) {
  const Arguments& arguments = session.arguments();
  const std::string title = arguments.Text("title");
  json::object propose{
      {"title", title.empty() ? session.Say("cli.privacy.proposal-title") : title}};
  if (arguments.Has("deadline")) {
    ASSIGN(propose["deadline"], DeadlineFrom(arguments.Text("deadline"), std::time(nullptr)));
  }
  return propose;
}

// "ID  mention: Title (Organisation)": the whole id, since entries are erased by nothing less.
std::string MentionText(const Session& session, const json::object& mention) {
  const std::string title = TextOf(mention, "title");
  const std::string organisation = TextOf(mention, "organisation");
  return "  " + TextOf(mention, "id") + "  " +
         session.Say("value.kind." + TextOf(mention, "kind")) +
         (title.empty() ? "" : ": " + Shown(title)) +
         (organisation.empty() ? "" : " (" + Shown(organisation) + ")") + '\n';
}

Result<Outcome> Erase(Session& session) {
  const Arguments& arguments = session.arguments();
  const std::vector<std::string> ids = arguments.List("ID");
  const std::string reason = arguments.Text("reason");
  json::object asked{{"reason", reason.empty() ? "request" : reason}};
  json::array mentions;
  if (ids.front().size() == kEntryDigits) {
    json::array entries;
    for (const std::string& id : ids) entries.emplace_back(id);
    asked["entries"] = std::move(entries);
    if (arguments.Has("field"))
      return Fail(Code::kUsage, "--field belongs to a document", "hint.erase-field");
  } else {
    if (ids.size() > 1)
      return Fail(Code::kUsage, "one document at a time", "hint.erase-one-document");
    ASSIGN(const std::string document, DocumentIdOf(session, ids.front()));
    asked["document"] = document;
    if (arguments.Has("field")) {
      asked["field"] = arguments.Text("field");
    } else {
      // Afterwards nobody knows any more whose record it was.
      ASSIGN(json::object found, GetWhenRead(session, "/api/v1/privacy/mentions/" + document));
      mentions = std::move(found.at("mentions").as_array());
    }
  }
  if (arguments.Has("propose")) {
    ASSIGN(asked["propose"], ProposalOf(session));
  }
  ASSIGN(json::object answer, PostGuarded(session, "/api/v1/privacy/erase", asked));
  Outcome outcome;
  if (arguments.Has("propose")) {
    outcome.text = ProposalText(session, answer) + '\n' + session.Say("cli.proposal.done") + '\n';
    outcome.keys = std::move(answer);
    return outcome;
  }
  outcome.text =
      session.Say("cli.privacy.erased") + '\n' + session.Say("cli.privacy.limits") + '\n';
  if (!mentions.empty()) outcome.text += session.Say("cli.privacy.mentions") + '\n';
  for (const json::value& item : mentions) outcome.text += MentionText(session, item.as_object());
  outcome.keys = std::move(answer);
  outcome.keys["mentions"] = std::move(mentions);
  return outcome;
}

// "2 von 3 bestätigt, 1 offen seit 22.11.2026 23:00", and who is open.
std::string StandingText(const Session& session, const json::object& erasure) {
  const std::uint64_t confirmed = erasure.at("confirmed").to_number<std::uint64_t>();
  const std::uint64_t of = erasure.at("of").to_number<std::uint64_t>();
  const i18n::Args args = {{"id", ShortId(TextOf(erasure, "entry"))},
                           {"n", std::to_string(confirmed)},
                           {"of", std::to_string(of)},
                           {"open", std::to_string(of - confirmed)},
                           {"time", ShownTime(session.globals().lang, TextOf(erasure, "time"))}};
  std::string text =
      session.Say(confirmed == of ? "cli.privacy.confirmed" : "cli.privacy.open", args) + '\n';
  for (const json::value& item : erasure.at("organisations").as_array()) {
    const json::object& org = item.as_object();
    const json::value& at = org.at("confirmed_at");
    const std::string name = Shown(TextOf(org, "organisation"));
    const char* const open =
        org.at("present").as_bool() ? "cli.privacy.org-open" : "cli.privacy.org-former";
    text += "  " +
            (at.is_null() ? session.Say(open, {{"organisation", name}})
                          : session.Say("cli.privacy.org-confirmed",
                                        {{"organisation", name},
                                         {"time", ShownTime(session.globals().lang,
                                                            TextOf(org, "confirmed_at"))}})) +
            '\n';
  }
  return text;
}

Result<Outcome> ErasureStatus(Session& session) {
  std::string id = session.arguments().Text("ID");
  if (id.size() != kEntryDigits) {
    ASSIGN(id, DocumentIdOf(session, id));
  }
  ASSIGN(json::object answer, session.Get("/api/v1/privacy/status/" + id));
  Outcome outcome;
  for (const json::value& erasure : answer.at("erasures").as_array())
    outcome.text += StandingText(session, erasure.as_object());
  outcome.text += session.Say("cli.privacy.limits") + '\n';
  outcome.keys = std::move(answer);
  return outcome;
}

}  // namespace

std::vector<Command> PrivacyCommands() {
  return {{{"privacy", "erase"},
           {{"ID", "", true, Takes::kMany},
            {"--field", "FIELD"},
            {"--reason", "CODE"},
            {"--propose", "", false, Takes::kNothing},
            {"--title", "TEXT"},
            {"--deadline", "DATE|DAYS"}},
           Erase},
          {{"privacy", "status"}, {{"ID", "", true}}, ErasureStatus}};
}

}  // namespace geflecht::cli
