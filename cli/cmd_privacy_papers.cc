// geflecht privacy access, export, register, breach, papers
#include <boost/json/array.hpp>

#include "cli/bundle_zip.h"
#include "cli/display.h"
#include "cli/ids.h"
#include "cli/reading.h"
#include "cli/session.h"
#include "node/runtime/inspect.h"

namespace geflecht::cli {
namespace {

namespace json = boost::json;

std::string LangName(const Session& session) {
  return session.globals().lang == i18n::Lang::kEn ? "en" : "de";
}

// Writes the answer's files into a new folder or archive; the keys of the result, without them.
Result<Outcome> WrittenTo(Session& session, json::object answer) {
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
         GetWhenRead(session, "/api/v1/privacy/access",
                     {{"person", PersonArgument(session)}, {"lang", LangName(session)}}));
  ASSIGN(Outcome outcome, WrittenTo(session, std::move(answer)));
  outcome.text =
      session.Say("cli.privacy.access", {{"person", Shown(TextOf(outcome.keys, "person"))},
                                         {"n", std::to_string(NumberOf(outcome.keys, "found"))}}) +
      '\n' + outcome.text;
  if (const std::int64_t unclear = NumberOf(outcome.keys, "unclear"); unclear > 0)
    outcome.text += session.Say("cli.privacy.unclear", {{"n", std::to_string(unclear)}}) + '\n';
  return outcome;
}

Result<Outcome> ExportPerson(Session& session) {
  ASSIGN(json::object answer,
         session.Get("/api/v1/privacy/export", {{"person", PersonArgument(session)}}));
  ASSIGN(Outcome outcome, WrittenTo(session, std::move(answer)));
  if (const std::int64_t left = NumberOf(outcome.keys, "left_out"); left > 0)
    outcome.text += session.Say("cli.privacy.left-out", {{"n", std::to_string(left)}}) + '\n';
  return outcome;
}

Result<Outcome> MakeRegister(Session& session) {
  ASSIGN(json::object answer,
         session.Get("/api/v1/privacy/register", {{"lang", LangName(session)}}));
  ASSIGN(Outcome outcome, WrittenTo(session, std::move(answer)));
  outcome.text +=
      session.Say("cli.privacy.version", {{"version", TextOf(outcome.keys, "version")}}) + '\n';
  return outcome;
}

Result<Outcome> Breach(Session& session) {
  Query query{{"node", session.arguments().Text("NODE")}, {"lang", LangName(session)}};
  for (const char* day : {"from", "to"})
    if (session.arguments().Has(day)) query[day] = session.arguments().Text(day);
  ASSIGN(json::object answer, session.Get("/api/v1/privacy/breach", std::move(query)));
  ASSIGN(Outcome outcome, WrittenTo(session, std::move(answer)));
  outcome.text =
      session.Say("cli.privacy.breach",
                  {{"organisation", Shown(TextOf(outcome.keys, "organisation"))},
                   {"records", std::to_string(NumberOf(outcome.keys, "records"))},
                   {"persons", std::to_string(NumberOf(outcome.keys, "persons"))},
                   {"time", ShownTime(session.globals().lang, TextOf(outcome.keys, "deadline"))}}) +
      '\n' + outcome.text;
  for (const Json& name : outcome.keys.at("not_listed").as_array())
    outcome.text +=
        session.Say("cli.privacy.not-listed", {{"space", Shown(std::string(name.as_string()))}}) +
        '\n';
  return outcome;
}

// What only the owner of the directory can see of it.
json::object FactsOf(const Session& session) {
  const runtime::Paths paths(session.globals().dir);
  const doctor::Facts facts = runtime::InspectDirectory(paths);
  constexpr std::uint32_t kOthers = 077;
  bool is_private = true;
  for (const doctor::FileFacts& file : facts.files) is_private &= (file.mode & kOthers) == 0;
  const auto encrypted = runtime::IsOnEncryptedDisk(paths.root);
  return {{"passphrase", facts.passphrase},
          {"disk_encrypted", encrypted ? Json(*encrypted) : Json(nullptr)},
          {"files_private", is_private},
          {"sheet_checked", facts.sheet_s.has_value()}};
}

Result<Outcome> MakePapers(Session& session) {
  ASSIGN(json::object answer,
         session.Post("/api/v1/privacy/papers", FactsOf(session), {{"lang", LangName(session)}}));
  ASSIGN(Outcome outcome, WrittenTo(session, std::move(answer)));
  const json::object& keys = outcome.keys;
  outcome.text += session.Say("cli.privacy.informed",
                              {{"open", std::to_string(NumberOf(keys, "open"))},
                               {"informed", std::to_string(NumberOf(keys, "informed"))}}) +
                  '\n';
  for (const Json& item : keys.at("checks").as_array()) {
    const json::object& check = item.as_object();
    const std::string state = TextOf(check, "state");
    if (state == "bad")
      outcome.text += session.Say("cli.doctor.state-problem") +
                      session.Say("value.check." + TextOf(check, "check")) + '\n';
  }
  return outcome;
}

}  // namespace

std::vector<Command> PrivacyPaperCommands() {
  const Option output{"-o", "DIR|FILE.zip", true};
  return {{{"privacy", "access"}, {{"PERSON", "", true}, output}, Access},
          {{"privacy", "export"}, {{"PERSON", "", true}, output}, ExportPerson},
          {{"privacy", "register"}, {output}, MakeRegister},
          {{"privacy", "breach"},
           {{"NODE", "", true}, {"--from", "DATE"}, {"--to", "DATE"}, output},
           Breach},
          {{"privacy", "papers"}, {output}, MakePapers}};
}

}  // namespace geflecht::cli
