// Replica's agreements: what was written about them, and what this node writes.
#include <algorithm>
#include <iterator>

#include "node/governance/kinds.h"
#include "node/replica/replica.h"

namespace geflecht::replica {
namespace {

using governance::Agreement;
using governance::AgreementPhase;
using governance::AgreementState;

// A second signature may bring evidence along; one without would say nothing.
bool HasSigned(const Agreement& agreement, const log::EntryId& version, const log::OrgId& org) {
  const auto& signatures = agreement.papers.signatures;
  return std::any_of(signatures.begin(), signatures.end(), [&](const governance::PartyAct& act) {
    return !act.fault && act.version == version && act.org == org;
  });
}

tl::unexpected<Error> NoAgreement() {
  return Fail(Code::kNotFound, "no agreement of this id", "hint.agreement-id");
}

}  // namespace

governance::AgreementBook::InPast Replica::BasisOf(const Paper& paper) const {
  return [this, basis = paper.basis](const log::EntryId& entry) {
    return std::any_of(basis.begin(), basis.end(),
                       [&](const log::EntryId& head) { return council_.Covers(head, entry); });
  };
}

Result<void> Replica::ReadPapers() {
  for (auto& [space, held] : papers_)
    for (const Paper& paper : held.papers.all()) {
      if (held.book.Has(paper.id)) continue;
      ASSIGN(const auto body, BodyOf(paper));
      if (!body) continue;
      held.book.Add({paper.id, paper.kind, paper.about, OrgOf(paper), paper.time_s, paper.evidence},
                    *body, BasisOf(paper));
    }
  return {};
}

// Whoever has no seat in a circle can neither read a text there nor sign it.
bool Replica::MayBeParty(const log::OrgId& org, const log::SpaceId& space) const {
  return council_.state().Member(org) != nullptr &&
         (space == network_space_ || members().HasSeat(org, space));
}

Result<void> Replica::Complete(Agreement& agreement) const {
  governance::AgreementPapers& papers = agreement.papers;
  const SpaceLog& log = Log(agreement.space);
  const Receipts& receipts = papers_.at(agreement.space).receipts;
  for (const governance::PartyAct& notice : papers.notices) {
    for (const auto& [feed, first] : receipts.Of(notice.id)) {
      ASSIGN(const auto stored, log.EntryOf(first.entry));
      if (!stored) return Fail(Code::kCorruption, "a receipt is not in the log");
      const log::Header& header = stored->entry.header;
      const auto org = council_.OrgAt(header.device, header.basis);
      if (!org) continue;
      auto& received = papers.received[notice.id];
      const auto [at, fresh] = received.try_emplace(*org, first.time_s);
      if (!fresh) at->second = std::min(at->second, first.time_s);
    }
    for (const governance::PartyAct& act : papers.signatures) {
      ASSIGN(const auto stored, log.EntryOf(act.id));
      if (stored && receipts.Knows(log, notice.id, stored->feed(), stored->entry.header.seq))
        papers.knew.insert({notice.id, act.id});
    }
  }
  for (const governance::AgreementVersion& version : papers.versions)
    for (const log::OrgId& party : version.terms.parties)
      if (!MayBeParty(party, agreement.space)) papers.gone.insert(party);
  return {};
}

Result<std::vector<Agreement>> Replica::Agreements() {
  TRY(ReadPapers());
  std::vector<Agreement> all;
  for (const log::SpaceId& space : DocumentSpaces()) {
    auto found = papers_.at(space).book.All();
    std::move(found.begin(), found.end(), std::back_inserter(all));
  }
  std::sort(all.begin(), all.end(),
            [](const Agreement& a, const Agreement& b) { return a.id() < b.id(); });
  for (Agreement& agreement : all) TRY(Complete(agreement));
  return all;
}

Result<Agreement> Replica::AgreementOf(const log::EntryId& version) {
  TRY(ReadPapers());
  std::optional<Agreement> agreement;
  for (const auto& [space, held] : papers_)
    if (!agreement) agreement = held.book.Of(version);
  if (!agreement) return NoAgreement();
  TRY(Complete(*agreement));
  return *std::move(agreement);
}

Result<governance::Frozen> Replica::FrozenText(const log::EntryId& freeze) const {
  const Paper* paper = FindPaper(freeze);
  if (paper == nullptr) return NoAgreement();
  ASSIGN(const auto body, BodyOf(*paper));
  if (!body) return NoAgreement();
  return governance::ReadFrozen(*body, paper->evidence);
}

Result<void> Replica::CheckAgreement(const governance::Frozen& frozen, const log::SpaceId& space) {
  const auto terms = governance::ParseAgreementTerms(frozen.terms);
  if (!terms) return Fail(Code::kUsage, terms.error().detail, "hint.agreement-terms");
  for (const log::OrgId& party : terms->parties)
    if (council_.state().Member(party) == nullptr)
      return Fail(Code::kNotPermitted, "a party is no member", "hint.party-no-member");
  for (const log::OrgId& party : terms->parties)
    if (!MayBeParty(party, space))
      return Fail(Code::kNotPermitted, "a party has no seat in the space", "hint.party-no-seat");
  if (!terms->parent) return {};
  ASSIGN(const Agreement parent, AgreementOf(*terms->parent));
  if (parent.space == space || parent.space == network_space_) return {};
  return Fail(Code::kNotPermitted, "the agreement above it lies in another space",
              "hint.agreement-parent-space");
}

Result<log::EntryId> Replica::Amend(const log::EntryId& version, const governance::Frozen& frozen,
                                    Time now) {
  ASSIGN(const Agreement agreement, AgreementOf(version));
  TRY(CheckMayWriteIn(agreement.space));
  TRY(CheckAgreement(frozen, agreement.space));
  const AgreementState state = governance::StateOf(agreement.papers, now.wall_ms / 1000);
  if (state.phase == AgreementPhase::kEnded)
    return Fail(Code::kConflict, "the agreement has ended", "hint.agreement-ended");
  if (!state.signed_s)
    return Fail(Code::kConflict, "not every party has signed", "hint.agreement-not-signed");
  if (state.version != version)
    return Fail(Code::kConflict, "another version holds", "hint.agreement-other-version");
  ASSIGN(const governance::Said said, governance::SayFrozen(frozen, random_));
  return WriteOwn(*FindLog(agreement.space),
                  {governance::kAmend, version, &said.body, said.evidence}, now);
}

Result<void> Replica::CheckStatement(std::string_view kind, const log::SpaceId& space,
                                     const log::EntryId& version,
                                     const governance::SignedStatement& said,
                                     std::string_view act) {
  TRY(CheckMayWriteIn(space));
  const log::OrgId own = members().ByDevice(self())->org;
  const std::vector<log::EntryId> basis = council_.tips();
  const auto fault = papers_.at(space).book.WhyNot(
      {{}, std::string(kind), version, own, 0, 0}, said, act, [&](const log::EntryId& entry) {
        return std::any_of(basis.begin(), basis.end(),
                           [&](const log::EntryId& head) { return council_.Covers(head, entry); });
      });
  if (!fault) return {};
  const std::string name(governance::FaultName(*fault));
  return Fail(Code::kNotPermitted, "the statement counts for nothing: " + name,
              "hint.statement." + name);
}

Result<log::EntryId> Replica::Sign(const log::EntryId& version, const governance::SignBody& sign,
                                   Time now) {
  ASSIGN(const Agreement agreement, AgreementOf(version));
  TRY(CheckStatement(governance::kSign, agreement.space, version, sign.said, governance::kActSign));
  const AgreementState state = governance::StateOf(agreement.papers, now.wall_ms / 1000);
  const governance::AgreementVersion& text = *agreement.papers.Version(version);
  const log::OrgId& org = sign.said.statement.org;
  const governance::AgreementVersion* before =
      text.amends ? agreement.papers.Version(*text.amends) : nullptr;
  if (!text.terms.HasParty(org) && (before == nullptr || !before->terms.HasParty(org)))
    return Fail(Code::kNotPermitted, "no party", "hint.statement.no-party");
  if (state.phase == AgreementPhase::kEnded)
    return Fail(Code::kConflict, "the agreement has ended", "hint.agreement-ended");
  if (text.amends && *text.amends != state.version && version != state.version)
    return Fail(Code::kConflict, "another version holds", "hint.agreement-other-version");
  if (sign.evidence.empty() && HasSigned(agreement, version, org))
    return Fail(Code::kConflict, "the party has signed", "hint.agreement-signed");
  ASSIGN(const governance::Said said, governance::SaySign(sign, random_));
  return WriteOwn(*FindLog(agreement.space),
                  {governance::kSign, version, &said.body, said.evidence}, now);
}

Result<log::EntryId> Replica::GiveNotice(const log::EntryId& version,
                                         const governance::NoticeBody& notice, Time now) {
  ASSIGN(const Agreement agreement, AgreementOf(version));
  TRY(CheckStatement(governance::kNotice, agreement.space, version, notice.said,
                     governance::kActNotice));
  const AgreementState state = governance::StateOf(agreement.papers, now.wall_ms / 1000);
  const governance::AgreementTerms& terms = agreement.papers.Version(version)->terms;
  if (!terms.HasParty(notice.said.statement.org))
    return Fail(Code::kNotPermitted, "no party", "hint.statement.no-party");
  if (state.version != version || !state.signed_s)
    return Fail(Code::kConflict, "the version does not hold", "hint.agreement-other-version");
  if (state.phase == AgreementPhase::kEnded)
    return Fail(Code::kConflict, "the agreement has ended", "hint.agreement-ended");
  if (!terms.notice) return Fail(Code::kNotPermitted, "no notice period", "hint.no-notice-period");
  ASSIGN(const governance::Said said, governance::SayNotice(notice, random_));
  return WriteOwn(*FindLog(agreement.space),
                  {governance::kNotice, version, &said.body, said.evidence}, now);
}

}  // namespace geflecht::replica
