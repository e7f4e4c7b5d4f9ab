#include "cli/edits.h"

#include <boost/json/array.hpp>

#include "cli/case_guard.h"
#include "cli/display.h"
#include "cli/fields.h"
#include "cli/ids.h"

namespace geflecht::cli {

namespace json = boost::json;

json::object WithoutType(json::object answer) {
  answer["document_type"] = TextOf(answer, "type");
  answer.erase("type");
  return answer;
}

Result<Outcome> SetValue(Session& session, const std::string& typed, std::string path,
                         const std::string& value) {
  if (!path.starts_with('/')) path.insert(path.begin(), '/');
  ASSIGN(const std::string id, DocumentIdOf(session, typed));
  const json::object edit{{"path", path}, {"value", value.empty() ? Json(nullptr) : Json(value)}};
  TRY(PostGuarded(session, "/api/v1/documents/" + id + "/edits", {{"edits", json::array{edit}}},
                  {{"commit", "1"}}));
  Outcome outcome;
  outcome.keys = {{"id", id}, {"path", path}};
  const std::string field = Shown(FieldName(session.globals().lang, path.substr(1)));
  outcome.text =
      (value.empty() ? session.Say("cli.set.removed", {{"field", field}})
                     : session.Say("cli.set.done", {{"field", field}, {"value", Shown(value)}})) +
      '\n';
  return outcome;
}

Result<Outcome> ShowDocument(Session& session, const std::string& typed) {
  ASSIGN(const std::string id, DocumentIdOf(session, typed));
  ASSIGN(json::object document, session.Get("/api/v1/documents/" + id));
  const i18n::Lang lang = session.globals().lang;
  Outcome outcome;
  const Json* const restricted = document.at("fields").as_object().if_contains("restricted");
  const bool is_restricted =
      restricted != nullptr && (restricted->is_string() || *restricted == Json(true));
  outcome.text = RestrictedNote(lang, is_restricted);
  outcome.text += session.Say("cli.column.id") + ": " + id + "\n\n" +
                  FieldsText(lang, document.at("fields").as_object());
  if (const std::int64_t conflicts = NumberOf(document, "conflicts"); conflicts > 0)
    outcome.text += '\n' + i18n::TrCount(lang, "word.conflicts", conflicts) +
                    ": geflecht doc conflicts " + ShortId(id) + '\n';
  if (const std::int64_t waiting = NumberOf(document, "waiting_changes"); waiting > 0)
    outcome.text += '\n' + session.Say("cli.show.waiting", {{"n", std::to_string(waiting)}}) + '\n';
  if (const std::int64_t voids = NumberOf(document, "void_changes"); voids > 0)
    outcome.text += '\n' + session.Say("cli.show.void", {{"n", std::to_string(voids)}}) + '\n';
  outcome.keys = WithoutType(std::move(document));
  return outcome;
}

Result<Outcome> ShowVersion(Session& session, const std::string& typed, const std::string& at) {
  ASSIGN(const std::string id, DocumentIdOf(session, typed));
  ASSIGN(const std::string entry, EntryOf(session, id, at));
  ASSIGN(json::object document, session.Get("/api/v1/documents/" + id, {{"at", entry}}));
  Outcome outcome;
  outcome.text = session.Say("cli.column.id") + ": " + id + '\n' +
                 session.Say("cli.show.at", {{"entry", ShortId(entry)}}) + "\n\n" +
                 FieldsText(session.globals().lang, document.at("fields").as_object());
  outcome.keys = WithoutType(std::move(document));
  return outcome;
}

}  // namespace geflecht::cli
