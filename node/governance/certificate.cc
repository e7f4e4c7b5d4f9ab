// Knowledge: an enact is judged on its own past (governance.md, Life of a decision).
#include <algorithm>
#include <iterator>

#include "node/governance/views.h"

namespace geflecht::governance {
namespace {

Requirement Require(const Rule& rule, std::string_view matter, const Electorate& electorate,
                    const std::vector<Index>& electors, const Graph& graph) {
  Requirement requirement{
      rule.kind, VotesNeeded(rule, matter, electorate.n, electorate.orgs.size()), {}};
  for (const OrgId& carrier : rule.carriers) {
    const Index org = graph.orgs().Find(carrier);
    if (std::binary_search(electors.begin(), electors.end(), org))
      requirement.carriers.push_back(org);
  }
  return requirement;
}

// An admission of a member carries the root key that it has.
bool KeepsRoot(const Powers& powers, const Subject& subject) {
  const Powers::Member* const member = powers.Find(subject.org);
  return member == nullptr || member->root == subject.root;
}

}  // namespace

std::vector<Voice> Views::Count(Index proposal, const Clock& set, Index chain) {
  std::vector<Voice> latest;  // several of one organisation: none of them in the past of another
  for (const Index vote : graph_.VotesOn(proposal)) {
    if (!graph_.Covers(set, vote) || IsVoid(vote, chain) || graph_[vote].device == kNone ||
        !IsCertified(vote, chain))
      continue;
    const Index org = graph_[vote].org;
    std::erase_if(latest, [&](const Voice& voice) {
      return voice.org == org && graph_.Precedes(voice.vote, vote);
    });
    latest.push_back({org, vote, graph_[vote].As<Vote>()->position});
  }
  std::sort(latest.begin(), latest.end(), [](const Voice& a, const Voice& b) {
    return std::pair(a.org, a.vote) < std::pair(b.org, b.vote);
  });
  std::vector<Voice> voices;
  for (std::size_t i = 0; i < latest.size(); ++i) {
    const bool twice = (i > 0 && latest[i - 1].org == latest[i].org) ||
                       (i + 1 < latest.size() && latest[i + 1].org == latest[i].org);
    if (!twice) voices.push_back(latest[i]);
  }
  return voices;
}

bool Views::LeavesMoreThanHalf(Index enact, Index chain) {
  const Node& node = graph_[enact];
  const Powers& now = Before(enact, chain);
  std::vector<Index> going{graph_[node.about].subject.org};
  // What waits for a seal will take effect together with this.
  for (const Candidate& candidate : Build(graph_.cut(node.before).clock, chain, false).candidates) {
    const Node& other = graph_[candidate.proposal];
    const Measure& measure = other.As<Proposal>()->measure;
    if (candidate.provisional &&
        (std::holds_alternative<Remove>(measure) || std::holds_alternative<SetInactive>(measure)))
      going.push_back(other.subject.org);
  }
  std::size_t all = 0;
  std::size_t left = 0;
  for (const Powers::Member& member : Sealed(chain).powers.members) {
    if (!member.active) continue;
    ++all;
    const bool goes = std::find(going.begin(), going.end(), member.org) != going.end();
    if ((now.IsActive(member.org) && !goes) || now.HasLeft(member.org)) ++left;
  }
  return 2 * left > all;
}

Certificate Views::Judge(Index enact, Index chain) {
  const Node& node = graph_[enact];
  Certificate certificate;
  if (node.about == kNone || !node.votes_known || IsVoid(node.about, chain)) return certificate;
  const Node& proposal = graph_[node.about];
  if (proposal.device == kNone || !IsCertified(node.about, chain)) return certificate;
  const Powers& then = Before(node.about, chain);
  const Powers& now = Before(enact, chain);
  const Matter& matter = graph_.matters()[proposal.matter];
  const Electorate electorate_then = ElectorateOf(then, proposal.subject, matter);
  const Electorate electorate_now = ElectorateOf(now, proposal.subject, matter);
  std::set_intersection(electorate_then.orgs.begin(), electorate_then.orgs.end(),
                        electorate_now.orgs.begin(), electorate_now.orgs.end(),
                        std::back_inserter(certificate.electors));
  const Index every = graph_.matters().Find(Matter(kEveryMatter));
  const Rule& rule_then = then.RuleFor(proposal.matter, every);
  const Rule& rule_now = now.RuleFor(proposal.matter, every);
  certificate.at_proposal =
      Require(rule_then, matter, electorate_then, certificate.electors, graph_);
  certificate.at_enact = Require(rule_now, matter, electorate_now, certificate.electors, graph_);
  certificate.provisional = rule_then.CountsAbsence() || rule_now.CountsAbsence();

  const auto clock = graph_.ClockOf(enact);
  const std::vector<Voice> voices = Count(node.about, Clock(clock.begin(), clock.end()), chain);
  for (const Index vote : node.votes) {
    const bool counts = std::any_of(voices.begin(), voices.end(),
                                    [&](const Voice& voice) { return voice.vote == vote; });
    const auto& electors = electorate_then.orgs;
    if (!counts || !std::binary_search(electors.begin(), electors.end(), graph_[vote].org))
      return certificate;
  }
  for (const Voice& voice : voices) {
    const bool listed = std::binary_search(node.votes.begin(), node.votes.end(), voice.vote);
    if ((listed || certificate.provisional) &&
        std::binary_search(certificate.electors.begin(), certificate.electors.end(), voice.org))
      certificate.voices.push_back(voice);
  }
  if (!Holds(certificate.at_proposal, certificate.voices) ||
      !Holds(certificate.at_enact, certificate.voices))
    return certificate;

  const Measure& measure = proposal.As<Proposal>()->measure;
  if (std::holds_alternative<Admit>(measure) && !KeepsRoot(now, proposal.subject))
    return certificate;
  certificate.valid = true;
  if (matter != kRemove && matter != kInactive) return certificate;
  certificate.valid = LeavesMoreThanHalf(enact, chain);
  return certificate;
}

}  // namespace geflecht::governance
