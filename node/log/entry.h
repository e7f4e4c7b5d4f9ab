// Entries, and runs of them: the unit of admission, wire and proof (docs/formats/entry.md).
#pragma once

#include <optional>
#include <span>
#include <string>
#include <vector>

#include "node/log/body.h"
#include "node/log/header.h"

namespace geflecht::log {

struct Entry {
  Header header;
  EntryId id;
  std::optional<crypto::Signature> signature;  // present only where it was checked or just made

  // `id` from the rendered header. The header has passed CheckHeader.
  static Entry Of(Header header, std::optional<crypto::Signature> signature = std::nullopt);
  bool operator==(const Entry&) const = default;
};

using Run = std::vector<Entry>;  // 1..256 consecutive entries of one feed, the last one signed

// Where a feed stands.
struct FeedHead {
  std::uint64_t next_seq = 0;
  std::optional<EntryId> head;  // id of next_seq - 1
  std::vector<EntryId> basis;   // of the head
  bool operator==(const FeedHead&) const = default;
};

// Kinds that may be covered by a later signature of the same run: change, gather, blob. Every other
// kind carries its own.
bool MayBeCovered(std::string_view kind);

// Checks that `run` (entries made by Entry::Of) is one feed's, continues it at `head` without a gap
// and belongs to `network`: every entry names it, or is the founding charter that it is the id of.
// The last entry's signature must hold, and each own signature of kinds that need one; that costs
// one verification for each. Kinds outside of docs/formats/kinds.md pass. On success signatures
// that were not checked are removed from `run`. Otherwise kMalformed (empty or over 256 entries) or
// kVerification with the position in the run; `run` is then unchanged. Left to admission, which
// knows the entries' past: whether seen, about and basis exist, whether the basis contains the
// feed's previous one (FeedHead::basis), and whether the device may write.
Result<void> VerifyRun(const NetworkId& network, const FeedHead& head, Run& run);
// The same for entries whose ids were made from these headers a moment ago, by Entry::Of: they are
// not made again.
Result<void> VerifyFreshRun(const NetworkId& network, const FeedHead& head, Run& run);

// The position behind `run`, which is not empty and was verified against the head in front of it.
FeedHead HeadAfter(const Run& run);

// Signs `header`, which has passed CheckHeader, with the key of its device.
Entry Sign(Header header, const crypto::SigningKey& device_key);

}  // namespace geflecht::log
