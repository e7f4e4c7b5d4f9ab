// What a report says about a decision that erases: what it asks for, and what the bundle shows of
// its being carried out.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "node/log/erase.h"
#include "node/log/ids.h"

namespace geflecht::audit {

// An erasure that names the decision and counts by it.
struct CarriedErasure {
  log::EntryId entry;
  std::string organisation;  // that wrote it
  std::int64_t time_s = 0;   // claimed, since 1970
  // Organisations of which a device has said in the bundle that its files hold nothing of it any
  // more; by name, each once.
  std::vector<std::string> confirmed = {};
};

struct ErasureFact {
  log::SpaceId space;
  log::Erasure asked;
  std::vector<CarriedErasure> carried = {};  // by entry; empty: none in the bundle
};

}  // namespace geflecht::audit
