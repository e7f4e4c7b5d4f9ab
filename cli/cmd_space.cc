// geflecht space new, list, show, change
#include <boost/json/array.hpp>
#include <ctime>

#include "cli/case_guard.h"
#include "cli/deadline.h"
#include "cli/display.h"
#include "cli/ids.h"
#include "cli/orgs.h"
#include "cli/proposal_text.h"
#include "cli/session.h"
#include "cli/spaces.h"
#include "node/governance/space.h"
#include "node/log/card.h"
#include "node/log/name.h"

namespace geflecht::cli {
namespace {

namespace json = boost::json;
using governance::ChangeSpace;
using governance::Seat;

std::string Names(const json::array& orgs) {
  std::string names;
  for (const Json& item : orgs) {
    if (!names.empty()) names += ", ";
    names += TextOf(item.as_object(), "organisation");
  }
  return names;
}

std::string NameOf(const Session& session, const json::object& space) {
  return TextOf(space, "kind") == "network" ? session.Say("cli.space.network")
                                            : TextOf(space, "name");
}

Result<Outcome> ListSpaces(Session& session) {
  ASSIGN(json::object answer, session.Get("/api/v1/spaces"));
  Table table({session.Say("cli.column.id"), session.Say("cli.space.name"),
               session.Say("cli.space.kind"), session.Say("cli.space.members"),
               session.Say("cli.space.seat")});
  for (const Json& item : answer.at("spaces").as_array()) {
    const json::object& space = item.as_object();
    table.Add({ShortId(TextOf(space, "id")), NameOf(session, space),
               session.Say("space.kind." + TextOf(space, "kind")),
               std::to_string(space.at("members").as_array().size()),
               session.Say("space.seat." + TextOf(space, "seat"))});
  }
  Outcome outcome;
  outcome.text = table.Text();
  outcome.keys = std::move(answer);
  return outcome;
}

Result<Outcome> ShowSpace(Session& session) {
  ASSIGN(const std::string id, SpaceIdOf(session, session.arguments().Text("SPACE")));
  ASSIGN(const json::object answer, session.Get("/api/v1/spaces"));
  for (const Json& item : answer.at("spaces").as_array()) {
    const json::object& space = item.as_object();
    if (TextOf(space, "id") != id) continue;
    std::string observers;
    for (const Json& one : space.at("observers").as_array()) {
      if (!observers.empty()) observers += ", ";
      observers += session.Say("cli.space.until",
                               {{"organisation", Shown(TextOf(one.as_object(), "organisation"))},
                                {"day", TextOf(one.as_object(), "until")}});
    }
    Listing listing;
    listing.Add(session.Say("cli.space.name"), Shown(NameOf(session, space)));
    listing.Add(session.Say("cli.space.kind"), session.Say("space.kind." + TextOf(space, "kind")));
    listing.Add(session.Say("cli.space.members"), Shown(Names(space.at("members").as_array())));
    if (!observers.empty()) listing.Add(session.Say("cli.space.observers"), observers);
    listing.Add(session.Say("cli.space.seat"), session.Say("space.seat." + TextOf(space, "seat")));
    listing.Add(session.Say("cli.column.id"), id);
    Outcome outcome;
    outcome.text = listing.Text();
    outcome.keys = space;
    return outcome;
  }
  return Fail(Code::kNotFound, "no such space", "hint.no-space");
}

// "ORG=DATE".
Result<Seat> ObserverOf(std::string_view typed, const std::vector<NamedOrg>& members) {
  const std::size_t at = typed.rfind('=');
  const auto day =
      at == std::string_view::npos ? std::nullopt : governance::ParseDay(typed.substr(at + 1));
  if (!day) return Fail(Code::kUsage, "no observer: " + Shown(typed), "hint.space-observer");
  ASSIGN(const NamedOrg org, MatchOrg(typed.substr(0, at), members));
  return Seat{*log::OrgId::FromHexText(org.id), day, true};
}

Result<void> TakeSeats(Session& session, std::string_view option, bool give,
                       const std::vector<NamedOrg>& members, std::vector<Seat>& seats) {
  for (const std::string& typed : session.arguments().List(option)) {
    ASSIGN(const NamedOrg org, MatchOrg(typed, members));
    const Seat seat{*log::OrgId::FromHexText(org.id), std::nullopt, give};
    if (std::find(seats.begin(), seats.end(), seat) == seats.end()) seats.push_back(seat);
  }
  return {};
}

Result<Outcome> Propose(Session& session, const std::string& subject, const ChangeSpace& change,
                        std::string title) {
  const Arguments& arguments = session.arguments();
  const std::string value = governance::RenderSpace(change);
  if (const auto fits = governance::ParseSpace(subject, value); !fits)
    return Fail(Code::kUsage, fits.error().detail, "hint.space-form");
  if (arguments.Has("title")) title = arguments.Text("title");
  json::object asked{
      {"matter", governance::kSpace}, {"title", title}, {"subject", subject}, {"value", value}};
  if (arguments.Has("deadline")) {
    ASSIGN(asked["deadline"], DeadlineFrom(arguments.Text("deadline"), std::time(nullptr)));
  }
  ASSIGN(json::object answer, PostGuarded(session, "/api/v1/proposals", asked));
  Outcome outcome;
  outcome.text = ProposalText(session, answer) + '\n' + session.Say("cli.proposal.done") + '\n';
  outcome.keys = std::move(answer);
  return outcome;
}

Result<Outcome> NewSpace(Session& session) {
  const Arguments& arguments = session.arguments();
  ChangeSpace change;
  const auto kind = governance::SpaceKindOf(arguments.Text("kind"));
  if (!kind)
    return Fail(Code::kUsage, "no kind: " + Shown(arguments.Text("kind")), "hint.space-kind");
  change.kind = *kind;
  auto name = log::ToLine(arguments.Text("name"), governance::kSpaceNameBytesMax);
  if (!name) return Fail(Code::kUsage, name.error().detail, "hint.space-name");
  change.name = *std::move(name);
  ASSIGN(const auto members, MembersOf(session));
  // Whoever proposes a space belongs to it.
  ASSIGN(const json::object own, session.Get("/api/v1/card"));
  ASSIGN(const log::ProvenCard card, log::ParseProvenCard(TextOf(own, "card")));
  for (const NamedOrg& org : members)
    if (org.id == card.card.org().Hex()) change.seats.push_back({card.card.org(), {}, true});
  TRY(TakeSeats(session, "member", /*give=*/true, members, change.seats));
  for (const std::string& typed : arguments.List("observer")) {
    ASSIGN(Seat seat, ObserverOf(typed, members));
    change.seats.push_back(std::move(seat));
  }
  const std::string title = session.Say("cli.space.title-new", {{"name", change.name}});
  return Propose(session, std::string(governance::kNewSpace), change, title);
}

Result<Outcome> ChangeOfSpace(Session& session) {
  const Arguments& arguments = session.arguments();
  ASSIGN(const std::string id, SpaceIdOf(session, arguments.Text("SPACE")));
  ASSIGN(const json::object answer, session.Get("/api/v1/spaces"));
  ASSIGN(const auto members, MembersOf(session));
  ChangeSpace change;
  change.space = log::SpaceId::FromHexText(id);
  TRY(TakeSeats(session, "member", /*give=*/true, members, change.seats));
  TRY(TakeSeats(session, "without", /*give=*/false, members, change.seats));
  std::string name;
  std::vector<Seat> observing;
  for (const Json& item : answer.at("spaces").as_array()) {
    const json::object& space = item.as_object();
    if (TextOf(space, "id") != id) continue;
    name = NameOf(session, space);
    for (const Json& one : space.at("observers").as_array())
      observing.push_back({*log::OrgId::FromHexText(TextOf(one.as_object(), "org")),
                           governance::ParseDay(TextOf(one.as_object(), "until")), false});
  }
  for (const std::string& typed : arguments.List("observer")) {
    ASSIGN(Seat seat, ObserverOf(typed, members));
    change.seats.push_back(std::move(seat));
  }
  for (const std::string& typed : arguments.List("end-observer")) {
    ASSIGN(const NamedOrg org, MatchOrg(typed, members));
    for (const Seat& seat : observing)
      if (seat.org.Hex() == org.id) change.seats.push_back(seat);
  }
  const std::string title = session.Say("cli.space.title-change", {{"name", name}});
  return Propose(session, id, change, title);
}

}  // namespace

std::vector<Command> SpaceCommands() {
  return {{{"space", "new"},
           {{"--name", "NAME", true},
            {"--kind", "KIND", true},
            {"--member", "ORG", false, Takes::kMany},
            {"--observer", "ORG=DATE", false, Takes::kMany},
            {"--title", "TITLE"},
            {"--deadline", "DATE|DAYS"}},
           NewSpace},
          {{"space", "list"}, {}, ListSpaces},
          {{"space", "show"}, {{"SPACE", "", true}}, ShowSpace},
          {{"space", "change"},
           {{"SPACE", "", true},
            {"--member", "ORG", false, Takes::kMany},
            {"--without", "ORG", false, Takes::kMany},
            {"--observer", "ORG=DATE", false, Takes::kMany},
            {"--end-observer", "ORG", false, Takes::kMany},
            {"--title", "TITLE"},
            {"--deadline", "DATE|DAYS"}},
           ChangeOfSpace}};
}

}  // namespace geflecht::cli
