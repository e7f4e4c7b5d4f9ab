#include "node/governance/ballot.h"

#include <algorithm>
#include <iterator>
#include <map>
#include <utility>

#include "node/governance/tally.h"

namespace geflecht::governance {
namespace {

// `subject` says whom the matter is about, and which body or circle decides.
Ballot::Terms TermsOf(const Graph& graph, const Powers& powers, const Matter& matter,
                      const Subject& subject) {
  constexpr std::size_t kSmallest = 3;  // of a network that judges one of its members
  const Electorate electorate = ElectorateOf(powers, subject, matter);
  Ballot::Terms terms;
  terms.rule =
      powers.RuleFor(graph.matters().Find(matter), graph.matters().Find(Matter(kEveryMatter)));
  for (const Index org : electorate.orgs) terms.orgs.push_back(graph.orgs()[org]);
  std::sort(terms.orgs.begin(), terms.orgs.end());
  terms.n = ExcludesSubject(matter) ? std::max(electorate.n, kSmallest) : electorate.n;
  terms.need = VotesNeeded(terms.rule, matter, terms.n, terms.orgs.size());
  return terms;
}

std::vector<OrgId> Both(const std::vector<OrgId>& a, const std::vector<OrgId>& b) {
  std::vector<OrgId> both;
  std::set_intersection(a.begin(), a.end(), b.begin(), b.end(), std::back_inserter(both));
  return both;
}

bool Holds(const Ballot& ballot, const Ballot::Terms& terms) {
  const std::size_t yes = ballot.CountOf(Position::kYes);
  const std::size_t objections = ballot.CountOf(Position::kObjection);
  for (const OrgId& carrier : Both(terms.rule.carriers, ballot.electors)) {
    const auto it = std::find_if(ballot.cast.begin(), ballot.cast.end(),
                                 [&](const Ballot::Cast& cast) { return cast.org == carrier; });
    if (it == ballot.cast.end() || it->position != Position::kYes) return false;
  }
  if (terms.rule.kind == RuleKind::kVotesCast)
    return ballot.cast.size() >= terms.need && yes > ballot.CountOf(Position::kNo) + objections;
  if (terms.rule.kind == RuleKind::kConsent && objections > 0) return false;
  return yes >= terms.need;
}

// Of all votes, or of those in the past of an entry.
void CountVotes(Evaluator& evaluator, Index proposal, std::optional<Index> upto, Ballot& ballot) {
  const Graph& graph = evaluator.graph();
  std::map<OrgId, std::vector<Index>> latest;
  for (const Index vote : graph.VotesOn(proposal)) {
    const Entry& entry = graph[vote].entry;
    if (upto && !graph.Precedes(vote, *upto)) continue;
    if (evaluator.Evaluate().IsVoid(entry.id)) continue;
    if (!std::binary_search(ballot.electors.begin(), ballot.electors.end(), entry.author.org))
      continue;
    const auto entitled =
        evaluator.EntitledAt(entry.parents, {entry.author.org, entry.author.key}, {});
    if (!entitled || !*entitled) continue;
    std::vector<Index>& votes = latest[entry.author.org];
    std::erase_if(votes, [&](Index other) { return graph.Covers(vote, other); });
    votes.push_back(vote);
  }
  for (const auto& [org, votes] : latest) {
    if (votes.size() == 1) {
      ballot.cast.push_back({org, graph.IdOf(votes[0]), graph[votes[0]].As<Vote>()->position});
    } else {
      ballot.silent.push_back(org);
    }
  }
}

// What a certificate lists was a yes when it counted.
void TakeListed(const Graph& graph, const std::vector<Index>& votes, Ballot& ballot) {
  for (const Index vote : votes) {
    const OrgId& org = graph[vote].entry.author.org;
    if (!std::binary_search(ballot.electors.begin(), ballot.electors.end(), org)) continue;
    std::erase(ballot.silent, org);
    std::erase_if(ballot.cast, [&](const Ballot::Cast& cast) { return cast.org == org; });
    ballot.cast.push_back({org, graph.IdOf(vote), graph[vote].As<Vote>()->position});
  }
  std::sort(ballot.cast.begin(), ballot.cast.end(),
            [](const Ballot::Cast& a, const Ballot::Cast& b) { return a.org < b.org; });
}

}  // namespace

std::size_t Ballot::CountOf(Position position) const {
  return static_cast<std::size_t>(std::count_if(
      cast.begin(), cast.end(), [&](const Cast& vote) { return vote.position == position; }));
}

Result<Ballot> BallotOn(Evaluator& evaluator, const EntryId& proposal) {
  const Index index = evaluator.graph().Find(proposal);
  if (index == kNone || evaluator.graph()[index].As<Proposal>() == nullptr)
    return Fail(Code::kNotFound, "no such proposal");
  const Node& node = evaluator.graph()[index];
  ASSIGN(const Powers* const then, evaluator.PowersAt(node.entry.parents));
  Ballot ballot;
  const Matter matter = evaluator.graph().matters()[node.matter];
  ballot.then = TermsOf(evaluator.graph(), *then, matter, node.subject);
  ballot.now = TermsOf(evaluator.graph(), evaluator.PresentPowers(), matter, node.subject);
  ballot.electors = Both(ballot.then.orgs, ballot.now.orgs);
  CountVotes(evaluator, index, std::nullopt, ballot);
  ballot.provisional = ballot.then.rule.CountsAbsence() || ballot.now.rule.CountsAbsence();
  ballot.voided = evaluator.Evaluate().IsVoid(proposal);
  ballot.holds = !ballot.voided && Holds(ballot, ballot.then) && Holds(ballot, ballot.now);
  for (const Ballot::Cast& cast : ballot.cast)
    if (ballot.provisional || cast.position == Position::kYes) ballot.listed.push_back(cast.vote);
  std::sort(ballot.listed.begin(), ballot.listed.end());
  return ballot;
}

Result<Ballot> BallotAt(Evaluator& evaluator, const Decision& decision) {
  const Graph& graph = evaluator.graph();
  Index first = kNone;
  for (const EntryId& enact : decision.enacts) first = std::min(first, graph.Find(enact));
  if (first == kNone) return Fail(Code::kNotFound, "no certificate");
  const Index index = graph.Find(decision.proposal);
  const Node& node = graph[index];
  ASSIGN(const Powers* const then, evaluator.PowersAt(node.entry.parents));
  ASSIGN(const Powers* const now, evaluator.PowersAt(graph[first].entry.parents));
  Ballot ballot;
  const Matter matter = graph.matters()[node.matter];
  ballot.then = TermsOf(graph, *then, matter, node.subject);
  ballot.now = TermsOf(graph, *now, matter, node.subject);
  ballot.electors = Both(ballot.then.orgs, ballot.now.orgs);
  ballot.provisional = ballot.then.rule.CountsAbsence() || ballot.now.rule.CountsAbsence();
  const bool by_seal = ballot.provisional && decision.seal;
  CountVotes(evaluator, index, by_seal ? std::optional(graph.Find(*decision.seal)) : std::nullopt,
             ballot);
  if (!ballot.provisional) TakeListed(graph, graph[first].votes, ballot);
  ballot.holds = Holds(ballot, ballot.then) && Holds(ballot, ballot.now);
  return ballot;
}

bool MeetsRuleOf(Evaluator& evaluator, const EntryId& proposal, const Matter& matter) {
  const Graph& graph = evaluator.graph();
  const Decision* const found = evaluator.Evaluate().DecisionOn(proposal);
  if (found == nullptr || found->verdict != Verdict::kEffective) return false;
  const Decision decision = *found;
  const Index index = graph.Find(proposal);
  const auto then = evaluator.PowersAt(graph[index].entry.parents);
  const bool body = std::string_view(matter).starts_with(kBodyPrefix);
  // A circle's minutes record what the circle decides, or a body that sits there as a whole.
  Subject subject, circle;
  circle.circle = graph[index].subject.circle;
  if (body) {
    subject.role = graph.roles().Find(Role(matter));
  } else {
    subject.circle = circle.circle;
  }
  const auto all_sit_there = [&](const Powers& powers) {
    if (!body || circle.circle == kNone) return true;
    const std::vector<Index> there = ElectorateOf(powers, circle, matter).orgs;
    const std::vector<Index> orgs = ElectorateOf(powers, subject, matter).orgs;
    return std::includes(there.begin(), there.end(), orgs.begin(), orgs.end());
  };
  return std::any_of(decision.enacts.begin(), decision.enacts.end(), [&](const EntryId& id) {
    const Node& enact = graph[graph.Find(id)];
    const auto now = evaluator.PowersAt(enact.entry.parents);
    if (!then || !now || !all_sit_there(**then) || !all_sit_there(**now)) return false;
    Ballot ballot;
    ballot.then = TermsOf(graph, **then, matter, subject);
    ballot.now = TermsOf(graph, **now, matter, subject);
    ballot.electors = Both(ballot.then.orgs, ballot.now.orgs);
    const bool absence = ballot.then.rule.CountsAbsence() || ballot.now.rule.CountsAbsence();
    if (absence && !decision.seal) return false;
    CountVotes(evaluator, index, graph.Find(absence ? *decision.seal : id), ballot);
    if (!absence)
      std::erase_if(ballot.cast, [&](const Ballot::Cast& cast) {
        return !std::binary_search(enact.votes.begin(), enact.votes.end(), graph.Find(cast.vote));
      });
    return Holds(ballot, ballot.then) && Holds(ballot, ballot.now);
  });
}

}  // namespace geflecht::governance
