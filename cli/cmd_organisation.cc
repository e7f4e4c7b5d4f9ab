// geflecht organisation list, show, set
#include <array>
#include <boost/json/array.hpp>
#include <utility>

#include "cli/case_guard.h"
#include "cli/display.h"
#include "cli/fields.h"
#include "cli/orgs.h"
#include "cli/session.h"

namespace geflecht::cli {
namespace {

namespace json = boost::json;

// Options of "organisation set" and the fields that they fill.
constexpr std::array<std::pair<std::string_view, std::string_view>, 16> kFields = {
    {{"law", "law_profile"},
     {"land", "land"},
     {"authority", "authority"},
     {"natural-person", "natural_person"},
     {"public-body", "public_body"},
     {"dpo", "dpo"},
     {"dpo-email", "dpo_email"},
     {"dpo-phone", "dpo_phone"},
     {"contact-point", "contact_point"},
     {"contact-email", "contact_email"},
     {"contact-phone", "contact_phone"},
     {"street", "street"},
     {"postal-code", "postal_code"},
     {"city", "city"},
     {"phone", "phone"},
     {"email", "email"}}};

std::string Text(const Session& session, const json::object& one) {
  std::string text = Shown(TextOf(one, "organisation")) + "\n\n";
  if (TextOf(one, "id").empty())
    return text +
           session.Say(FlagOf(one, "self") ? "cli.organisation.own-missing"
                                           : "cli.organisation.missing") +
           '\n';
  text += FieldsText(session.globals().lang, one.at("fields").as_object());
  if (const std::int64_t conflicts = NumberOf(one, "conflicts"); conflicts > 0)
    text += '\n' + i18n::TrCount(session.globals().lang, "word.conflicts", conflicts) +
            ": geflecht doc conflicts " + TextOf(one, "id").substr(0, 8) + '\n';
  if (const std::int64_t voids = NumberOf(one, "void_changes"); voids > 0)
    text += '\n' + session.Say("cli.show.void", {{"n", std::to_string(voids)}}) + '\n';
  if (!one.at("others").as_array().empty())
    text += '\n' + session.Say("cli.organisation.several") + '\n';
  return text;
}

Result<Outcome> List(Session& session) {
  ASSIGN(json::object answer, session.Get("/api/v1/organisations"));
  Table table({session.Say("cli.column.organisation"), session.Say("cli.column.law"),
               session.Say("cli.column.contact-point"), ""});
  for (const Json& item : answer.at("organisations").as_array()) {
    const json::object& one = item.as_object();
    const json::object& fields = one.at("fields").as_object();
    const std::string law = TextOf(fields, "law_profile");
    const bool doubtful = NumberOf(one, "conflicts") > 0 || !one.at("others").as_array().empty();
    table.Add({TextOf(one, "organisation"),
               law.empty() ? session.Say("cli.organisation.no-record")
                           : session.Say("value.law_profile." + law),
               TextOf(fields, "contact_point"), doubtful ? session.Say("cli.conflict-mark") : ""});
  }
  Outcome outcome;
  outcome.text = table.Text();
  outcome.keys = std::move(answer);
  return outcome;
}

Result<Outcome> Show(Session& session) {
  ASSIGN(const json::object answer, session.Get("/api/v1/organisations"));
  std::string id;
  if (session.arguments().Has("ORG")) {
    ASSIGN(const auto members, MembersOf(session));
    ASSIGN(const NamedOrg org, MatchOrg(session.arguments().Text("ORG"), members));
    id = org.id;
  }
  for (const Json& item : answer.at("organisations").as_array()) {
    const json::object& one = item.as_object();
    if (id.empty() ? !FlagOf(one, "self") : TextOf(one, "org") != id) continue;
    Outcome outcome;
    outcome.text = Text(session, one);
    outcome.keys = one;
    return outcome;
  }
  return Fail(Code::kNotFound, "no such organisation", "hint.org-unknown");
}

Result<Outcome> Set(Session& session) {
  json::object fields;
  for (const auto& [option, field] : kFields)
    if (session.arguments().Has(option)) fields[field] = session.arguments().Text(option);
  ASSIGN(json::object answer,
         PostGuarded(session, "/api/v1/organisations/own", {{"fields", std::move(fields)}}));
  Outcome outcome;
  outcome.text = Text(session, answer);
  outcome.keys = std::move(answer);
  return outcome;
}

}  // namespace

std::vector<Command> OrganisationCommands() {
  std::vector<Option> options;
  for (const auto& [option, field] : kFields) {
    const bool yes_no = field == "natural_person" || field == "public_body";
    options.push_back({"--" + std::string(option), yes_no ? "yes|no" : "TEXT"});
  }
  options.front().value = "PROFILE";
  return {{{"organisation", "list"}, {}, List},
          {{"organisation", "show"}, {{"ORG", ""}}, Show},
          {{"organisation", "set"}, std::move(options), Set}};
}

}  // namespace geflecht::cli
