// The founding of a simulated network.
#pragma once

#include <memory>
#include <vector>

#include "tests/sim/site.h"

namespace geflecht::sim {

// By all of `sites`, each of which signs.
log::Founding Found(const std::vector<std::unique_ptr<Site>>& sites, Random& random);

}  // namespace geflecht::sim
