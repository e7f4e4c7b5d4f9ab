#include "node/audit/root_space.h"

#include <algorithm>
#include <utility>

#include "base/check.h"
#include "node/governance/ballot.h"
#include "node/governance/kinds.h"

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
    : network_(founding.network()), directory_(founding) {
  CHECK(evaluator_.Add(governance::ReadCharter(founding)).has_value());
  known_[founding.charter.id] = {founding.charter.header.time_s, {}};
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
  members_ = governance::Members::Of(network_, members_of(now.devices), members_of(now.deprived));
}

void RootSpace::Count(const log::EntryId& id, const Waiting& waiting) {
  const log::Body* body = waiting.body ? &*waiting.body : nullptr;
  const std::vector<log::EntryId> parents = governance::ParentsOf(waiting.header);
  governance::Entry read =
      governance::ReadEntry({waiting.header, id, {}}, body, directory_,
                            [&](const log::EntryId& past) { return InPast(parents, past); });
  if (!evaluator_.Add(std::move(read))) return;
  Known& known = known_[id];
  known.time_s = waiting.header.time_s;
  if (body == nullptr) return;
  if (waiting.header.kind == governance::kProposal) {
    if (auto said = governance::ReadProposal(*body)) {
      if (const auto card = log::ParseProvenCard(said->value)) devices_.insert(card->card.device);
      known.proposal = *std::move(said);
    }
  } else if (waiting.header.kind == governance::kDeviceAdd) {
    if (const auto said = governance::ReadDeviceAdd(*body)) devices_.insert(said->card.card.device);
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

std::optional<log::OrgId> RootSpace::OrgAt(const std::vector<log::EntryId>& basis,
                                           const log::DeviceId& device) const {
  return directory_.OrgOfDevice(device,
                                [&](const log::EntryId& past) { return InPast(basis, past); });
}

bool RootSpace::EntitledAt(const std::vector<log::EntryId>& basis, const log::DeviceId& device) {
  const auto org =
      directory_.OrgOfDevice(device, [&](const log::EntryId& past) { return InPast(basis, past); });
  if (!org) return false;
  const auto entitled = evaluator_.EntitledAt(basis, {*org, device}, {});
  return entitled && *entitled;
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

std::vector<std::string> RootSpace::DoubleSigners() {
  std::vector<std::string> names;
  for (const governance::Alarm& alarm : evaluator_.Evaluate().alarms)
    if (const auto* signer = std::get_if<governance::DoubleSigner>(&alarm))
      names.push_back(directory_.NameOf(signer->org));
  return names;
}

DecisionFact RootSpace::FactOf(const governance::Decision& decision) {
  DecisionFact fact;
  const Known& proposal = known_[decision.proposal];
  fact.title = proposal.proposal ? proposal.proposal->title : decision.proposal.Hex();
  if (proposal.proposal) fact.matter = proposal.proposal->matter;
  fact.status = StatusOf(decision.verdict);
  fact.proposed_s = proposal.time_s;
  for (const log::EntryId& enact : decision.enacts) {
    const std::int64_t time_s = known_[enact].time_s;
    if (!fact.enacted_s || time_s < *fact.enacted_s) fact.enacted_s = time_s;
  }
  if (decision.seal) {
    fact.sealed_s = known_[*decision.seal].time_s;
    if (decision.number > 0) fact.number = NumberText(decision.number, *fact.sealed_s);
  }
  const auto ballot = governance::BallotOn(evaluator_, decision.proposal);
  if (!ballot) return fact;
  fact.rule = KindOf(ballot->then.rule.kind);
  fact.electorate = ballot->then.n;
  fact.needed = ballot->then.need;
  for (const log::OrgId& carrier : ballot->then.rule.carriers)
    fact.carriers.push_back(directory_.NameOf(carrier));
  for (const log::OrgId& org : ballot->electors) {
    const auto cast = std::find_if(ballot->cast.begin(), ballot->cast.end(),
                                   [&](const auto& vote) { return vote.org == org; });
    fact.votes.push_back({directory_.NameOf(org), cast == ballot->cast.end()
                                                      ? Position::kSilent
                                                      : PositionOf(cast->position)});
  }
  return fact;
}

}  // namespace geflecht::audit
