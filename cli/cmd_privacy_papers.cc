// geflecht privacy access
#include <boost/json/array.hpp>

#include "cli/bundle_zip.h"
#include "cli/display.h"
#include "cli/ids.h"
#include "cli/session.h"

namespace geflecht::cli {
namespace {

namespace json = boost::json;

std::string Lang(const Session& session) {
  return session.globals().lang == i18n::Lang::kEn ? "en" : "de";
}

// Writes the answer's files into a new folder or archive; the keys of the result, without them.
Result<Outcome> Written(Session& session, json::object answer) {
  const std::string folder = session.arguments().Text("o");
  audit::Bundle files;
  json::array names;
  for (const Json& item : answer.at("files").as_array()) {
    const json::object& file = item.as_object();
    names.emplace_back(TextOf(file, "name"));
    files.push_back({TextOf(file, "name"), ToBytes(TextOf(file, "text"))});
  }
  TRY(WriteBundle(folder, files));
  Outcome outcome;
  outcome.text = session.Say("cli.privacy.written",
                             {{"dir", Shown(folder)}, {"n", std::to_string(names.size())}}) +
                 '\n';
  answer["files"] = std::move(names);
  answer["dir"] = folder;
  outcome.keys = std::move(answer);
  return outcome;
}

// The id of a document if it looks like the beginning of one, else as it is.
std::string PersonArgument(Session& session) {
  std::string typed = session.arguments().Text("PERSON");
  const bool hex = typed.size() >= kIdDigitsMin &&
                   typed.find_first_not_of("0123456789abcdef") == std::string::npos;
  if (hex)
    if (const auto id = DocumentIdOf(session, typed)) return *id;
  return typed;
}

Result<Outcome> Access(Session& session) {
  ASSIGN(json::object answer,
         session.Get("/api/v1/privacy/access",
                     {{"person", PersonArgument(session)}, {"lang", Lang(session)}}));
  ASSIGN(Outcome outcome, Written(session, std::move(answer)));
  outcome.text =
      session.Say("cli.privacy.access", {{"person", Shown(TextOf(outcome.keys, "person"))},
                                         {"n", std::to_string(NumberOf(outcome.keys, "found"))}}) +
      '\n' + outcome.text;
  if (const std::int64_t unclear = NumberOf(outcome.keys, "unclear"); unclear > 0)
    outcome.text += session.Say("cli.privacy.unclear", {{"n", std::to_string(unclear)}}) + '\n';
  return outcome;
}

}  // namespace

std::vector<Command> PrivacyPaperCommands() {
  return {{{"privacy", "access"}, {{"PERSON", "", true}, {"-o", "DIR|FILE.zip", true}}, Access}};
}

}  // namespace geflecht::cli
