// Who and what is there by the effective decisions of a set (governance.md, evaluate(P): presence).
#pragma once

#include <vector>

#include "node/governance/views.h"

namespace geflecht::governance {

// Continues `outcome`, what the chain has fixed, by the decided candidates of `outcome` and the
// entries `changes` that lie beside or after the chain.
void Appear(Views& views, const Graph& graph, const std::vector<Index>& changes, Index chain,
            Outcome& outcome);

}  // namespace geflecht::governance
