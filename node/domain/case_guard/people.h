// Evidence that takes more than a word: names, initials, dates of birth, ages, codes of diagnoses.
#pragma once

#include <cstdint>
#include <vector>

#include "node/domain/case_guard/folded.h"
#include "node/domain/case_guard/lexicon.h"

namespace geflecht::domain::case_guard {

// Looks at each word with at most kNeighbours words around it. `folded` has its marks already.
std::vector<Hit> FindPeople(const Folded& folded, std::uint64_t& steps);

}  // namespace geflecht::domain::case_guard
