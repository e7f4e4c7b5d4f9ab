// geflecht proposal list, show
#include <boost/json/array.hpp>

#include "cli/display.h"
#include "cli/ids.h"
#include "cli/proposal_text.h"
#include "cli/session.h"

namespace geflecht::cli {
namespace {

namespace json = boost::json;

std::string DeadlineCell(const Session& session, const json::object& proposal) {
  const std::string deadline = TextOf(proposal, "deadline");
  if (deadline.empty()) return {};
  const std::string time = ShownTime(session.globals().lang, deadline);
  return FlagOf(proposal, "deadline_passed")
             ? session.Say("cli.proposal.deadline-passed", {{"time", time}})
             : time;
}

std::string OwnCell(const Session& session, const json::object& proposal) {
  const std::string own = TextOf(proposal, "own");
  return own.empty() ? std::string() : PositionWords(session, own);
}

Result<Outcome> ListProposals(Session& session) {
  const Arguments& arguments = session.arguments();
  if (arguments.Has("open") && arguments.Has("decided"))
    return Fail(Code::kUsage, "--open or --decided", "hint.open-or-decided");
  Query query;
  if (arguments.Has("open")) query["status"] = "open";
  if (arguments.Has("decided")) query["status"] = "decided";
  if (arguments.Has("mine")) query["mine"] = "1";
  ASSIGN(json::object answer, session.Get("/api/v1/proposals", std::move(query)));
  Table table({session.Say("cli.column.id"), session.Say("cli.column.title"),
               session.Say("cli.column.subject"), session.Say("cli.column.state"),
               session.Say("cli.column.count"), session.Say("cli.column.own-vote"),
               session.Say("cli.column.deadline")});
  const json::array& proposals = answer.at("proposals").as_array();
  for (const Json& item : proposals) {
    const json::object& proposal = item.as_object();
    table.Add({ShortId(TextOf(proposal, "id")), TextOf(proposal, "title"),
               SubjectWords(session, proposal, /*with_id=*/false), StatusWords(session, proposal),
               CountText(session, proposal), OwnCell(session, proposal),
               DeadlineCell(session, proposal)});
  }
  Outcome outcome;
  outcome.text = proposals.empty() ? session.Say("cli.proposal.none") + '\n' : table.Text();
  outcome.keys = std::move(answer);
  return outcome;
}

Result<Outcome> ShowProposal(Session& session) {
  ASSIGN(const std::string id, ProposalIdOf(session, session.arguments().Text("ID")));
  ASSIGN(json::object answer, session.Get("/api/v1/proposals/" + id));
  Outcome outcome;
  outcome.text = ProposalText(session, answer);
  outcome.keys = std::move(answer);
  return outcome;
}

}  // namespace

std::vector<Command> ProposalListCommands() {
  return {{{"proposal", "list"},
           {{"--open", "", false, Takes::kNothing},
            {"--decided", "", false, Takes::kNothing},
            {"--mine", "", false, Takes::kNothing}},
           ListProposals},
          {{"proposal", "show"}, {{"ID", "", true}}, ShowProposal}};
}

}  // namespace geflecht::cli
