#include "node/governance/agreement_book.h"

#include <algorithm>
#include <utility>

#include "node/governance/kinds.h"

namespace geflecht::governance {
namespace {

bool Earlier(const PartyAct& a, const PartyAct& b) {
  return std::pair(a.time_s, a.id) < std::pair(b.time_s, b.id);
}

}  // namespace

void AgreementBook::Add(const Paper& paper, const log::Body& body, const InPast& in_past) {
  if (!known_.emplace(paper.id, true).second || !paper.writer) return;
  if (paper.kind == kSign) {
    if (const auto sign = ReadSign(body, paper.evidence))
      AddAct(paper, sign->said, sign->evidence.size(), kActSign, in_past);
    return;
  }
  if (paper.kind == kNotice) {
    if (const auto notice = ReadNotice(body, paper.evidence))
      AddAct(paper, notice->said, 0, kActNotice, in_past);
    return;
  }
  if (paper.about.has_value() != (paper.kind == kAmend)) return;
  const auto frozen = ReadFrozen(body, paper.evidence);
  if (!frozen || frozen->what != kAgreement) return;
  auto terms = ParseAgreementTerms(frozen->terms);
  if (!terms) return;
  titles_[paper.id] = frozen->title;
  versions_[paper.id] = {paper.id,     paper.about,       *paper.writer,
                         paper.time_s, *std::move(terms), frozen->evidence.size()};
}

std::optional<StatementFault> AgreementBook::WhyNot(const Paper& paper, const SignedStatement& said,
                                                    std::string_view act,
                                                    const InPast& in_past) const {
  const Statement& statement = said.statement;
  if (statement.net != network_ || statement.act != act || statement.object != paper.about ||
      !statement.value.empty())
    return StatementFault::kOtherObject;
  if (paper.writer != statement.org) return StatementFault::kOtherWriter;
  return mandates_->WhyNot(said, kRoleSign, in_past);
}

void AgreementBook::AddAct(const Paper& paper, const SignedStatement& said, std::size_t evidence,
                           std::string_view act, const InPast& in_past) {
  if (!paper.about) return;
  const Statement& statement = said.statement;
  (act == kActSign ? signatures_ : notices_)
      .push_back({paper.id, *paper.about, *paper.writer, statement.mandate, statement.time_s,
                  evidence, WhyNot(paper, said, act, in_past)});
}

const AgreementVersion* AgreementBook::Version(const EntryId& id) const {
  const auto it = versions_.find(id);
  return it == versions_.end() ? nullptr : &it->second;
}

std::optional<EntryId> AgreementBook::FreezeOf(const AgreementVersion& version) const {
  // What an entry is about lies in its past, so this ends.
  const AgreementVersion* at = &version;
  while (at != nullptr && at->amends) at = Version(*at->amends);
  return at == nullptr ? std::nullopt : std::optional(at->id);
}

bool AgreementBook::IsParty(const AgreementVersion& version, const OrgId& org) const {
  if (version.terms.HasParty(org)) return true;
  const AgreementVersion* before = version.amends ? Version(*version.amends) : nullptr;
  return before != nullptr && before->terms.HasParty(org);
}

std::vector<Agreement> AgreementBook::All() const {
  std::map<EntryId, Agreement> found;
  std::map<EntryId, EntryId> freeze_of;
  for (const auto& [id, version] : versions_) {
    const auto freeze = FreezeOf(version);
    if (!freeze) continue;
    freeze_of[id] = *freeze;
    Agreement& agreement = found[*freeze];
    agreement.titles[id] = titles_.at(id);
    auto& versions = agreement.papers.versions;
    versions.insert(id == *freeze ? versions.begin() : versions.end(), version);
  }
  for (const bool signs : {true, false}) {
    for (const PartyAct& one : signs ? signatures_ : notices_) {
      const auto freeze = freeze_of.find(one.version);
      if (freeze == freeze_of.end()) continue;
      PartyAct act = one;
      if (!act.fault && !IsParty(versions_.at(act.version), act.org))
        act.fault = StatementFault::kNoParty;
      AgreementPapers& papers = found.at(freeze->second).papers;
      (signs ? papers.signatures : papers.notices).push_back(std::move(act));
    }
  }
  std::vector<Agreement> all;
  for (auto& [id, agreement] : found) {
    std::sort(agreement.papers.signatures.begin(), agreement.papers.signatures.end(), Earlier);
    std::sort(agreement.papers.notices.begin(), agreement.papers.notices.end(), Earlier);
    all.push_back(std::move(agreement));
  }
  return all;
}

}  // namespace geflecht::governance
