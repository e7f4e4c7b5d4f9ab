// geflecht network draft, join, members
#include <boost/json/array.hpp>

#include "base/limits.h"
#include "cli/display.h"
#include "cli/files.h"
#include "cli/ids.h"
#include "cli/session.h"
#include "node/log/charter.h"
#include "node/log/name.h"

namespace geflecht::cli {
namespace {

namespace json = boost::json;

Result<Outcome> Draft(Session& session) {
  const auto name = log::ToName(session.arguments().Text("name"));
  if (!name) return Fail(Code::kUsage, name.error().detail, "hint.network-name");
  json::array cards;
  for (const std::string& file : session.arguments().List("founder")) {
    ASSIGN(const Bytes bytes, ReadInput(file, limits::kCardBytesMax));
    const auto card = log::ParseProvenCard(AsText(bytes));
    if (!card)
      return Fail(card.error().code, Shown(file) + ": " + card.error().detail, "hint.no-card");
    cards.push_back(json::string(AsText(bytes)));
  }
  ASSIGN(json::object answer,
         session.Post("/api/v1/network/draft", {{"name", *name}, {"cards", std::move(cards)}}));
  const std::string file = session.arguments().Text("o");
  Outcome outcome;
  outcome.text = session.Say("cli.draft.done",
                             {{"file", Shown(file)}, {"network", TextOf(answer, "network")}}) +
                 '\n';
  TRY(session.WriteFile(file, TextOf(answer, "draft"), /*is_private=*/false, outcome));
  outcome.keys["network"] = TextOf(answer, "network");
  outcome.keys["founders"] = NumberOf(answer, "founders");
  return outcome;
}

Result<Outcome> Join(Session& session) {
  ASSIGN(const Bytes bytes,
         ReadInput(session.arguments().Text("FOUNDING"), log::kFoundingBytesMax));
  ASSIGN(json::object answer, session.Post("/api/v1/network/join", {{"founding", AsText(bytes)}}));
  Outcome outcome;
  outcome.text = session.Say("cli.join.done", {{"name", Shown(TextOf(answer, "name"))},
                                               {"network", TextOf(answer, "network")}}) +
                 '\n';
  outcome.keys = std::move(answer);
  return outcome;
}

Result<Outcome> Members(Session& session) {
  ASSIGN(json::object answer, session.Get("/api/v1/network/members"));
  Listing listing;
  listing.Add(session.Say("cli.column.network"), TextOf(answer, "name"));
  listing.Add(session.Say("cli.column.network-id"), TextOf(answer, "network"));
  Table table({session.Say("cli.column.organisation"), session.Say("cli.column.id"), ""});
  for (const Json& entry : answer.at("members").as_array()) {
    const json::object& member = entry.as_object();
    table.Add({TextOf(member, "organisation"), ShortId(TextOf(member, "org")),
               FlagOf(member, "self") ? session.Say("cli.members.self") : ""});
  }
  Outcome outcome;
  outcome.text = listing.Text() + '\n' + table.Text();
  outcome.keys = std::move(answer);
  return outcome;
}

}  // namespace

std::vector<Command> NetworkCommands() {
  return {{{"network", "draft"},
           {{"--name", "NAME", true},
            {"--founder", "CARD...", true, Takes::kMany},
            {"-o", "FILE", true}},
           Draft},
          {{"network", "join"}, {{"FOUNDING", "", true}}, Join},
          {{"network", "members"}, {}, Members}};
}

}  // namespace geflecht::cli
