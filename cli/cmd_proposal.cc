// geflecht proposal new, vote, comment, enact
#include <array>
#include <boost/json/object.hpp>
#include <ctime>
#include <utility>

#include "base/limits.h"
#include "cli/deadline.h"
#include "cli/display.h"
#include "cli/files.h"
#include "cli/ids.h"
#include "cli/orgs.h"
#include "cli/proposal_text.h"
#include "cli/rule_text.h"
#include "cli/session.h"
#include "node/governance/bodies.h"
#include "node/log/card.h"

namespace geflecht::cli {
namespace {

namespace json = boost::json;

constexpr std::array<std::pair<std::string_view, std::string_view>, 9> kPositionWords{
    {{"yes", "yes"},
     {"no", "no"},
     {"abstain", "abstain"},
     {"objection", "objection"},
     {"ja", "yes"},
     {"nein", "no"},
     {"enthaltung", "abstain"},
     {"einwand", "objection"},
     {"einspruch", "objection"}}};

Result<std::string> TextOfFile(Session& session, std::string_view option) {
  const std::string file = session.arguments().Text(option);
  if (file.empty()) return std::string();
  ASSIGN(const Bytes bytes, ReadInput(file, governance::kTextBytesMax));
  return std::string(AsText(bytes));
}

// --card, and whose it is: --subject, or the member with that root key, or by the card itself.
Result<void> AddCard(Session& session, bool is_member, json::object& asked) {
  const Arguments& arguments = session.arguments();
  if (!arguments.Has("card"))
    return Fail(Code::kUsage, "the matter needs --card", "hint.proposal-card");
  const std::string file = arguments.Text("card");
  ASSIGN(const Bytes bytes, ReadInput(file, limits::kCardBytesMax));
  const auto proven = log::ParseProvenCard(AsText(bytes));
  if (!proven)
    return Fail(proven.error().code, Shown(file) + ": " + proven.error().detail, "hint.no-card");
  asked["value"] = AsText(bytes);
  if (is_member || arguments.Has("subject")) {
    ASSIGN(const auto members, MembersOf(session));
    ASSIGN(const NamedOrg org, MatchOrg(arguments.Text("subject"), members));
    asked["subject"] = org.id;
    return {};
  }
  asked["subject"] = proven->card.org().Hex();
  ASSIGN(const auto answer, session.Get("/api/v1/network/members"));
  for (const Json& member : answer.at("members").as_array())
    if (TextOf(member.as_object(), "root_key") == proven->card.root_key.Hex())
      asked["subject"] = TextOf(member.as_object(), "org");
  return {};
}

// What --points, --review, --supersedes, --recommendation and --meeting say; whether the rules are
// changed in words.
Result<bool> AddTerms(Session& session, json::object& asked) {
  const Arguments& arguments = session.arguments();
  if (arguments.Has("recommendation")) asked["recommendation"] = true;
  if (arguments.Has("supersedes")) {
    ASSIGN(asked["supersedes"], ProposalIdOf(session, arguments.Text("supersedes")));
  }
  if (arguments.Has("meeting")) {
    ASSIGN(asked["meeting"], DocumentIdOf(session, arguments.Text("meeting")));
  }
  if (arguments.Has("review")) asked["review"] = arguments.Text("review");
  if (!arguments.Has("points")) return arguments.Has("review") && !arguments.Has("value");
  if (arguments.Has("text")) return Fail(Code::kUsage, "--points or --text", "hint.points-or-text");
  asked["points"] = true;
  ASSIGN(asked["text"], TextOfFile(session, "points"));
  return true;
}

// Subject and value, as the matter needs them.
Result<void> AddSubject(Session& session, const std::string& matter, json::object& asked) {
  const Arguments& arguments = session.arguments();
  if (matter == governance::kAdmit) return AddCard(session, /*is_member=*/false, asked);
  const bool about_member = matter == governance::kRemove || matter == governance::kInactive ||
                            matter == governance::kRole || matter == governance::kRekey;
  if ((about_member || matter == governance::kRule) && !arguments.Has("subject"))
    return Fail(Code::kUsage, "the matter needs --subject", "hint.proposal-subject");
  if (matter == governance::kRekey) return AddCard(session, /*is_member=*/true, asked);
  if (arguments.Has("card"))
    return Fail(Code::kUsage, "the matter takes no --card", "hint.proposal-form");
  const bool has_value = matter == governance::kRole || matter == governance::kRule;
  if (has_value && !arguments.Has("value"))
    return Fail(Code::kUsage, "the matter needs --value", "hint.proposal-value");
  asked["subject"] = arguments.Text("subject");
  asked["value"] = arguments.Text("value");
  if (!about_member && matter != governance::kRule) return {};
  ASSIGN(const auto members, MembersOf(session));
  if (about_member) {
    ASSIGN(const NamedOrg org, MatchOrg(arguments.Text("subject"), members));
    asked["subject"] = org.id;
    return {};
  }
  ASSIGN(const governance::Rule rule, RuleFrom(arguments.Text("value"), members));
  asked["value"] = governance::RenderRule(rule);
  return {};
}

Result<Outcome> NewProposal(Session& session) {
  const Arguments& arguments = session.arguments();
  const std::string matter = arguments.Text("matter");
  if (!governance::IsMatter(matter) || matter == governance::kEveryMatter)
    return Fail(Code::kUsage, "no matter: " + Shown(matter), "hint.matter");
  json::object asked{{"matter", matter}, {"title", arguments.Text("title")}};
  if (arguments.Has("deadline")) {
    ASSIGN(asked["deadline"], DeadlineFrom(arguments.Text("deadline"), std::time(nullptr)));
  }
  ASSIGN(asked["text"], TextOfFile(session, "text"));
  ASSIGN(const bool in_words, AddTerms(session, asked));
  if (!in_words) TRY(AddSubject(session, matter, asked));
  ASSIGN(asked["note"], TextOfFile(session, "note"));
  ASSIGN(json::object answer, session.Post("/api/v1/proposals", asked));
  Outcome outcome;
  outcome.text = ProposalText(session, answer) + '\n' + session.Say("cli.proposal.done") + '\n';
  outcome.keys = std::move(answer);
  return outcome;
}

Result<Outcome> Vote(Session& session) {
  const Arguments& arguments = session.arguments();
  std::string_view position;
  for (const auto& [word, name] : kPositionWords)
    if (word == arguments.Text("POSITION")) position = name;
  if (position.empty())
    return Fail(Code::kUsage, "no position: " + Shown(arguments.Text("POSITION")),
                "hint.positions");
  ASSIGN(const std::string id, ProposalIdOf(session, arguments.Text("ID")));
  ASSIGN(json::object answer,
         session.Post("/api/v1/proposals/" + id + "/votes",
                      {{"position", position}, {"reason", arguments.Text("reason")}}));
  Outcome outcome;
  outcome.text = session.Say("cli.vote.done", {{"title", Shown(TextOf(answer, "title"))},
                                               {"position", PositionWords(session, position)}}) +
                 '\n' + CountText(session, answer) + '\n';
  outcome.keys = std::move(answer);
  return outcome;
}

Result<Outcome> Comment(Session& session) {
  const Arguments& arguments = session.arguments();
  ASSIGN(const std::string id, ProposalIdOf(session, arguments.Text("ID")));
  ASSIGN(json::object answer,
         session.Post("/api/v1/proposals/" + id + "/comments", {{"text", arguments.Text("TEXT")}}));
  Outcome outcome;
  outcome.text =
      session.Say("cli.comment.done", {{"title", Shown(TextOf(answer, "title"))}}) + '\n';
  outcome.keys = std::move(answer);
  return outcome;
}

Result<Outcome> Enact(Session& session) {
  ASSIGN(const std::string id, ProposalIdOf(session, session.arguments().Text("ID")));
  ASSIGN(json::object answer, session.Post("/api/v1/proposals/" + id + "/enact", {}));
  Outcome outcome;
  outcome.text = session.Say("cli.enact.done", {{"title", Shown(TextOf(answer, "title"))},
                                                {"status", StatusWords(session, answer)}}) +
                 '\n';
  outcome.keys = std::move(answer);
  return outcome;
}

}  // namespace

std::vector<Command> ProposalCommands() {
  return {{{"proposal", "new"},
           {{"--matter", "MATTER", true},
            {"--title", "TITLE", true},
            {"--subject", "ORG|MATTER"},
            {"--value", "VALUE"},
            {"--card", "FILE"},
            {"--deadline", "DATE|DAYS"},
            {"--text", "FILE"},
            {"--note", "FILE"},
            {"--points", "FILE"},
            {"--review", "DATE"},
            {"--recommendation", "", false, Takes::kNothing},
            {"--supersedes", "ID"},
            {"--meeting", "ID"}},
           NewProposal},
          {{"proposal", "vote"},
           {{"ID", "", true}, {"POSITION", "", true}, {"--reason", "TEXT"}},
           Vote},
          {{"proposal", "comment"}, {{"ID", "", true}, {"TEXT", "", true}}, Comment},
          {{"proposal", "enact"}, {{"ID", "", true}}, Enact}};
}

}  // namespace geflecht::cli
