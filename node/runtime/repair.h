// A new store in the place of a damaged one: `geflecht doctor --repair`.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "base/clock.h"
#include "node/log/charter.h"
#include "node/runtime/directory.h"

namespace geflecht::runtime {

struct Repaired {
  std::string kept_as;        // the folder in DIR that holds the damaged store now
  std::uint64_t entries = 0;  // salvaged; the rest comes from partners
  std::uint64_t lost = 0;     // known to be unreadable here
};

// Builds a store in DIR/store.new from the founding and everything that can be read of DIR/store,
// then exchanges the two and names the damaged one DIR/store.damaged-N. The keys stay. The caller
// holds the directory's lock. An interrupted repair leaves DIR/store as it was, or done.
// kNotInitialised, kWrongPassphrase; kIncomplete with "hint.founding-needed" if the founding cannot
// be read and is not given; kNotPermitted if the device's card is not in it; kConflict if
// `founding` is that of another network than the readable one; kNoSpace, kIo.
Result<Repaired> Repair(const Paths& paths, const crypto::SecretBytes& passphrase,
                        const std::optional<log::Founding>& founding, Time now, Random& random);

}  // namespace geflecht::runtime
