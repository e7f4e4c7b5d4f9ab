// What a report says about one agreement, as the verifier recomputed it from the papers that are
// open in the bundle.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "node/governance/agreement_state.h"

namespace geflecht::audit {

struct SignatureFact {
  log::EntryId entry;
  log::EntryId version;
  std::string organisation;
  std::string person;  // "" if the name is not open, or erased
  std::optional<log::EntryId> mandate;
  std::string mandate_terms;  // "sign 2026-01-01 -"; "" without a mandate
  std::int64_t time_s = 0;
  std::optional<governance::StatementFault> fault;
};

struct NoticeFact {
  SignatureFact act;
  bool counts = false;
  std::vector<std::string> waits_for;
  std::optional<governance::Day> received, ends;
};

struct AgreementFact {
  log::SpaceId space;
  std::string space_name;  // "" of the network space
  log::EntryId id;
  std::string title;
  std::vector<std::string> parties, missing;  // of the version that holds, or would
  governance::AgreementState state;           // at the bundle's date
  std::vector<SignatureFact> signatures;
  std::vector<NoticeFact> notices;
};

}  // namespace geflecht::audit
