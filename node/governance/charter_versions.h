// The versions of a network's rules: the charter, and one for each effective decision that changes
// a rule, the points or the review date (docs/formats/governance.md, Versions of the rules). Pure.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <utility>
#include <vector>

#include "node/governance/evaluate.h"

namespace geflecht::governance {

struct CharterVersion {
  EntryId about;                // the proposal; of the first one the charter
  EntryId since;                // its first valid certificate; the charter
  std::optional<EntryId> seal;  // closed it; without one the number may still change
  std::uint64_t decision = 0;   // number of the decision; 0: none
};

// The oldest first: number 1 is the charter. CHECKs that the charter is there. By seal, then by
// (size of past, id) of the first valid certificate.
std::vector<CharterVersion> CharterVersions(Evaluator& evaluator);

// Of each member the latest version that it founded, was for or acknowledged, counted from 1; 0:
// none. `said` are entries of kind `acknowledge`: who wrote them and what they are about.
std::map<OrgId, std::uint64_t> KnownVersions(Evaluator& evaluator,
                                             const std::vector<CharterVersion>& versions,
                                             const std::vector<std::pair<OrgId, EntryId>>& said);

}  // namespace geflecht::governance
