// geflecht privacy erase, status
#include <boost/json/array.hpp>

#include "cli/display.h"
#include "cli/ids.h"
#include "cli/session.h"

namespace geflecht::cli {
namespace {

namespace json = boost::json;

constexpr std::size_t kEntryDigits = 64;

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
      ASSIGN(json::object found, session.Get("/api/v1/privacy/mentions/" + document));
      mentions = std::move(found.at("mentions").as_array());
    }
  }
  ASSIGN(json::object answer, session.Post("/api/v1/privacy/erase", asked));
  Outcome outcome;
  outcome.text =
      session.Say("cli.privacy.erased") + '\n' + session.Say("cli.privacy.limits") + '\n';
  if (!mentions.empty()) outcome.text += session.Say("cli.privacy.mentions") + '\n';
  for (const json::value& item : mentions)
    outcome.text += "  " + ShortId(TextOf(item.as_object(), "id")) + "  " +
                    Shown(TextOf(item.as_object(), "title")) + '\n';
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
    text += "  " +
            (at.is_null() ? session.Say("cli.privacy.org-open", {{"organisation", name}})
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
           {{"ID", "", true, Takes::kMany}, {"--field", "FIELD"}, {"--reason", "CODE"}},
           Erase},
          {{"privacy", "status"}, {{"ID", "", true}}, ErasureStatus}};
}

}  // namespace geflecht::cli
