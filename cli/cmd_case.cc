// geflecht case release
#include <algorithm>
#include <cctype>

#include "cli/case_guard.h"
#include "cli/display.h"
#include "cli/proposal_text.h"
#include "cli/session.h"
#include "node/governance/rule.h"

namespace geflecht::cli {
namespace {

namespace json = boost::json;

constexpr std::size_t kMarkDigits = 32;

// Proposes that a text which the case guard refused may be written.
Result<Outcome> Release(Session& session) {
  const std::string mark = session.arguments().Text("MARK");
  const bool digits = std::all_of(mark.begin(), mark.end(), [](unsigned char c) {
    return std::isdigit(c) != 0 || (c >= 'a' && c <= 'f');
  });
  if (mark.size() != kMarkDigits || !digits)
    return Fail(Code::kUsage, "no mark: " + Shown(mark), "hint.case-mark");
  const std::string reason = session.arguments().Text("reason");
  if (reason.empty()) return Fail(Code::kUsage, "no reason", "hint.case-reason");
  const json::object asked{{"matter", governance::kContent},
                           {"title", session.Say("cli.case.title")},
                           {"text", "case-guard " + mark + '\n' + reason}};
  ASSIGN(json::object answer, PostGuarded(session, "/api/v1/proposals", asked));
  Outcome outcome;
  outcome.text = ProposalText(session, answer) + '\n' + session.Say("cli.case.proposed") + '\n';
  outcome.keys = std::move(answer);
  return outcome;
}

}  // namespace

std::vector<Command> CaseCommands() {
  return {{{"case", "release"}, {{"MARK", "", true}, {"--reason", "TEXT", true}}, Release}};
}

}  // namespace geflecht::cli
