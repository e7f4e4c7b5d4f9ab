// geflecht person add, list, end
#include <algorithm>
#include <boost/json/array.hpp>
#include <ctime>

#include "cli/case_guard.h"
#include "cli/display.h"
#include "cli/ids.h"
#include "cli/person_key.h"
#include "cli/session.h"
#include "node/domain/validate.h"
#include "node/governance/mandates.h"
#include "node/log/name.h"

namespace geflecht::cli {
namespace {

namespace json = boost::json;

// The first or the last day of a mandate.
Result<std::optional<governance::Day>> DayOption(const Session& session, std::string_view option) {
  if (!session.arguments().Has(option)) return std::optional<governance::Day>();
  const auto date = domain::ParseDate(session.arguments().Text(option));
  const auto day = date ? governance::ParseDay(*date) : std::nullopt;
  if (!day) return Fail(Code::kUsage, "no date: --" + std::string(option), "hint.date");
  return day;
}

Result<governance::MandateTerms> TermsOf(const Session& session) {
  governance::MandateTerms terms{session.arguments().Text("mandate"), {}, {}};
  if (!governance::IsMandateRole(terms.role))
    return Fail(Code::kUsage, "no mandate: " + Shown(terms.role), "hint.mandate-roles");
  ASSIGN(terms.from, DayOption(session, "from"));
  ASSIGN(terms.until, DayOption(session, "until"));
  if (terms.from && terms.until && *terms.until < *terms.from)
    return Fail(Code::kUsage, "--until lies in front of --from", "hint.date");
  return terms;
}

std::string PeriodText(const Session& session, const json::object& person) {
  const std::string from = TextOf(person, "from"), until = TextOf(person, "until");
  if (from.empty() && until.empty()) return session.Say("cli.person.unlimited");
  return (from.empty() ? "…" : from) + " – " + (until.empty() ? "…" : until);
}

std::string NameText(const Session& session, const json::object& person) {
  const std::string name = TextOf(person, "name");
  return name.empty() ? session.Say("cli.erased") : name;
}

Result<Outcome> ListPersons(Session& session) {
  ASSIGN(json::object answer, session.Get("/api/v1/persons"));
  const std::vector<std::string> here = PersonKeysHere(session);
  Table table({session.Say("cli.column.id"), session.Say("cli.column.name"),
               session.Say("cli.column.organisation"), session.Say("cli.column.mandate"),
               session.Say("cli.column.period"), session.Say("cli.column.state"), ""});
  json::array& persons = answer.at("persons").as_array();
  for (Json& item : persons) {
    json::object& person = item.as_object();
    const bool has_key = std::binary_search(here.begin(), here.end(), TextOf(person, "key"));
    person["key_here"] = has_key;
    table.Add({ShortId(TextOf(person, "mandate")), NameText(session, person),
               TextOf(person, "organisation"), session.Say("mandate." + TextOf(person, "role")),
               PeriodText(session, person), session.Say("mandate.state." + TextOf(person, "state")),
               has_key ? session.Say("cli.person.key-here") : ""});
  }
  Outcome outcome;
  outcome.text = persons.empty() ? session.Say("cli.person.none") + '\n' : table.Text();
  outcome.keys = std::move(answer);
  return outcome;
}

Result<Outcome> AddPerson(Session& session) {
  const Arguments& arguments = session.arguments();
  const auto name = log::ToLine(arguments.Text("name"), governance::kPersonNameBytesMax);
  if (!name) return Fail(Code::kUsage, name.error().detail, "hint.person-name");
  ASSIGN(const governance::MandateTerms terms, TermsOf(session));
  ASSIGN(const json::object members, session.Get("/api/v1/network/members"));
  governance::Statement statement;
  statement.act = governance::kActMandate;
  statement.value = governance::RenderMandateTerms(terms);
  statement.time_s = std::time(nullptr);
  const auto network = log::NetworkId::FromHexText(TextOf(members, "network"));
  for (const Json& item : members.at("members").as_array())
    if (FlagOf(item.as_object(), "self"))
      if (const auto org = log::OrgId::FromHexText(TextOf(item.as_object(), "org")))
        statement.org = *org;
  if (!network || statement.org.IsZero())
    return Fail(Code::kNotPermitted, "this device belongs to no member", "hint.no-member");
  statement.net = *network;
  const bool known = arguments.Has("key");
  std::string key_name;
  if (known) {
    ASSIGN(key_name, MatchId(arguments.Text("key"), PersonKeysHere(session)));
  }
  ASSIGN(const crypto::SigningKey key,
         known ? OpenPersonKey(session, key_name) : MakePersonKey(session));
  auto answer = PostGuarded(
      session, "/api/v1/persons",
      {{"name", *name},
       {"key", key.public_key().Hex()},
       {"statement", governance::RenderSigned(governance::SignStatement(statement, key))}});
  if (!answer) {
    if (!known) DropPersonKey(session, key.public_key());
    return tl::unexpected(answer.error());
  }
  Outcome outcome;
  outcome.text =
      session.Say("cli.person.added", {{"name", Shown(*name)},
                                       {"mandate", session.Say("mandate." + terms.role)},
                                       {"organisation", Shown(TextOf(*answer, "organisation"))}}) +
      '\n' + session.Say("cli.person.key-note") + '\n';
  outcome.keys = *std::move(answer);
  outcome.keys["key_here"] = true;
  return outcome;
}

Result<Outcome> EndPerson(Session& session) {
  ASSIGN(const json::object persons, session.Get("/api/v1/persons"));
  std::vector<std::string> own;
  for (const Json& item : persons.at("persons").as_array())
    if (FlagOf(item.as_object(), "own")) own.push_back(TextOf(item.as_object(), "mandate"));
  auto mandate = MatchId(session.arguments().Text("MANDATE"), own);
  if (!mandate && mandate.error().code == Code::kNotFound)
    return Fail(Code::kNotFound, mandate.error().detail, "hint.no-mandate");
  if (!mandate) return tl::unexpected(mandate.error());
  ASSIGN(json::object answer, session.Post("/api/v1/persons/" + *mandate + "/end", {}));
  Outcome outcome;
  outcome.text = session.Say("cli.person.ended",
                             {{"name", Shown(NameText(session, answer))},
                              {"mandate", session.Say("mandate." + TextOf(answer, "role"))}}) +
                 '\n';
  outcome.keys = std::move(answer);
  return outcome;
}

}  // namespace

std::vector<Command> PersonCommands() {
  return {{{"person", "add"},
           {{"--name", "NAME", true},
            {"--mandate", "sign|coordinate", true},
            {"--from", "DATE"},
            {"--until", "DATE"},
            {"--key", "KEY"},
            {"--no-passphrase", "", false, Takes::kNothing},
            {"--person-passphrase-file", "FILE"}},
           AddPerson},
          {{"person", "list"}, {}, ListPersons},
          {{"person", "end"}, {{"MANDATE", "", true}}, EndPerson}};
}

}  // namespace geflecht::cli
