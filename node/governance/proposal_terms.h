// What a proposal says about itself beside its matter: field `terms` of its body
// (docs/formats/governance.md). Pure; thread-safe.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "base/result.h"
#include "base/strong_id.h"
#include "node/crypto/hash.h"
#include "node/log/ids.h"

namespace geflecht::governance {

using MeetingId = StrongId<struct MeetingTag, 16>;  // of its document

// A frozen text in another space: the entry that froze it and the root of its body.
struct FreezeRef {
  log::SpaceId space;
  log::EntryId entry;
  crypto::Hash256 root;
  bool operator==(const FreezeRef&) const = default;
};

struct ProposalTerms {
  std::optional<FreezeRef> freeze;         // what is decided is that text
  std::optional<MeetingId> meeting;        // in which it is or was dealt with
  bool points = false;                     // the text is the new points of the rules, a line each
  bool recommendation = false;             // binds nobody; never shown as a decision
  std::optional<std::int64_t> review_s;    // midnight UTC of the day the rules are looked at again
  std::optional<log::EntryId> supersedes;  // a proposal
  bool operator==(const ProposalTerms&) const = default;
};

// A line for each that is there, ascending; "" if none is.
std::string RenderTerms(const ProposalTerms& terms);
// Strict to the byte. kMalformed.
Result<ProposalTerms> ParseTerms(std::string_view text);

}  // namespace geflecht::governance
