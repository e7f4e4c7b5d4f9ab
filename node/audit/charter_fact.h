// What a report says about the rules of the network, as the verifier recomputed it.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace geflecht::audit {

struct CharterVersionFact {
  std::string title;     // of the proposal; empty: the charter's own
  std::string decision;  // its number, as a seal gave it; empty: none so far
  std::int64_t since_s = 0;
};

struct KnownVersionFact {
  std::string organisation;
  std::uint64_t version = 0;  // the latest that it is known to know; 0: none
};

struct CharterFact {
  std::vector<CharterVersionFact> versions;  // the oldest first: number 1
  std::optional<std::int64_t> review_s;      // when the rules were to be looked at again
  std::vector<KnownVersionFact> outdated;    // members that do not know the latest, by organisation
};

}  // namespace geflecht::audit
