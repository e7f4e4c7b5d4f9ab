// Gathers what was written about agreements, in whatever order it is found, and judges each paper
// by what its writer knew. Pure.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "node/governance/agreement_state.h"

namespace geflecht::governance {

// One agreement with all its versions. `received`, `knew` and `gone` of the papers are for the
// caller to fill in: they follow from the space's graph and from who is a member.
struct Agreement {
  log::SpaceId space;  // where all of it lies
  AgreementPapers papers;
  std::map<EntryId, std::string> titles;                            // of the versions
  const EntryId& id() const { return papers.versions.front().id; }  // of the freeze
};

// Of one space of a network: papers of one say nothing about those of another. `mandates` outlives
// it.
class AgreementBook {
 public:
  AgreementBook(const log::NetworkId& network, const log::SpaceId& space, const Mandates& mandates)
      : network_(network), space_(space), mandates_(&mandates) {}

  const log::SpaceId& space() const { return space_; }

  // A freeze, amend, sign or notice of the space.
  struct Paper {
    EntryId id;
    std::string kind;
    std::optional<EntryId> about;
    std::optional<OrgId> writer;  // for which its device signed
    std::int64_t time_s = 0;
    std::uint32_t evidence = 0;  // fields that the header says are
  };
  // Whether an entry of the root space is in the past of the paper's basis.
  using InPast = std::function<bool(const EntryId&)>;

  // Once for each, when its body is there. A body of another form makes the paper part of nothing.
  void Add(const Paper& paper, const log::Body& body, const InPast& in_past);
  bool Has(const EntryId& id) const { return known_.contains(id); }
  const AgreementVersion* Version(const EntryId& id) const;  // nullptr
  // Why a statement about a version would count for nothing; `act` is kActSign or kActNotice.
  std::optional<StatementFault> WhyNot(const Paper& paper, const SignedStatement& said,
                                       std::string_view act, const InPast& in_past) const;

  // By id of the freeze. Each costs what was written about it.
  std::vector<Agreement> All() const;
  // The agreement of which this is a version; nothing if there is none.
  std::optional<Agreement> Of(const EntryId& version) const;

 private:
  Agreement Gathered(const AgreementVersion& freeze) const;
  bool IsParty(const AgreementVersion& version, const OrgId& org) const;
  void AddAct(const Paper& paper, const SignedStatement& said, std::size_t evidence,
              std::string_view act, const InPast& in_past);

  log::NetworkId network_;
  log::SpaceId space_;
  const Mandates* mandates_;
  std::map<EntryId, bool> known_;
  std::map<EntryId, AgreementVersion> versions_;
  std::map<EntryId, std::string> titles_;
  std::map<EntryId, std::vector<EntryId>> amends_;                 // by version
  std::map<EntryId, std::vector<PartyAct>> signatures_, notices_;  // by version
};

}  // namespace geflecht::governance
