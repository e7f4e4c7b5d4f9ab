// Makes an audit bundle of what a node holds (docs/formats/bundle.md). Pure.
#pragma once

#include <cstdint>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "node/audit/bundle.h"
#include "node/audit/bundle_info.h"
#include "node/log/charter.h"

namespace geflecht::audit {

// Taken from one snapshot: every entry that another one names is among them.
struct ExportInput {
  struct Feed {
    log::FeedKey key;
    // From seq 0 on; the branches of a forked feed one behind the other, each behind the entry
    // that it stands on. The last one of each branch is signed.
    std::vector<log::Entry> entries;
    std::vector<std::optional<log::Body>> bodies;  // one for each entry; nothing: not held
  };
  log::Founding founding;   // signed by all founders
  std::vector<Feed> feeds;  // in any order; the feed of the charter may be there or not
};

struct ExportOptions {
  Level level = Level::kFull;
  // Closed circles among them go along with the root space and the network space. At level scope
  // these are the spaces whose bodies do; none: the network space.
  std::vector<log::SpaceId> spaces;
  std::optional<std::int64_t> from_s;  // of level scope; both ends belong to the period
  std::optional<std::int64_t> to_s;
  std::optional<log::EntryId> entry;    // of level receipt
  std::string nonce;                    // IsNonce, or empty
  std::set<log::SpaceId> open_spaces;   // all fields of their entries are disclosed
  std::set<log::EntryId> open_entries;  // all fields of these
  bool open_agreements = false;         // what is not erasable of their papers
  std::int64_t time_s = 0;              // now, in seconds since 1970; informative
};

// Adds what a person named to open: a space (32 hexadecimal digits), an entry (64), or
// "agreements". kUsage.
Result<void> AddOpen(ExportOptions& options, std::string_view hex);

// Each of them a date (YYYY-MM-DD, the whole day) or a time (YYYY-MM-DDThh:mm:ssZ), or empty for an
// end that is open. kUsage.
Result<void> AddPeriod(ExportOptions& options, std::string_view from, std::string_view to);

// The bundle, files ascending by name. The charter's field is open, every other field is a leaf
// unless `options` open it. `device_key` signs the manifest and a checkpoint of each feed;
// kNotPermitted unless it is a member's, and with a hint if it does not read a circle that is
// named; feeds of other circles are left out, whatever `input` holds. kNotFound if a space or an
// entry to open is not among `feeds`; kUsage if the options contradict each other or the entry of a
// receipt stands on a later branch of a forked feed. kCorruption if the founding lacks a signature,
// a branch has a gap or no signature at its end, or a body does not belong to its entry; signatures
// are not verified.
Result<Bundle> Export(const ExportInput& input, const ExportOptions& options,
                      const crypto::SigningKey& device_key);

}  // namespace geflecht::audit
