// geflecht privacy erase
#include <boost/json/array.hpp>

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
    if (arguments.Has("field")) asked["field"] = arguments.Text("field");
  }
  ASSIGN(json::object answer, session.Post("/api/v1/privacy/erase", asked));
  Outcome outcome;
  outcome.text =
      session.Say("cli.privacy.erased") + '\n' + session.Say("cli.privacy.limits") + '\n';
  outcome.keys = std::move(answer);
  return outcome;
}

}  // namespace

std::vector<Command> PrivacyCommands() {
  return {{{"privacy", "erase"},
           {{"ID", "", true, Takes::kMany}, {"--field", "FIELD"}, {"--reason", "CODE"}},
           Erase}};
}

}  // namespace geflecht::cli
