#include "node/audit/root_space.h"

#include <algorithm>
#include <utility>

#include "base/check.h"
#include "node/governance/audit_request.h"
#include "node/governance/ballot.h"
#include "node/governance/charter_versions.h"
#include "node/governance/kinds.h"
#include "node/governance/minutes.h"
#include "node/governance/state_text.h"

namespace geflecht::audit {
namespace {

DecisionStatus StatusOf(governance::Verdict verdict) {
  switch (verdict) {
    case governance::Verdict::kEffective:
      return DecisionStatus::kEffective;
    case governance::Verdict::kProvisional:
      return DecisionStatus::kProvisional;
    case governance::Verdict::kFailed:
    case governance::Verdict::kRejected:
      break;
  }
  return DecisionStatus::kRejected;
}

RuleKind KindOf(governance::RuleKind kind) {
  switch (kind) {
    case governance::RuleKind::kUnanimity:
      return RuleKind::kUnanimity;
    case governance::RuleKind::kConsent:
      return RuleKind::kConsent;
    case governance::RuleKind::kTwoThirds:
      return RuleKind::kTwoThirds;
    case governance::RuleKind::kMajority:
      return RuleKind::kMajority;
    case governance::RuleKind::kQuorum:
      return RuleKind::kNumber;
    case governance::RuleKind::kVotesCast:
      break;
  }
  return RuleKind::kVotesCast;
}

Position PositionOf(governance::Position position) {
  switch (position) {
    case governance::Position::kYes:
      return Position::kYes;
    case governance::Position::kNo:
      return Position::kNo;
    case governance::Position::kAbstain:
      return Position::kAbstain;
    case governance::Position::kObjection:
      break;
  }
  return Position::kObjection;
}

// "2026-017": the year of the seal as it claims it, and the number that it gives.
std::string NumberText(std::uint64_t number, std::int64_t sealed_s) {
  constexpr std::size_t kDigits = 3;
  std::string digits = std::to_string(number);
  if (digits.size() < kDigits) digits.insert(0, kDigits - digits.size(), '0');
  return log::RenderTime(sealed_s).substr(0, 4) + "-" + digits;
}

}  // namespace

RootSpace::RootSpace(const log::Founding& founding)
    : network_(founding.network()),
      review_s_(founding.text.review_s),
      directory_(founding),
      mandates_(network_) {
  CHECK(evaluator_.Add(governance::ReadCharter(founding)).has_value());
  known_[founding.charter.id] = {
      founding.charter.header.device, founding.charter.header.time_s, {}, {}, {}};
  for (const log::Card& card : founding.text.founders) devices_.insert(card.device);
}

void RootSpace::Add(const log::Header& header, const log::EntryId& id,
                    std::optional<log::Body> body) {
  waiting_.try_emplace(id, Waiting{header, std::move(body), 0});
}

void RootSpace::Evaluate() {
  std::map<log::EntryId, std::vector<log::EntryId>> awaited_by;
  std::vector<log::EntryId> ready;
  for (auto& [id, waiting] : waiting_) {
    for (const log::EntryId& cause : governance::ParentsOf(waiting.header)) {
      if (known_.contains(cause)) continue;
      awaited_by[cause].push_back(id);
      ++waiting.causes;
    }
    if (waiting.causes == 0) ready.push_back(id);
  }
  while (!ready.empty()) {
    const auto node = waiting_.extract(ready.back());
    ready.pop_back();
    Count(node.key(), node.mapped());
    for (const log::EntryId& id : awaited_by[node.key()])
      if (--waiting_.at(id).causes == 0) ready.push_back(id);
  }
  const governance::State& now = evaluator_.Evaluate();
  const auto members_of = [&](const std::vector<governance::OrgDevice>& devices) {
    std::vector<governance::Member> members;
    for (const governance::OrgDevice& device : devices) {
      const log::Card* card = directory_.CardOf(device.org, device.device);
      const governance::MemberState* member = now.Member(device.org);
      if (card == nullptr) continue;
      members.push_back({device.org, directory_.NameOf(device.org),
                         member == nullptr ? card->root_key : member->root, device.device,
                         card->tls_key, member != nullptr && member->active});
    }
    return members;
  };
  members_ = governance::Members::Of(network_, members_of(now.devices), members_of(now.deprived),
                                     now.spaces);
}

void RootSpace::Count(const log::EntryId& id, const Waiting& waiting) {
  const log::Body* body = waiting.body ? &*waiting.body : nullptr;
  const std::vector<log::EntryId> parents = governance::ParentsOf(waiting.header);
  governance::Entry read =
      governance::ReadEntry({waiting.header, id, {}}, body, directory_,
                            [&](const log::EntryId& past) { return InPast(parents, past); });
  if (!evaluator_.Add(std::move(read))) return;
  mandates_.Note(waiting.header, id, OrgAt(waiting.header.device, parents), body);
  Known& known = known_[id];
  known.device = waiting.header.device;
  known.time_s = waiting.header.time_s;
  if (waiting.header.kind == governance::kAcknowledge && waiting.header.about &&
      EntitledAt(parents, waiting.header.device)) {
    const governance::Graph& graph = evaluator_.graph();
    acknowledged_.emplace_back(graph[graph.Find(id)].entry.author.org, *waiting.header.about);
  }
  if (body == nullptr) return;
  if (waiting.header.kind == governance::kProposal) {
    if (auto said = governance::ReadProposal(*body)) {
      if (const auto card = log::ParseProvenCard(said->value)) devices_.insert(card->card.device);
      known.proposal = *std::move(said);
    }
  } else if (waiting.header.kind == governance::kVote) {
    if (auto said = governance::ReadVote(*body)) known.reason = std::move(said->reason);
  } else if (waiting.header.kind == governance::kDeviceAdd) {
    if (const auto said = governance::ReadDeviceAdd(*body)) devices_.insert(said->card.card.device);
  } else if (waiting.header.kind == governance::kSeal) {
    if (const auto said = governance::ReadSeal(*body)) known.state = *said;
  } else if (waiting.header.kind == governance::kAuditRequest) {
    if (const auto said = governance::ReadAuditRequest(*body)) requests_[said->nonce].insert(id);
  }
}

bool RootSpace::InPast(const std::vector<log::EntryId>& heads, const log::EntryId& entry) const {
  const governance::Graph& graph = evaluator_.graph();
  const governance::Index in_it = graph.Find(entry);
  return in_it != governance::kNone &&
         std::any_of(heads.begin(), heads.end(), [&](const log::EntryId& head) {
           const governance::Index of = graph.Find(head);
           return of != governance::kNone && graph.Covers(of, in_it);
         });
}

std::optional<log::OrgId> RootSpace::OrgAt(const log::DeviceId& device,
                                           const std::vector<log::EntryId>& heads) const {
  return directory_.OrgOfDevice(device,
                                [&](const log::EntryId& past) { return InPast(heads, past); });
}

bool RootSpace::IsMemberAt(const log::OrgId& org, const std::vector<log::EntryId>& heads) {
  const auto powers = evaluator_.PowersAt(heads);
  return powers && (*powers)->Find(evaluator_.graph().orgs().Find(org)) != nullptr;
}

bool RootSpace::IsActiveAt(const log::OrgId& org, const std::vector<log::EntryId>& heads) {
  const auto powers = evaluator_.PowersAt(heads);
  return powers && (*powers)->IsActive(evaluator_.graph().orgs().Find(org));
}

bool RootSpace::IsEffectiveAt(const std::vector<log::EntryId>& heads,
                              const log::EntryId& proposal) {
  const auto state = evaluator_.Evaluate(heads);
  const auto* decision = state ? state->DecisionOn(proposal) : nullptr;
  return decision != nullptr && decision->verdict == governance::Verdict::kEffective;
}

const governance::ProposalBody* RootSpace::ProposalOf(const log::EntryId& proposal) const {
  const auto known = known_.find(proposal);
  if (known == known_.end() || !known->second.proposal) return nullptr;
  return &*known->second.proposal;
}

bool RootSpace::EntitledAt(const std::vector<log::EntryId>& basis, const log::DeviceId& device) {
  const auto org = OrgAt(device, basis);
  if (!org) return false;
  const auto entitled = evaluator_.EntitledAt(basis, {*org, device}, {});
  return entitled && *entitled;
}

bool RootSpace::HasSeatAt(const std::vector<log::EntryId>& basis, const log::DeviceId& device,
                          const log::SpaceId& space) {
  const auto org = OrgAt(device, basis);
  if (!org) return false;
  const auto seat = evaluator_.HasSeatAt(basis, {*org, device}, space);
  return seat && *seat;
}

std::optional<RootSpace::LastOfSeals> RootSpace::LastSeal() {
  const std::vector<log::EntryId>& seals = evaluator_.Evaluate().seals;
  if (seals.empty()) return std::nullopt;
  return LastOfSeals{seals.back(), known_[seals.back()].time_s};
}

bool RootSpace::IsSealedAt(const std::vector<log::EntryId>& basis, const log::EntryId& seal) const {
  const auto sealed = evaluator_.IsSealedAt(basis, seal);
  return sealed && *sealed;
}

std::optional<std::set<log::DeviceId>> RootSpace::AnsweredBy(std::string_view nonce) const {
  const auto requests = requests_.find(nonce);
  if (requests == requests_.end()) return std::nullopt;
  const governance::Graph& graph = evaluator_.graph();
  std::vector<bool> knows(graph.size());
  std::set<log::DeviceId> devices;
  for (governance::Index i = 0; i < graph.size(); ++i) {
    const std::vector<governance::Index>& parents = graph[i].parents;
    knows[i] = requests->second.contains(graph.IdOf(i)) ||
               std::any_of(parents.begin(), parents.end(),
                           [&](governance::Index parent) { return knows[parent]; });
    if (knows[i]) devices.insert(known_.at(graph.IdOf(i)).device);
  }
  return devices;
}

std::vector<DecisionFact> RootSpace::Decisions() {
  std::vector<DecisionFact> facts;
  const std::vector<governance::Decision> decisions = evaluator_.Evaluate().decisions;
  for (const governance::Decision& decision : decisions) facts.push_back(FactOf(decision));
  std::stable_sort(facts.begin(), facts.end(), [](const DecisionFact& a, const DecisionFact& b) {
    return a.enacted_s < b.enacted_s;
  });
  return facts;
}

std::vector<VoidCertificate> RootSpace::VoidCertificates() {
  std::set<log::EntryId> holding;
  for (const governance::Decision& decision : evaluator_.Evaluate().decisions)
    holding.insert(decision.enacts.begin(), decision.enacts.end());
  const governance::Graph& graph = evaluator_.graph();
  std::vector<VoidCertificate> found;
  for (governance::Index i = 0; i < graph.size(); ++i)
    if (graph[i].As<governance::Enact>() != nullptr && !holding.contains(graph.IdOf(i)))
      found.push_back({graph.IdOf(i), directory_.NameOf(graph[i].entry.author.org)});
  std::sort(found.begin(), found.end(),
            [](const auto& a, const auto& b) { return a.entry < b.entry; });
  return found;
}

std::vector<log::EntryId> RootSpace::WrongSeals() {
  std::vector<log::EntryId> wrong;
  const std::vector<log::EntryId> seals = evaluator_.Evaluate().seals;
  const governance::Graph& graph = evaluator_.graph();
  for (const log::EntryId& seal : seals) {
    const auto past = evaluator_.Evaluate(graph[graph.Find(seal)].entry.parents);
    if (!past || governance::HashOf(*past) != known_[seal].state) wrong.push_back(seal);
  }
  return wrong;
}

std::vector<std::string> RootSpace::DoubleSigners() {
  std::vector<std::string> names;
  for (const governance::Alarm& alarm : evaluator_.Evaluate().alarms)
    if (const auto* signer = std::get_if<governance::DoubleSigner>(&alarm))
      names.push_back(directory_.NameOf(signer->org));
  return names;
}

CharterFact RootSpace::Charter() {
  CharterFact charter;
  charter.review_s = review_s_;
  const auto versions = governance::CharterVersions(evaluator_);
  for (const governance::CharterVersion& version : versions) {
    const auto& proposal = known_[version.about].proposal;
    charter.versions.push_back({proposal ? proposal->title : std::string(),
                                NumberOf(version.decision, version.seal),
                                known_[version.since].time_s});
    if (proposal && proposal->terms.review_s) charter.review_s = proposal->terms.review_s;
  }
  for (const auto& [org, version] : governance::KnownVersions(evaluator_, versions, acknowledged_))
    if (version < versions.size()) charter.outdated.push_back({directory_.NameOf(org), version});
  return charter;
}

std::string RootSpace::NumberOf(std::uint64_t number,
                                const std::optional<log::EntryId>& seal) const {
  return number == 0 || !seal ? std::string() : NumberText(number, known_.at(*seal).time_s);
}

bool RootSpace::IsReplaced(const log::EntryId& proposal) {
  const governance::Graph& graph = evaluator_.graph();
  const std::vector<governance::Index>& successors = graph.SuccessorsOf(graph.Find(proposal));
  const governance::State& state = evaluator_.Evaluate();
  return std::any_of(successors.begin(), successors.end(), [&](governance::Index successor) {
    const governance::Decision* decision = state.DecisionOn(graph.IdOf(successor));
    return decision != nullptr && decision->verdict == governance::Verdict::kEffective;
  });
}

void RootSpace::AddSettled(const governance::Ballot& ballot, const log::EntryId& proposal,
                           DecisionFact& fact) const {
  const governance::Graph& graph = evaluator_.graph();
  for (const governance::Index vote : graph.VotesOn(graph.Find(proposal))) {
    const governance::Entry& entry = graph[vote].entry;
    if (graph[vote].As<governance::Vote>()->position != governance::Position::kObjection) continue;
    for (const governance::Ballot::Cast& cast : ballot.cast)
      if (cast.org == entry.author.org && cast.position != governance::Position::kObjection &&
          graph.Precedes(vote, graph.Find(cast.vote)))
        fact.settled.push_back(
            {directory_.NameOf(cast.org), known_.at(entry.id).reason, PositionOf(cast.position)});
  }
}

DecisionFact RootSpace::FactOf(const governance::Decision& decision) {
  DecisionFact fact;
  const Known& proposal = known_[decision.proposal];
  fact.proposal = decision.proposal;
  if (proposal.proposal && proposal.proposal->terms.freeze &&
      proposal.proposal->matter == governance::kMinutesMatter) {
    const governance::FreezeRef& cited = *proposal.proposal->terms.freeze;
    fact.minutes = MinutesFact{cited.space, cited.entry, cited.root};
  }
  fact.title = proposal.proposal ? proposal.proposal->title : decision.proposal.Hex();
  if (proposal.proposal) fact.matter = proposal.proposal->matter;
  fact.recommendation = proposal.proposal && proposal.proposal->terms.recommendation;
  fact.status = StatusOf(decision.verdict);
  if (fact.status == DecisionStatus::kEffective && IsReplaced(decision.proposal))
    fact.status = DecisionStatus::kSuperseded;
  fact.proposed_s = proposal.time_s;
  for (const log::EntryId& enact : decision.enacts) {
    const std::int64_t time_s = known_[enact].time_s;
    if (!fact.enacted_s || time_s < *fact.enacted_s) fact.enacted_s = time_s;
  }
  if (decision.seal) {
    fact.sealed_s = known_[*decision.seal].time_s;
    fact.number = NumberOf(decision.number, decision.seal);
  }
  const auto ballot = governance::BallotAt(evaluator_, decision);
  if (!ballot) return fact;
  fact.rule = KindOf(ballot->then.rule.kind);
  fact.electorate = ballot->then.n;
  fact.needed = ballot->then.need;
  for (const log::OrgId& carrier : ballot->then.rule.carriers)
    fact.carriers.push_back(directory_.NameOf(carrier));
  for (const log::OrgId& org : ballot->electors) {
    const auto cast = std::find_if(ballot->cast.begin(), ballot->cast.end(),
                                   [&](const auto& vote) { return vote.org == org; });
    if (cast == ballot->cast.end()) {
      fact.votes.push_back({directory_.NameOf(org), Position::kSilent});
    } else {
      fact.votes.push_back(
          {directory_.NameOf(org), PositionOf(cast->position), known_[cast->vote].reason});
    }
  }
  AddSettled(*ballot, decision.proposal, fact);
  return fact;
}

}  // namespace geflecht::audit
