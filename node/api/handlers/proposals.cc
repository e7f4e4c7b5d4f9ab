// /api/v1/proposals: what is to be decided, votes, comments, certificates.
#include <algorithm>
#include <boost/json/array.hpp>
#include <boost/json/object.hpp>

#include "node/api/context.h"
#include "node/api/handlers/proposal_json.h"
#include "node/api/handlers/proposal_standing.h"
#include "node/governance/kinds.h"
#include "node/governance/read_entry.h"
#include "node/log/header.h"
#include "node/log/name.h"

namespace geflecht::api {
namespace {

using boost::json::array;
using boost::json::object;

// A member that may be missing: "" then.
Result<std::string> OptionalText(const object& body, std::string_view key) {
  const Json* value = body.if_contains(key);
  if (value == nullptr || value->is_null()) return std::string();
  return TextMember(body, key);
}

// Text of several lines as it was typed.
Result<std::string> TypedText(const object& body, std::string_view key) {
  ASSIGN(const std::string typed, OptionalText(body, key));
  if (typed.size() > governance::kTextBytesMax)
    return Fail(Code::kTooLarge, "a text has more than 64 KiB", "hint.proposal-text");
  auto text = log::ToText(typed, governance::kTextBytesMax);
  if (!text) return Fail(Code::kUsage, text.error().detail, "hint.proposal-text");
  return text;
}

// "YYYY-MM-DDThh:mm:ssZ" in the future. "": none.
Result<std::optional<std::int64_t>> DeadlineOf(const std::string& typed, Time now) {
  if (typed.empty()) return std::optional<std::int64_t>();
  const auto deadline_s = log::ParseTime(typed);
  if (!deadline_s || *deadline_s <= now.wall_ms / 1000)
    return Fail(Code::kUsage, "no deadline in the future", "hint.deadline");
  return deadline_s;
}

Result<bool> OptionalFlag(const object& body, std::string_view key) {
  const Json* value = body.if_contains(key);
  if (value == nullptr || value->is_null()) return false;
  if (!value->is_bool())
    return Fail(Code::kUsage, "the member \"" + std::string(key) + "\" is neither true nor false");
  return value->get_bool();
}

Result<governance::ProposalTerms> TermsOf(const object& body) {
  governance::ProposalTerms terms;
  ASSIGN(terms.points, OptionalFlag(body, "points"));
  ASSIGN(terms.recommendation, OptionalFlag(body, "recommendation"));
  ASSIGN(const std::string review, OptionalText(body, "review"));
  if (!review.empty()) {
    terms.review_s = log::ParseTime(review + "T00:00:00Z");
    if (!terms.review_s) return Fail(Code::kUsage, "no date of a review", "hint.review-date");
  }
  ASSIGN(const std::string supersedes, OptionalText(body, "supersedes"));
  if (!supersedes.empty()) {
    terms.supersedes = log::EntryId::FromHexText(supersedes);
    if (!terms.supersedes) return Fail(Code::kNotFound, "no id of a proposal", "hint.proposal-id");
  }
  ASSIGN(const std::string meeting, OptionalText(body, "meeting"));
  if (!meeting.empty()) {
    terms.meeting = governance::MeetingId::FromHexText(meeting);
    if (!terms.meeting) return Fail(Code::kNotFound, "no id of a meeting", "hint.document-id");
  }
  return terms;
}

// POST {matter, title, subject?, value?, deadline?, text?, note?, points?, review?,
// recommendation?, supersedes?, meeting?} -> as GET of it.
Answer CreateProposal(const Request& request, const Arguments&, Context& context) {
  ASSIGN(replica::Replica* const replica, ReplicaOf(context));
  ASSIGN(const object body, JsonBody(request));
  governance::ProposalBody proposal;
  ASSIGN(proposal.matter, TextMember(body, "matter"));
  ASSIGN(proposal.subject, OptionalText(body, "subject"));
  ASSIGN(proposal.value, OptionalText(body, "value"));
  ASSIGN(const std::string title, TextMember(body, "title"));
  const auto line = log::ToLine(title, governance::kTitleBytesMax);
  if (!line) return Fail(Code::kUsage, line.error().detail, "hint.proposal-title");
  proposal.title = *line;
  ASSIGN(proposal.text, TypedText(body, "text"));
  ASSIGN(proposal.note, TypedText(body, "note"));
  ASSIGN(const std::string deadline, OptionalText(body, "deadline"));
  ASSIGN(proposal.deadline_s, DeadlineOf(deadline, context.now));
  ASSIGN(proposal.terms, TermsOf(body));
  if (const auto measure = governance::MeasureOf(proposal); !measure)
    return Fail(Code::kUsage, measure.error().detail, "hint.proposal-form");
  ASSIGN(const log::EntryId id, replica->Propose(proposal, context.now));
  ASSIGN(const FoundProposal found, FindProposal(*replica, id));
  return ProposalJson(found, context.now);
}

// Whether the proposal waits for the own organisation's vote, or is its own.
bool IsMine(const object& summary, const replica::Replica& replica) {
  const governance::Member* own = replica.members().ByDevice(replica.self());
  if (own == nullptr) return false;
  if (summary.at("org") == Json(own->org.Hex())) return true;
  const Json& position = summary.at("own");
  return summary.at("status") == Json("open") &&
         (position == Json("missing") || position == Json("contradictory"));
}

// GET ?status=open|decided&mine=1. Open is what nobody has certified and nothing has replaced.
Answer ListProposals(const Request& request, const Arguments&, Context& context) {
  ASSIGN(replica::Replica* const replica, ReplicaOf(context));
  const auto status = request.query.find("status");
  const bool all = status == request.query.end();
  if (!all && status->second != "open" && status->second != "decided")
    return Fail(Code::kUsage, "status is open or decided");
  array list;
  const bool mine = request.query.contains("mine");
  const std::vector<log::EntryId> ids = replica->council().OfKind(governance::kProposal);
  for (const log::EntryId& id : ids) {
    const bool open =
        replica->council().state().DecisionOn(id) == nullptr && SupersededBy(*replica, id).empty();
    if (!all && open != (status->second == "open")) continue;
    const auto found = FindProposal(*replica, id);
    if (!found && found.error().code != Code::kNotFound)
      return Fail(found.error().code, found.error().detail, found.error().hint);
    if (!found) continue;
    if (!all && found->ballot.voided) continue;
    object summary = SummaryJson(*found, context.now);
    if (!mine || IsMine(summary, *replica)) list.push_back(std::move(summary));
  }
  std::reverse(list.begin(), list.end());
  return object{{"proposals", std::move(list)}};
}

Answer ShowProposal(const Request&, const Arguments& arguments, Context& context) {
  ASSIGN(const FoundProposal found, FindProposal(arguments.at(0), context));
  return ProposalJson(found, context.now);
}

Answer SummaryAgain(const FoundProposal& before, Context& context, const log::EntryId& entry) {
  ASSIGN(const FoundProposal found, FindProposal(*before.replica, before.id));
  object json = SummaryJson(found, context.now);
  json["entry"] = entry.Hex();
  return json;
}

// POST {position, reason?} -> the summary and `entry`.
Answer VoteOnProposal(const Request& request, const Arguments& arguments, Context& context) {
  ASSIGN(const FoundProposal found, FindProposal(arguments.at(0), context));
  ASSIGN(const object body, JsonBody(request));
  ASSIGN(const std::string position, TextMember(body, "position"));
  const auto known = governance::PositionOf(position);
  if (!known) return Fail(Code::kUsage, "no position", "hint.positions");
  governance::VoteBody vote{*known, {}};
  ASSIGN(vote.reason, TypedText(body, "reason"));
  if (!SupersededBy(*found.replica, found.id).empty())
    return Fail(Code::kConflict, "another decision has replaced it", "hint.proposal-superseded");
  ASSIGN(const log::EntryId entry, found.replica->Vote(found.id, vote, context.now));
  return SummaryAgain(found, context, entry);
}

// POST {text} -> the summary and `entry`.
Answer CommentOnProposal(const Request& request, const Arguments& arguments, Context& context) {
  ASSIGN(const FoundProposal found, FindProposal(arguments.at(0), context));
  ASSIGN(const object body, JsonBody(request));
  ASSIGN(const std::string text, TypedText(body, "text"));
  if (text.empty()) return Fail(Code::kUsage, "a comment without text", "hint.comment-empty");
  ASSIGN(const log::EntryId entry, found.replica->Comment(found.id, text, context.now));
  return SummaryAgain(found, context, entry);
}

// POST {} -> the summary and `entry`.
Answer EnactProposal(const Request&, const Arguments& arguments, Context& context) {
  ASSIGN(const FoundProposal found, FindProposal(arguments.at(0), context));
  ASSIGN(const log::EntryId entry, found.replica->Enact(found.id, context.now));
  return SummaryAgain(found, context, entry);
}

}  // namespace

std::vector<Route> ProposalRoutes() {
  return {{"GET", "/api/v1/proposals", ListProposals},
          {"POST", "/api/v1/proposals", CreateProposal},
          {"GET", "/api/v1/proposals/{}", ShowProposal},
          {"POST", "/api/v1/proposals/{}/votes", VoteOnProposal},
          {"POST", "/api/v1/proposals/{}/comments", CommentOnProposal},
          {"POST", "/api/v1/proposals/{}/enact", EnactProposal}};
}

}  // namespace geflecht::api
