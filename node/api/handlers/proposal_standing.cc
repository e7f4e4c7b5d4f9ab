#include "node/api/handlers/proposal_standing.h"

#include <algorithm>
#include <boost/json/array.hpp>
#include <boost/json/object.hpp>

#include "base/check.h"
#include "node/governance/kinds.h"
#include "node/log/header.h"

namespace geflecht::api {
namespace {

using boost::json::array;
using boost::json::object;
using governance::Ballot;
using governance::Position;

constexpr std::size_t kReviewDigits = 10;  // YYYY-MM-DD

Result<Json> VoteReason(const FoundProposal& found, const log::EntryId& vote) {
  ASSIGN(const auto body, found.replica->RootBodyOf(vote));
  if (!body) return Json(nullptr);
  const auto said = governance::ReadVote(*body);
  return said && !said->reason.empty() ? Json(said->reason) : Json(nullptr);
}

Json VoteTime(const FoundProposal& found, const log::EntryId& entry) {
  const auto* record = found.replica->council().Find(entry);
  CHECK(record != nullptr);
  return Json(log::RenderTime(record->time_s));
}

const Ballot::Cast* CastOf(const Ballot& ballot, const log::OrgId& org) {
  const auto it = std::find_if(ballot.cast.begin(), ballot.cast.end(),
                               [&](const Ballot::Cast& cast) { return cast.org == org; });
  return it == ballot.cast.end() ? nullptr : &*it;
}

std::size_t StillNeeded(const Ballot& ballot, const Ballot::Terms& terms) {
  const std::size_t got = terms.rule.kind == governance::RuleKind::kVotesCast
                              ? ballot.cast.size()
                              : ballot.CountOf(Position::kYes);
  return terms.need > got ? terms.need - got : 0;
}

Result<array> ObjectionsJson(const FoundProposal& found) {
  const replica::Council& council = found.replica->council();
  const governance::Graph& graph = council.evaluator().graph();
  array objections;
  for (const governance::Index vote : graph.VotesOn(graph.Find(found.id))) {
    const governance::Node& node = graph[vote];
    if (node.As<governance::Vote>()->position != Position::kObjection) continue;
    const log::OrgId& org = node.entry.author.org;
    const Ballot::Cast* cast = CastOf(found.ballot, org);
    const bool resolved = cast != nullptr && cast->vote != node.entry.id &&
                          council.Covers(cast->vote, node.entry.id) &&
                          cast->position != Position::kObjection;
    const bool counts = cast != nullptr && cast->vote == node.entry.id;
    if (!resolved && !counts) continue;
    object item = OrgJson(*found.replica, org);
    item["entry"] = node.entry.id.Hex();
    ASSIGN(item["reason"], VoteReason(found, node.entry.id));
    item["time"] = VoteTime(found, node.entry.id);
    item["resolved"] = resolved;
    item["later"] = resolved ? Json(governance::PositionName(cast->position)) : Json(nullptr);
    item["later_time"] = resolved ? VoteTime(found, cast->vote) : Json(nullptr);
    objections.push_back(std::move(item));
  }
  return objections;
}

}  // namespace

std::vector<log::EntryId> SupersededBy(const replica::Replica& replica, const log::EntryId& id) {
  const governance::Graph& graph = replica.council().evaluator().graph();
  std::vector<log::EntryId> by;
  for (const governance::Index successor : graph.SuccessorsOf(graph.Find(id))) {
    const auto* decision = replica.council().state().DecisionOn(graph.IdOf(successor));
    if (decision != nullptr && decision->verdict == governance::Verdict::kEffective)
      by.push_back(graph.IdOf(successor));
  }
  return by;
}

object LinksJson(const FoundProposal& found) {
  const governance::ProposalTerms& terms = found.body.terms;
  array by;
  for (const log::EntryId& id : SupersededBy(*found.replica, found.id))
    by.push_back(Json(id.Hex()));
  return {
      {"recommendation", terms.recommendation},
      {"circular", found.body.deadline_s.has_value() && !terms.meeting},
      {"charter", terms.points},
      {"review", terms.review_s ? Json(log::RenderTime(*terms.review_s).substr(0, kReviewDigits))
                                : Json(nullptr)},
      {"meeting", terms.meeting ? Json(terms.meeting->Hex()) : Json(nullptr)},
      {"minutes", terms.freeze ? Json(terms.freeze->entry.Hex()) : Json(nullptr)},
      {"supersedes", terms.supersedes ? Json(terms.supersedes->Hex()) : Json(nullptr)},
      {"superseded_by", std::move(by)}};
}

object MissingJson(const FoundProposal& found) {
  const Ballot& ballot = found.ballot;
  const std::size_t then = StillNeeded(ballot, ballot.then);
  const std::size_t now = StillNeeded(ballot, ballot.now);
  const governance::Rule& rule = (then > now ? ballot.then : ballot.now).rule;
  array unanswered;
  for (const log::OrgId& org : ballot.electors)
    if (CastOf(ballot, org) == nullptr &&
        !std::binary_search(ballot.silent.begin(), ballot.silent.end(), org))
      unanswered.push_back(OrgJson(*found.replica, org));
  return {{"still_needed", std::max(then, now)},
          {"still_needed_of", rule.kind == governance::RuleKind::kVotesCast ? "votes" : "yes"},
          {"unanswered", std::move(unanswered)}};
}

Result<object> DissentJson(const FoundProposal& found) {
  array minority;
  if (found.replica->council().state().DecisionOn(found.id) != nullptr) {
    for (const Ballot::Cast& cast : found.ballot.cast) {
      if (cast.position == Position::kYes) continue;
      object item = OrgJson(*found.replica, cast.org);
      item["position"] = governance::PositionName(cast.position);
      ASSIGN(item["reason"], VoteReason(found, cast.vote));
      item["time"] = VoteTime(found, cast.vote);
      minority.push_back(std::move(item));
    }
  }
  ASSIGN(array objections, ObjectionsJson(found));
  return object{{"minority", std::move(minority)}, {"objections", std::move(objections)}};
}

}  // namespace geflecht::api
