// Which decisions of a set are effective (governance.md, evaluate(P): belief).
#pragma once

#include <vector>

#include "node/governance/views.h"

namespace geflecht::governance {

// `candidates`: by (size of past, id) of their first valid enact. Sets `effective` and
// `provisional`. With `judge`, provisional ones are decided on all votes in `set`.
void Believe(Views& views, const Graph& graph, const Clock& set, Index chain, bool judge,
             std::vector<Candidate>& candidates);

}  // namespace geflecht::governance
