// What a report says about one decision, as the verifier recomputed it from the votes.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "node/audit/erasure_fact.h"
#include "node/crypto/hash.h"
#include "node/log/ids.h"

namespace geflecht::audit {

enum class RuleKind { kUnanimity, kConsent, kMajority, kTwoThirds, kNumber, kVotesCast };
enum class Position { kYes, kNo, kAbstain, kObjection, kSilent };
enum class DecisionStatus { kEffective, kProvisional, kRejected, kSuperseded };

struct VoteFact {
  std::string organisation;
  Position position = Position::kSilent;
  std::string reason = {};  // if it is open; erasable
};

// An objection that a later vote of its organisation replaced.
struct SettledObjection {
  std::string organisation;
  std::string reason;
  Position later = Position::kYes;
};

// A decision of a meeting, as frozen minutes record it.
struct RecordedFact {
  std::string matter;
  std::string text;  // names of persons as placeholders
  bool certified = false;
};

// The frozen minutes that a decision approves.
struct MinutesFact {
  log::SpaceId space;
  log::EntryId entry;
  crypto::Hash256 root;         // of the body, as the proposal cites it
  std::string space_name = {};  // of a circle
  bool covered = true;          // the bundle holds entries of the space
  bool fits = false;            // the entry is here and is what was cited
  bool open = false;            // and its text is here
  std::string corrects = {};    // earlier minutes: the id of their entry
  std::vector<RecordedFact> recorded = {};
};

struct DecisionFact {
  std::string number;  // as a seal gave it; empty: none so far
  std::string title;   // or the proposal's id where the title is not open
  std::string matter;
  RuleKind rule = RuleKind::kMajority;
  std::size_t electorate = 0;         // n
  std::size_t needed = 0;             // votes for it (kVotesCast: votes at all)
  std::vector<std::string> carriers;  // organisations that have to be for it
  std::vector<VoteFact> votes;        // of all of the electorate
  std::optional<std::int64_t> proposed_s, enacted_s, sealed_s;  // claimed times, since 1970
  DecisionStatus status = DecisionStatus::kProvisional;
  bool recommendation = false;  // binds nobody: no decision
  std::vector<SettledObjection> settled = {};
  log::EntryId proposal = {};
  std::optional<MinutesFact> minutes = {};
  std::optional<ErasureFact> erases = {};
};

// A certificate that the votes which it lists do not bear out, or that a seal has overtaken.
struct VoidCertificate {
  log::EntryId entry;
  std::string organisation;  // that wrote it
};

std::size_t CountOf(const DecisionFact& decision, Position position);

}  // namespace geflecht::audit
