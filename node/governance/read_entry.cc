#include "node/governance/read_entry.h"

#include <algorithm>
#include <map>
#include <string>
#include <utility>

#include "base/check.h"
#include "node/crypto/hash.h"
#include "node/governance/charter_rules.h"
#include "node/governance/kinds.h"
#include "node/governance/space.h"
#include "node/log/charter.h"
#include "node/log/erase.h"
#include "node/log/fork.h"
#include "node/log/lines.h"
#include "node/log/name.h"

namespace geflecht::governance {
namespace {

struct Reading {
  const log::Entry& entry;
  const log::Body& body;
  Directory& directory;
  const std::function<bool(const EntryId&)>& in_past;
  Author author;
};

Result<OrgId> OrgNamed(const std::string& subject) {
  const auto org = OrgId::FromHexText(subject);
  if (!org) return Fail(Code::kMalformed, "the subject is no organisation");
  return *org;
}

CardKeys KeysOf(const OrgId& org, const log::Card& card) {
  return {org, card.root_key, card.device};
}

Result<Measure> CardMeasure(const ProposalBody& proposal) {
  ASSIGN(const OrgId org, OrgNamed(proposal.subject));
  ASSIGN(const log::ProvenCard proven, log::ParseProvenCard(proposal.value));
  if (proposal.matter == kAdmit) return Measure(Admit{KeysOf(org, proven.card)});
  return Measure(Rekey{KeysOf(org, proven.card)});
}

Result<Measure> OrgMeasure(const ProposalBody& proposal) {
  ASSIGN(const OrgId org, OrgNamed(proposal.subject));
  if (!proposal.value.empty()) return Fail(Code::kMalformed, "a value that the matter has not");
  if (proposal.matter == kRemove) return Measure(Remove{org});
  return Measure(SetInactive{org});
}

Result<Measure> RoleMeasure(const ProposalBody& proposal) {
  ASSIGN(const OrgId org, OrgNamed(proposal.subject));
  const std::string& value = proposal.value;
  if (value.size() < 2 || (value[0] != '+' && value[0] != '-'))
    return Fail(Code::kMalformed, "a role is given with + or taken with -");
  const std::string role = value.substr(1);
  const bool known = (role.starts_with(kBodyPrefix) || role.starts_with(kSpacePrefix)) &&
                     log::IsRuleLine({role, "-"});
  if (!known) return Fail(Code::kMalformed, "no such role");
  return Measure(ChangeRole{org, role, value[0] == '+'});
}

// New points of the rules in words: none of them empty.
Result<void> CheckPoints(const ProposalBody& proposal) {
  log::LineReader lines(proposal.text);
  std::size_t points = 0;
  while (!lines.AtEnd()) {
    ASSIGN(const std::string_view point, lines.Line());
    TRY(log::CheckLine(point, log::kPointBytesMax));
    if (++points > log::kPointsMax) return Fail(Code::kTooLarge, "too many points");
  }
  if (points == 0) return Fail(Code::kMalformed, "no point");
  return {};
}

Result<Measure> RuleMeasure(const ProposalBody& proposal) {
  const ProposalTerms& terms = proposal.terms;
  if (proposal.subject.empty() && proposal.value.empty() && (terms.points || terms.review_s)) {
    if (terms.points) TRY(CheckPoints(proposal));
    return Measure(Resolve{proposal.matter});
  }
  if (terms.points) return Fail(Code::kMalformed, "points beside a rule");
  if (proposal.subject != kEveryMatter && !IsMatter(proposal.subject))
    return Fail(Code::kMalformed, "the subject is no matter");
  ASSIGN(Rule rule, ParseRule(proposal.value));
  return Measure(ChangeRule{proposal.subject, std::move(rule)});
}

// Whether what the proposal says about itself fits what it would change.
Result<void> CheckTerms(const ProposalBody& proposal, const Measure& measure) {
  const ProposalTerms& terms = proposal.terms;
  const bool resolves = std::holds_alternative<Resolve>(measure);
  if ((terms.points || terms.review_s) && proposal.matter != kRule)
    return Fail(Code::kMalformed, "points or a review of another matter");
  if (terms.recommendation && (!resolves || proposal.matter == kRule))
    return Fail(Code::kMalformed, "a recommendation that has an effect");
  if (terms.freeze && (!resolves || terms.points || terms.review_s))
    return Fail(Code::kMalformed, "a frozen text of another matter");
  return {};
}

Act ProposalAct(const Reading& reading) {
  const auto said = ReadProposal(reading.body);
  if (!said) return Other{};
  auto measure = MeasureOf(*said);
  if (!measure) return Other{};
  if (said->matter == kAdmit || said->matter == kRekey) {
    const auto proven = log::ParseProvenCard(said->value);
    CHECK(proven.has_value());
    const OrgId org = said->matter == kAdmit ? std::get<Admit>(*measure).card.org
                                             : std::get<Rekey>(*measure).card.org;
    reading.directory.Note(org, reading.entry.id, proven->card);
  }
  return Proposal{*std::move(measure), said->terms};
}

Act DeviceAddAct(Reading& reading) {
  auto said = ReadDeviceAdd(reading.body);
  if (!said) return Other{};
  // A card says it once: whoever posts it again, behind a revocation, brings nobody back.
  for (const Directory::Claim& claim : reading.directory.ClaimsOn(said->card.card.device))
    if (claim.card == said->card.card && reading.in_past(claim.said_by)) return Other{};
  const log::Card& card = said->card.card;
  if (reading.directory.HasAsMany(said->org, card.root_key, kAddedDevicesMax, reading.in_past))
    return Other{};
  reading.directory.NoteAdd(said->org, reading.entry.id, card);
  // Whoever wrote the entry: the card is what the root key has signed.
  reading.author = {said->org, said->card.card.root_key, /*root=*/true};
  return AddDevice{said->card.card.device};
}

Act ForkAct(const Reading& reading) {
  const Bytes* lower = log::FindField(reading.body, log::kLowerBranch);
  const Bytes* higher = log::FindField(reading.body, log::kHigherBranch);
  if (lower == nullptr || higher == nullptr || !reading.entry.header.net) return Other{};
  const auto fork = log::CheckFork(*reading.entry.header.net, AsText(*lower), AsText(*higher));
  if (!fork) return Other{};
  const auto org = reading.directory.OrgOfDevice(fork->feed.device, reading.in_past);
  if (!org) return Other{};
  const std::string place = fork->feed.space.Hex() + fork->feed.device.Hex() +
                            fork->feed.life.Hex() + std::to_string(fork->seq);
  return ForkEvidence{{*org, fork->feed.device},
                      {crypto::Sha256(AsBytes(std::string_view(place))).bytes}};
}

Act ActOf(Reading& reading) {
  const log::Header& header = reading.entry.header;
  const std::string_view kind = header.kind;
  if (!HasItsEvidence(header)) return Other{};
  if (kind == kProposal) return ProposalAct(reading);
  if (kind == kDeviceAdd) return DeviceAddAct(reading);
  if (kind == log::kForkEvidence) return ForkAct(reading);
  if (kind == kVote && header.about) {
    if (const auto said = ReadVote(reading.body)) return Vote{*header.about, said->position};
  } else if (kind == kEnact && header.about) {
    if (auto votes = ReadEnact(reading.body)) return Enact{*header.about, *std::move(votes)};
  } else if (kind == kSeal) {
    if (ReadSeal(reading.body)) return Seal{};
  } else if (kind == kSealVote && header.about) {
    if (reading.body.slots.empty()) return SealVote{*header.about};
  } else if (kind == kDeviceRevoke) {
    if (const auto device = ReadDeviceRevoke(reading.body)) return RevokeDevice{*device};
  } else if (kind == kOrgLeave) {
    if (reading.body.slots.empty()) return Leave{};
  }
  return Other{};
}

Result<Measure> MeasureAlone(const ProposalBody& proposal) {
  const std::string& matter = proposal.matter;
  if (matter == kAdmit || matter == kRekey) return CardMeasure(proposal);
  if (matter == kRemove || matter == kInactive) return OrgMeasure(proposal);
  if (matter == kRole) return RoleMeasure(proposal);
  if (matter == kRule) return RuleMeasure(proposal);
  if (matter == kSpace && !(proposal.subject.empty() && proposal.value.empty())) {
    ASSIGN(ChangeSpace change, ParseSpace(proposal.subject, proposal.value));
    return Measure(std::move(change));
  }
  if (matter == kContent && !(proposal.subject.empty() && proposal.value.empty())) {
    const auto space = log::SpaceId::FromHexText(proposal.subject);
    if (!space) return Fail(Code::kMalformed, "the subject is no space");
    TRY(log::ParseErasure(proposal.value));
    return Measure(EraseContent{*space});
  }
  if (!IsMatter(matter)) return Fail(Code::kMalformed, "no matter of this name");
  if (!proposal.subject.empty() || !proposal.value.empty())
    return Fail(Code::kMalformed, "a subject or value that the matter has not");
  return Measure(Resolve{matter});
}

}  // namespace

Result<Measure> MeasureOf(const ProposalBody& proposal) {
  ASSIGN(Measure measure, MeasureAlone(proposal));
  TRY(CheckTerms(proposal, measure));
  return measure;
}

std::vector<EntryId> ParentsOf(const log::Header& header) {
  std::vector<EntryId> parents = header.seen;
  if (header.prev) parents.push_back(*header.prev);
  if (header.about) parents.push_back(*header.about);
  std::sort(parents.begin(), parents.end());
  parents.erase(std::unique(parents.begin(), parents.end()), parents.end());
  return parents;
}

Entry ReadEntry(const log::Entry& entry, const log::Body* body, Directory& directory,
                const std::function<bool(const EntryId&)>& in_past) {
  static const log::Body kNoBody;
  const auto org = directory.OrgOfDevice(entry.header.device, in_past);
  Reading reading{entry,
                  body == nullptr ? kNoBody : *body,
                  directory,
                  in_past,
                  {org.value_or(OrgId()), entry.header.device, /*root=*/false}};
  const Author writer = reading.author;
  Act act = entry.header.fields > 0 && body == nullptr ? Act(Other{}) : ActOf(reading);
  return {entry.id, ParentsOf(entry.header), reading.author, std::move(act), writer};
}

Entry ReadCharter(const log::Founding& founding) {
  auto rules = RulesOf(founding.text);
  CHECK(rules.has_value());
  Charter charter;
  for (const log::Card& card : founding.text.founders)
    charter.founders.push_back(KeysOf(card.org(), card));
  charter.rules = *std::move(rules);
  return {founding.charter.id, {}, {}, std::move(charter)};
}

}  // namespace geflecht::governance
