// geflecht network draft, join, members, leave
#include <algorithm>
#include <boost/json/array.hpp>

#include "base/limits.h"
#include "cli/display.h"
#include "cli/files.h"
#include "cli/follow_link.h"
#include "cli/ids.h"
#include "cli/network_terms.h"
#include "cli/rules_file.h"
#include "cli/session.h"
#include "cli/terminal.h"
#include "node/log/charter.h"
#include "node/log/name.h"

namespace geflecht::cli {
namespace {

namespace json = boost::json;

constexpr std::size_t kRulesFileBytesMax = 1024 * 1024;

struct Founders {
  json::array cards;
  std::vector<NamedOrg> orgs;
};

// Those of --founder and this organisation.
Result<Founders> FoundersOf(Session& session) {
  Founders founders;
  const auto add = [&](const log::Card& card) {
    NamedOrg org{card.org().Hex(), card.organisation};
    if (std::find(founders.orgs.begin(), founders.orgs.end(), org) == founders.orgs.end())
      founders.orgs.push_back(std::move(org));
  };
  for (const std::string& file : session.arguments().List("founder")) {
    ASSIGN(const Bytes bytes, ReadInput(file, limits::kCardBytesMax));
    const auto proven = log::ParseProvenCard(AsText(bytes));
    if (!proven)
      return Fail(proven.error().code, Shown(file) + ": " + proven.error().detail, "hint.no-card");
    founders.cards.push_back(json::string(AsText(bytes)));
    add(proven->card);
  }
  ASSIGN(const auto own, session.Get("/api/v1/card"));
  ASSIGN(const log::ProvenCard proven, log::ParseProvenCard(TextOf(own, "card")));
  add(proven.card);
  return founders;
}

Result<json::object> TermsOf(Session& session, const std::vector<NamedOrg>& founders) {
  const Arguments& arguments = session.arguments();
  json::object terms;
  if (arguments.Has("rules")) {
    ASSIGN(const Bytes bytes, ReadInput(arguments.Text("rules"), kRulesFileBytesMax));
    ASSIGN(terms, ReadRulesFile(AsText(bytes), founders));
  }
  if (arguments.Has("purpose")) terms["purpose"] = arguments.Text("purpose");
  return terms;
}

Result<Outcome> Draft(Session& session) {
  const auto name = log::ToName(session.arguments().Text("name"));
  if (!name) return Fail(Code::kUsage, name.error().detail, "hint.network-name");
  ASSIGN(Founders founders, FoundersOf(session));
  ASSIGN(json::object asked, TermsOf(session, founders.orgs));
  asked["name"] = *name;
  asked["cards"] = std::move(founders.cards);
  ASSIGN(json::object answer, session.Post("/api/v1/network/draft", asked));
  const std::string file = session.arguments().Text("o");
  Outcome outcome;
  ASSIGN(const log::Founding draft, log::ParseFounding(TextOf(answer, "draft")));
  outcome.text = TermsText(session, draft.text) + '\n' +
                 session.Say("cli.draft.done",
                             {{"file", Shown(file)}, {"network", TextOf(answer, "network")}}) +
                 '\n';
  TRY(session.WriteFile(file, TextOf(answer, "draft"), /*is_private=*/false, outcome));
  outcome.keys["network"] = TextOf(answer, "network");
  outcome.keys["founders"] = NumberOf(answer, "founders");
  outcome.keys["rules"] = answer.at("rules");
  return outcome;
}

Result<Outcome> Join(Session& session) {
  if (const std::string typed = session.arguments().Text("FOUNDING"); IsJoinLink(typed))
    return FollowLink(session, typed);
  ASSIGN(const Bytes bytes,
         ReadInput(session.arguments().Text("FOUNDING"), log::kFoundingBytesMax));
  ASSIGN(json::object answer,
         session.Post("/api/v1/network/join", {{"founding", AsText(bytes)},
                                               {"admitted", session.arguments().Has("admitted")}}));
  Outcome outcome;
  outcome.text =
      session.Say(
          session.arguments().Has("admitted") ? "cli.join.admitted" : "cli.join.done",
          {{"name", Shown(TextOf(answer, "name"))}, {"network", TextOf(answer, "network")}}) +
      '\n';
  outcome.keys = std::move(answer);
  return outcome;
}

// One organisation's line of the table, made of those of its devices.
struct MemberRow {
  std::string name, id, devices, roles;
  bool active = true, self = false;
};

std::vector<MemberRow> RowsOf(const json::array& members) {
  std::vector<MemberRow> rows;
  for (const Json& entry : members) {
    const json::object& member = entry.as_object();
    const std::string id = TextOf(member, "org");
    if (rows.empty() || rows.back().id != id)
      rows.push_back({TextOf(member, "organisation"), id, {}, {}, FlagOf(member, "active"), false});
    MemberRow& row = rows.back();
    row.devices += (row.devices.empty() ? "" : ", ") + ShortId(TextOf(member, "device"));
    row.self = row.self || FlagOf(member, "self");
    row.roles.clear();
    for (const Json& role : member.at("roles").as_array())
      row.roles += (row.roles.empty() ? "" : ", ") + std::string(role.as_string());
  }
  return rows;
}

Result<Outcome> Members(Session& session) {
  ASSIGN(json::object answer, session.Get("/api/v1/network/members"));
  Listing listing;
  listing.Add(session.Say("cli.column.network"), TextOf(answer, "name"));
  listing.Add(session.Say("cli.column.network-id"), TextOf(answer, "network"));
  Table table({session.Say("cli.column.organisation"), session.Say("cli.column.id"),
               session.Say("cli.column.state"), session.Say("cli.column.devices"),
               session.Say("cli.column.roles"), ""});
  for (const MemberRow& row : RowsOf(answer.at("members").as_array()))
    table.Add({row.name, ShortId(row.id),
               session.Say(row.active ? "cli.members.active" : "cli.members.inactive"), row.devices,
               row.roles, row.self ? session.Say("cli.members.self") : ""});
  for (const Json& former : answer.at("former").as_array())
    table.Add({TextOf(former.as_object(), "organisation"),
               ShortId(TextOf(former.as_object(), "org")), session.Say("cli.members.former"), "",
               "", ""});
  Outcome outcome;
  outcome.text = listing.Text() + '\n' + table.Text();
  outcome.keys = std::move(answer);
  return outcome;
}

Result<Outcome> Acknowledge(Session& session) {
  ASSIGN(json::object answer, session.Post("/api/v1/network/acknowledge", {}));
  Outcome outcome;
  outcome.text = session.Say("cli.acknowledge.done",
                             {{"version", std::to_string(NumberOf(answer, "version"))}}) +
                 '\n';
  outcome.keys = std::move(answer);
  return outcome;
}

Result<Outcome> Seal(Session& session) {
  ASSIGN(json::object answer, session.Post("/api/v1/network/seal", {}));
  Outcome outcome;
  outcome.text = session.Say("cli.seal.done", {{"name", Shown(TextOf(answer, "name"))}}) + '\n';
  outcome.keys = std::move(answer);
  return outcome;
}

Result<Outcome> Leave(Session& session) {
  ASSIGN(const auto members, session.Get("/api/v1/network/members"));
  if (!session.globals().yes) {
    if (session.globals().json || !HasTerminal())
      return Fail(Code::kUsage, "leaving has to be confirmed", "hint.leave-confirm");
    ASSIGN(const bool sure,
           AskYesNo(session.Say("cli.ask.leave", {{"name", Shown(TextOf(members, "name"))}})));
    if (!sure) return Fail(Code::kNotPermitted, "nobody left", "hint.not-left");
  }
  ASSIGN(json::object answer, session.Post("/api/v1/network/leave", {}));
  Outcome outcome;
  outcome.text = session.Say("cli.leave.done", {{"name", Shown(TextOf(answer, "name"))}}) + '\n';
  outcome.keys = std::move(answer);
  return outcome;
}

}  // namespace

std::vector<Command> NetworkCommands() {
  return {{{"network", "draft"},
           {{"--name", "NAME", true},
            {"--founder", "CARD...", true, Takes::kMany},
            {"--purpose", "TEXT"},
            {"--rules", "FILE"},
            {"-o", "FILE", true}},
           Draft},
          {{"network", "join"},
           {{"FOUNDING", "", true}, {"--admitted", "", false, Takes::kNothing}},
           Join},
          {{"network", "members"}, {}, Members},
          {{"network", "rules"}, {}, RulesInForce},
          {{"network", "acknowledge"}, {}, Acknowledge},
          {{"network", "seal"}, {}, Seal},
          {{"network", "leave"}, {}, Leave}};
}

}  // namespace geflecht::cli
