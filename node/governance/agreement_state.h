// How an agreement stands on a day: a pure function of what was written about it
// (docs/formats/agreement.md, State). The same papers give the same state at every node.
#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string_view>
#include <utility>
#include <vector>

#include "node/governance/agreement.h"
#include "node/governance/mandates.h"

namespace geflecht::governance {

// A freeze, or an amend of an earlier version.
struct AgreementVersion {
  EntryId id;
  std::optional<EntryId> amends;
  OrgId writer;
  std::int64_t time_s = 0;
  AgreementTerms terms;
  std::size_t evidence = 0;  // files
};

// What one party said about a version. `fault`: it counts for nothing.
struct PartyAct {
  EntryId id;
  EntryId version;
  OrgId org;
  std::optional<EntryId> mandate;
  std::int64_t time_s = 0;
  std::size_t evidence = 0;  // files of a signature
  std::optional<StatementFault> fault;
};

// Everything that was written about one agreement.
struct AgreementPapers {
  std::vector<AgreementVersion> versions;  // the freeze first
  std::vector<PartyAct> signatures, notices;
  // By notice: when an organisation had it in its past for the first time, by its own claims.
  std::map<EntryId, std::map<OrgId, std::int64_t>> received;
  // (notice, signature): whoever signed knew of the notice.
  std::set<std::pair<EntryId, EntryId>> knew;
  // Parties that are no members any more: a notice cannot reach them here.
  std::set<OrgId> gone;

  const AgreementVersion* Version(const EntryId& id) const;  // nullptr
};

enum class AgreementPhase : std::uint8_t {
  kFrozen,  // nobody has signed
  kPartlySigned,
  kSigned,  // all have; it waits for its start, or for evidence
  kInForce,
  kNoticeGiven,  // in force until the notice ends it
  kEnded,
};
// "frozen", "partly-signed", "signed", "in-force", "notice-given", "ended".
std::string_view PhaseName(AgreementPhase phase);

struct AgreementState {
  // An amend that not everybody has signed, or whose start has not come.
  struct Offer {
    EntryId version;
    std::vector<OrgId> missing;
    bool evidence_missing = false;
    std::optional<Day> from;  // complete: from then on
    bool operator==(const Offer&) const = default;
  };
  struct Notice {
    EntryId notice;
    OrgId by;
    std::vector<OrgId> waits_for;    // members that have not received it
    std::vector<OrgId> unreachable;  // parties that are no members any more
    std::optional<Day> received;     // by the last one
    std::optional<Day> ends;         // the agreement's last day by it
    bool operator==(const Notice&) const = default;
  };
  AgreementPhase phase = AgreementPhase::kFrozen;
  EntryId version;             // whose text holds, or would
  std::vector<OrgId> missing;  // have not signed it
  bool evidence_missing = false;
  std::optional<std::int64_t> signed_s;  // the last signature that it needs
  std::optional<Day> since;              // in force; may lie ahead
  std::optional<Day> ends;               // the last day, by term or notice
  std::vector<EntryId> replaced;         // versions that no longer hold, oldest first
  std::vector<Offer> offers;
  std::vector<EntryId> rivals;  // amends that all had signed when another one had replaced the same
  std::vector<Notice> notices;
  bool operator==(const AgreementState&) const = default;
};

// As it stood at that time, of what had been signed by then. CHECKs that there is a version.
AgreementState StateOf(const AgreementPapers& papers, std::int64_t at_s);

}  // namespace geflecht::governance
