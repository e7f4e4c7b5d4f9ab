// What the entries of the root space say: their bodies as values, and back
// (docs/formats/governance.md). Reading is strict: a body of another form counts for nothing.
// Pure; thread-safe.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "base/rng.h"
#include "node/governance/body_fields.h"
#include "node/governance/entry.h"
#include "node/governance/proposal_terms.h"
#include "node/log/body.h"
#include "node/log/card.h"

namespace geflecht::governance {

inline constexpr std::size_t kTitleBytesMax = 512;
inline constexpr std::size_t kTextBytesMax = 64 * 1024;  // of a proposal, comment or reason
inline constexpr std::size_t kListedVotesMax = 4096;

// What is to be decided. Its fields are evidence but for the note, which may name persons.
struct ProposalBody {
  std::string matter;   // as in log::RuleLine
  std::string subject;  // an organisation's id, a matter; "" if the matter has none
  std::string value;    // a card, a rule, a role; "" if the matter has none
  std::optional<std::int64_t> deadline_s;  // until when votes are asked for
  std::string title;                       // one line
  std::string text;                        // lines that end with LF, or ""
  std::string note;                        // erasable; ""
  ProposalTerms terms = {};
  bool operator==(const ProposalBody&) const = default;
};

// "yes", "no", "abstain", "objection".
std::string_view PositionName(Position position);
std::optional<Position> PositionOf(std::string_view name);

struct VoteBody {
  Position position = Position::kAbstain;
  std::string reason;  // erasable; an objection has one
  bool operator==(const VoteBody&) const = default;
};

// A further device of an organisation, certified by its root key. Anybody may write it.
struct DeviceAddBody {
  OrgId org;
  log::ProvenCard card;
  bool operator==(const DeviceAddBody&) const = default;
};

// Each CHECKs nothing: what a person typed is judged by the reader, kMalformed or kTooLarge.
Result<Said> SayProposal(const ProposalBody& proposal, Random& random);
Result<Said> SayVote(const VoteBody& vote, Random& random);
Result<Said> SayComment(std::string_view text, Random& random);
Result<Said> SayEnact(std::vector<log::EntryId> votes, Random& random);
Said SaySeal(const crypto::Hash256& state, Random& random);
Said SayDeviceAdd(const DeviceAddBody& add, Random& random);
Said SayDeviceRevoke(const log::DeviceId& device, Random& random);

// kMalformed if the body is not of the form, or lacks a field that it is judged by. Erasable fields
// may be withheld: they are then empty.
Result<ProposalBody> ReadProposal(const log::Body& body);
Result<VoteBody> ReadVote(const log::Body& body);
Result<std::string> ReadComment(const log::Body& body);
Result<std::vector<log::EntryId>> ReadEnact(const log::Body& body);  // ascending
Result<crypto::Hash256> ReadSeal(const log::Body& body);
Result<DeviceAddBody> ReadDeviceAdd(const log::Body& body);
Result<log::DeviceId> ReadDeviceRevoke(const log::Body& body);

}  // namespace geflecht::governance
