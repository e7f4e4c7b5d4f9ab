// geflecht network invite, network invite list, admit, withdraw
#include <algorithm>
#include <boost/json/array.hpp>
#include <ctime>

#include "cli/deadline.h"
#include "cli/display.h"
#include "cli/ids.h"
#include "cli/number.h"
#include "cli/proposal_text.h"
#include "cli/qr_code.h"
#include "cli/session.h"
#include "node/log/card.h"

namespace geflecht::cli {
namespace {

namespace json = boost::json;

constexpr std::int64_t kDayS = 24 * 3600;
constexpr std::int64_t kValidDaysDefault = 14;
constexpr std::int64_t kValidDaysMax = 90;

// "14" or "14d": days.
Result<std::int64_t> ValidSeconds(const Session& session) {
  std::string typed = session.arguments().Text("valid");
  if (typed.empty()) return kValidDaysDefault * kDayS;
  if (typed.ends_with('d')) typed.pop_back();
  const auto days = ParseNumber("--valid", typed, 1, kValidDaysMax);
  if (!days) return Fail(Code::kUsage, days.error().detail, "hint.invitation-valid");
  return *days * kDayS;
}

Result<Outcome> Invite(Session& session) {
  json::array addresses;
  for (const std::string& address : session.arguments().List("address"))
    addresses.push_back(json::string(address));
  ASSIGN(const std::int64_t valid_s, ValidSeconds(session));
  ASSIGN(json::object answer,
         session.Post("/api/v1/network/invitations",
                      {{"valid_s", valid_s}, {"addresses", std::move(addresses)}}));
  const std::string link = TextOf(answer, "link");
  Outcome outcome;
  ASSIGN(const std::string code, QrForTerminal(link));
  outcome.text =
      code + '\n' + link + "\n\n" +
      session.Say("cli.invite.done",
                  {{"id", ShortId(TextOf(answer, "id"))},
                   {"expires", ShownTime(session.globals().lang, TextOf(answer, "expires"))}}) +
      '\n';
  outcome.keys = std::move(answer);
  if (session.arguments().Has("o")) {
    ASSIGN(const std::string svg, QrAsSvg(link));
    TRY(session.WriteFile(session.arguments().Text("o"), svg, /*is_private=*/true, outcome));
  }
  return outcome;
}

Result<Outcome> ListInvitations(Session& session) {
  ASSIGN(json::object answer, session.Get("/api/v1/network/invitations"));
  Table table({session.Say("cli.column.id"), session.Say("cli.column.state"),
               session.Say("cli.column.organisation"), session.Say("cli.column.expires")});
  for (const Json& item : answer.at("invitations").as_array()) {
    const json::object& invitation = item.as_object();
    table.Add({ShortId(TextOf(invitation, "id")),
               session.Say("cli.invitation." + TextOf(invitation, "state")),
               TextOf(invitation, "organisation"),
               ShownTime(session.globals().lang, TextOf(invitation, "expires"))});
  }
  Outcome outcome;
  outcome.text = answer.at("invitations").as_array().empty()
                     ? session.Say("cli.invitation.none") + '\n'
                     : table.Text();
  outcome.keys = std::move(answer);
  return outcome;
}

Result<std::string> InvitationIdOf(Session& session) {
  ASSIGN(const auto answer, session.Get("/api/v1/network/invitations"));
  std::vector<std::string> ids;
  for (const Json& item : answer.at("invitations").as_array())
    ids.push_back(TextOf(item.as_object(), "id"));
  auto id = MatchId(session.arguments().Text("ID"), ids);
  if (!id && id.error().code == Code::kNotFound)
    return Fail(Code::kNotFound, id.error().detail, "hint.no-invitation");
  return id;
}

Result<Outcome> Withdraw(Session& session) {
  ASSIGN(const std::string id, InvitationIdOf(session));
  ASSIGN(json::object answer, session.Post("/api/v1/network/invitations/" + id + "/withdraw", {}));
  Outcome outcome;
  outcome.text = session.Say("cli.invitation.withdrawn", {{"id", ShortId(id)}}) + '\n';
  outcome.keys = std::move(answer);
  return outcome;
}

// The proposal to admit the one who used the invitation, once its digits were heard.
Result<Outcome> AdmitInvited(Session& session) {
  const Arguments& arguments = session.arguments();
  ASSIGN(const std::string id, InvitationIdOf(session));
  std::string digits;
  for (const std::string& group : arguments.List("DIGITS")) digits += group;
  ASSIGN(const auto same,
         session.Post("/api/v1/network/invitations/" + id + "/compare", {{"digits", digits}}));
  ASSIGN(const log::ProvenCard proven, log::ParseProvenCard(TextOf(same, "card")));
  const std::string name = proven.card.organisation;
  json::object asked{
      {"matter", "admit"},
      {"subject", TextOf(same, "org")},
      {"value", TextOf(same, "card")},
      {"title", arguments.Has("title") ? arguments.Text("title")
                                       : session.Say("cli.invitation.title", {{"name", name}})}};
  if (arguments.Has("deadline")) {
    ASSIGN(asked["deadline"], DeadlineFrom(arguments.Text("deadline"), std::time(nullptr)));
  }
  // A re-keyed organisation keeps its id.
  ASSIGN(const auto members, session.Get("/api/v1/network/members"));
  for (const Json& member : members.at("members").as_array())
    if (TextOf(member.as_object(), "root_key") == proven.card.root_key.Hex())
      asked["subject"] = TextOf(member.as_object(), "org");
  ASSIGN(json::object answer, session.Post("/api/v1/proposals", asked));
  Outcome outcome;
  outcome.text = ProposalText(session, answer) + '\n' + session.Say("cli.proposal.done") + '\n';
  outcome.keys = std::move(answer);
  return outcome;
}

}  // namespace

std::vector<Command> InvitationCommands() {
  return {
      {{"network", "invite"},
       {{"--valid", "DAYS"}, {"--address", "HOST:PORT", false, Takes::kMany}, {"-o", "FILE.svg"}},
       Invite},
      {{"network", "invite", "list"}, {}, ListInvitations},
      {{"network", "invite", "admit"},
       {{"ID", "", true},
        {"DIGITS", "", true, Takes::kMany},
        {"--title", "TITLE"},
        {"--deadline", "DATE|DAYS"}},
       AdmitInvited},
      {{"network", "invite", "withdraw"}, {{"ID", "", true}}, Withdraw}};
}

}  // namespace geflecht::cli
