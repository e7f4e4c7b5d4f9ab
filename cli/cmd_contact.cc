// geflecht contact list, show, set, export
#include <boost/json/array.hpp>

#include "cli/display.h"
#include "cli/edits.h"
#include "cli/fields.h"
#include "cli/ids.h"
#include "cli/session.h"
#include "cli/spaces.h"

namespace geflecht::cli {
namespace {

namespace json = boost::json;

std::string PersonName(const json::object& contact) {
  std::string name;
  for (const char* key : {"prefix", "given_name", "family_name", "suffix"}) {
    const std::string part = TextOf(contact, key);
    if (!part.empty()) name += (name.empty() ? "" : " ") + part;
  }
  return name;
}

Result<Outcome> List(Session& session) {
  Query query;
  TRY(TakeSpace(session, query));
  ASSIGN(json::object answer, session.Get("/api/v1/contacts", std::move(query)));
  const json::array& contacts = answer.at("contacts").as_array();
  Outcome outcome;
  if (contacts.empty()) {
    outcome.text = session.Say("cli.contact.none") + '\n';
  } else {
    Table table({session.Say("cli.column.id"), session.Say("cli.column.name"),
                 session.Say("cli.column.organisation"), session.Say("cli.column.function"),
                 session.Say("cli.column.phone"), session.Say("cli.column.email"), "", ""});
    for (const Json& entry : contacts) {
      const json::object& contact = entry.as_object();
      table.Add({ShortId(TextOf(contact, "id")), PersonName(contact),
                 TextOf(contact, "organisation"), TextOf(contact, "function"),
                 TextOf(contact, "phone"), TextOf(contact, "email"), SpaceMark(contact),
                 NumberOf(contact, "conflicts") > 0 ? session.Say("cli.conflict-mark") : ""});
    }
    outcome.text = table.Text() + '\n' +
                   i18n::TrCount(session.globals().lang, "word.contacts",
                                 static_cast<std::int64_t>(contacts.size())) +
                   '\n';
  }
  outcome.text += LeftOutNote(session.globals().lang, answer);
  outcome.keys = std::move(answer);
  return outcome;
}

Result<Outcome> Show(Session& session) {
  return ShowDocument(session, session.arguments().Text("ID"));
}

Result<Outcome> Set(Session& session) {
  const Arguments& arguments = session.arguments();
  auto outcome =
      SetValue(session, arguments.Text("ID"), arguments.Text("FIELD"), arguments.Text("VALUE"));
  if (!outcome && outcome.error().code == Code::kUsage && outcome.error().hint.empty())
    return Fail(Code::kUsage, outcome.error().detail, "hint.contact-fields");
  return outcome;
}

Result<Outcome> Export(Session& session) {
  const std::string format = session.arguments().Text("format");
  ASSIGN(json::object answer, session.Get("/api/v1/contacts/export", {{"format", format}}));
  const std::int64_t count = NumberOf(answer, "count");
  const std::string file = session.arguments().Text("o");
  Outcome outcome;
  outcome.text =
      session.Say("cli.export.done",
                  {{"contacts", i18n::TrCount(session.globals().lang, "word.contacts", count)},
                   {"file", Shown(file)}}) +
      '\n';
  TRY(session.WriteFile(file, TextOf(answer, "text"), /*is_private=*/true, outcome));
  outcome.keys["count"] = count;
  outcome.keys["format"] = format;
  return outcome;
}

}  // namespace

std::vector<Command> ContactCommands() {
  return {
      {{"contact", "list"}, {{"--space", "SPACE"}}, List},
      {{"contact", "show"}, {{"ID", "", true}}, Show},
      {{"contact", "set"}, {{"ID", "", true}, {"FIELD", "", true}, {"VALUE", "", true}}, Set},
      {{"contact", "export"}, {{"--format", "csv|vcard4", true}, {"-o", "FILE", true}}, Export}};
}

}  // namespace geflecht::cli
