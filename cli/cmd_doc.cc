// geflecht doc new, list, show, text, set
#include <boost/json/array.hpp>

#include "cli/case_guard.h"
#include "cli/display.h"
#include "cli/edits.h"
#include "cli/fields.h"
#include "cli/files.h"
#include "cli/ids.h"
#include "cli/session.h"
#include "cli/spaces.h"

namespace geflecht::cli {
namespace {

namespace json = boost::json;

Result<Outcome> New(Session& session) {
  const Arguments& arguments = session.arguments();
  json::object fields{{"title", arguments.Text("title")}};
  if (arguments.Has("purpose")) fields["purpose"] = arguments.Text("purpose");
  if (arguments.Has("legal-basis")) fields["legal_basis"] = arguments.Text("legal-basis");
  if (arguments.Has("retention")) fields["retention_class"] = arguments.Text("retention");
  json::object asked{{"type", arguments.Text("type")}, {"fields", std::move(fields)}};
  TRY(TakeSpace(session, asked));
  ASSIGN(json::object answer, PostGuarded(session, "/api/v1/documents", asked, {{"commit", "1"}}));
  Outcome outcome;
  outcome.text = session.Say("cli.new.done", {{"title", Shown(arguments.Text("title"))},
                                              {"id", ShortId(TextOf(answer, "id"))}}) +
                 '\n';
  outcome.keys = WithoutType(std::move(answer));
  return outcome;
}

Result<Outcome> List(Session& session) {
  Query query;
  TRY(TakeSpace(session, query));
  ASSIGN(json::object answer, session.Get("/api/v1/documents", std::move(query)));
  const json::array& documents = answer.at("documents").as_array();
  Table table({session.Say("cli.column.id"), session.Say("cli.column.type"),
               session.Say("cli.column.title"), "", ""});
  bool any = false;
  for (const Json& entry : documents) {
    const json::object& document = entry.as_object();
    if (TextOf(document, "type") == "contact") continue;
    any = true;
    table.Add({ShortId(TextOf(document, "id")),
               FieldName(session.globals().lang, "type-" + TextOf(document, "type")),
               TextOf(document, "title"), SpaceMark(document),
               NumberOf(document, "conflicts") > 0 ? session.Say("cli.conflict-mark") : ""});
  }
  Outcome outcome;
  outcome.text = any ? table.Text() : session.Say("cli.doc.none") + '\n';
  if (const std::int64_t unreadable = NumberOf(answer, "unreadable"); unreadable > 0)
    outcome.text +=
        '\n' + session.Say("cli.doc.unreadable", {{"n", std::to_string(unreadable)}}) + '\n';
  outcome.text += LeftOutNote(session.globals().lang, answer);
  outcome.keys = std::move(answer);
  return outcome;
}

Result<Outcome> Show(Session& session) {
  const std::string id = session.arguments().Text("ID");
  return session.arguments().Has("at") ? ShowVersion(session, id, session.arguments().Text("at"))
                                       : ShowDocument(session, id);
}

Result<Outcome> Text(Session& session) {
  ASSIGN(const std::string text, ReadPipedText());
  ASSIGN(const std::string id, DocumentIdOf(session, session.arguments().Text("ID")));
  ASSIGN(json::object answer,
         SendGuarded(session, "PUT", "/api/v1/documents/" + id + "/text", {{"commit", "1"}}, text));
  const std::int64_t passages = NumberOf(answer, "splices");
  Outcome outcome;
  outcome.text =
      (passages == 0 ? session.Say("cli.text.same")
                     : i18n::TrCount(session.globals().lang, "cli.text.done", passages)) +
      '\n';
  outcome.keys = std::move(answer);
  return outcome;
}

Result<Outcome> Set(Session& session) {
  const Arguments& arguments = session.arguments();
  return SetValue(session, arguments.Text("ID"), arguments.Text("PATH"), arguments.Text("VALUE"));
}

}  // namespace

std::vector<Command> DocCommands() {
  return {{{"doc", "new"},
           {{"--type", "TYPE", true},
            {"--title", "T", true},
            {"--purpose", "P"},
            {"--legal-basis", "B"},
            {"--retention", "L1"},
            {"--space", "SPACE"}},
           New},
          {{"doc", "list"}, {{"--space", "SPACE"}}, List},
          {{"doc", "show"}, {{"ID", "", true}, {"--at", "ENTRY"}}, Show},
          {{"doc", "text"}, {{"ID", "", true}}, Text},
          {{"doc", "set"}, {{"ID", "", true}, {"PATH", "", true}, {"VALUE", "", true}}, Set}};
}

}  // namespace geflecht::cli
