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
  if (paper.about) amends_[*paper.about].push_back(paper.id);
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
  (act == kActSign ? signatures_ : notices_)[*paper.about].push_back(
      {paper.id, *paper.about, *paper.writer, statement.mandate, statement.time_s, evidence,
       WhyNot(paper, said, act, in_past)});
}

const AgreementVersion* AgreementBook::Version(const EntryId& id) const {
  const auto it = versions_.find(id);
  return it == versions_.end() ? nullptr : &it->second;
}

bool AgreementBook::IsParty(const AgreementVersion& version, const OrgId& org) const {
  if (version.terms.HasParty(org)) return true;
  const AgreementVersion* before = version.amends ? Version(*version.amends) : nullptr;
  return before != nullptr && before->terms.HasParty(org);
}

Agreement AgreementBook::Gathered(const AgreementVersion& freeze) const {
  Agreement agreement{space_, {}, {}};
  AgreementPapers& papers = agreement.papers;
  std::vector<EntryId> amends;
  // What an entry is about lies in its past, so this ends.
  for (std::vector<EntryId> open{freeze.id}; !open.empty();) {
    const EntryId at = open.back();
    open.pop_back();
    if (at != freeze.id) amends.push_back(at);
    if (const auto later = amends_.find(at); later != amends_.end())
      open.insert(open.end(), later->second.begin(), later->second.end());
  }
  std::sort(amends.begin(), amends.end());
  papers.versions.push_back(freeze);
  for (const EntryId& amend : amends) papers.versions.push_back(versions_.at(amend));
  for (const AgreementVersion& version : papers.versions) {
    agreement.titles[version.id] = titles_.at(version.id);
    for (const bool signs : {true, false}) {
      const auto& acts = signs ? signatures_ : notices_;
      const auto found = acts.find(version.id);
      if (found == acts.end()) continue;
      for (PartyAct act : found->second) {
        if (!act.fault && !IsParty(version, act.org)) act.fault = StatementFault::kNoParty;
        (signs ? papers.signatures : papers.notices).push_back(std::move(act));
      }
    }
  }
  std::sort(papers.signatures.begin(), papers.signatures.end(), Earlier);
  std::sort(papers.notices.begin(), papers.notices.end(), Earlier);
  return agreement;
}

std::optional<Agreement> AgreementBook::Of(const EntryId& version) const {
  const AgreementVersion* at = Version(version);
  while (at != nullptr && at->amends) at = Version(*at->amends);
  if (at == nullptr) return std::nullopt;
  return Gathered(*at);
}

std::vector<Agreement> AgreementBook::All() const {
  std::vector<Agreement> all;
  for (const auto& [id, version] : versions_)
    if (!version.amends) all.push_back(Gathered(version));
  return all;
}

}  // namespace geflecht::governance
