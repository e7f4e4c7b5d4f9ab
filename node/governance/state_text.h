// The state of a network as text, whose hash a seal names: whoever votes for the seal has computed
// the same (docs/formats/governance.md, State text). Pure.
#pragma once

#include <string>

#include "node/crypto/hash.h"
#include "node/governance/state.h"

namespace geflecht::governance {

std::string RenderState(const State& state);
// SHA-256 of it.
crypto::Hash256 HashOf(const State& state);

}  // namespace geflecht::governance
