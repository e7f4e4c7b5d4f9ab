// Who and what is there by the effective decisions of a set (governance.md, evaluate(P): presence).
#pragma once

#include <vector>

#include "node/governance/views.h"

namespace geflecht::governance {

// Continues `outcome`, what the chain has fixed, by its decided candidates and by `changes`, the
// entries of `set` that lie beside or after the chain. What whoever added something knew is the
// past of the proposal, not of the enact: anybody may post an old certificate again.
void Appear(Views& views, const Graph& graph, const Clock& set, const std::vector<Index>& changes,
            Index chain, Outcome& outcome);

}  // namespace geflecht::governance
