// Networks in which everybody decides about everything, mostly in good faith and often at once:
// bodies, roles, devices, rules with carriers, new keys, decisions that replace others, seals.
#pragma once

#include <bitset>
#include <cstdint>
#include <vector>

#include "base/rng.h"
#include "node/governance/entry.h"

namespace geflecht::governance {

// The entries of the network with this seed, each behind its past.
std::vector<Entry> CouncilEntries(std::uint64_t seed);

}  // namespace geflecht::governance
