// Checks an audit bundle against the network's id, the only thing that the auditor brings along.
// Pure: no node, no network, no key, no clock.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "node/audit/agreement_fact.h"
#include "node/audit/bundle.h"
#include "node/audit/bundle_info.h"
#include "node/audit/charter_fact.h"
#include "node/audit/decision_fact.h"
#include "node/audit/known_heads.h"
#include "node/governance/members.h"

namespace geflecht::audit {

enum class Verdict {
  kComplete,    // everything holds, and nothing is missing
  kInvalid,     // something does not hold
  kIncomplete,  // everything holds; that nothing is missing is not proven
  kForked,      // a device signed two entries for one position
  kUnreadable,  // no bundle, or larger than allowed
};

// "complete", "invalid", "incomplete", "forked", "unreadable": stable, for --json.
std::string_view VerdictName(Verdict verdict);
// 0, 1, 2, 3, 4 in the order of the enumeration: the exit codes of `geflecht audit verify`.
int ExitCodeOf(Verdict verdict);

enum class Mode {
  kFull,
  // Hashes, chains and references of all entries, but of each branch of a feed only the last
  // signature, which covers the others through the chain, and no bodies. Reaches kIncomplete at
  // best: every space has the open point "fast-mode".
  kFast,
};

// Why the bundle is not valid. `reason` is one of the identifiers of docs/formats/bundle.md.
struct Problem {
  std::string file;      // printable ASCII whatever the bundle says; empty: the bundle as a whole
  std::size_t line = 0;  // from 1; 0: the file as a whole
  std::string reason;
  std::string detail;  // English; never content of the bundle
  bool operator==(const Problem&) const = default;
};

inline constexpr std::size_t kProblemsMax = 1'000;  // further ones are only counted

struct Counters {
  std::size_t feeds = 0;
  std::size_t entries = 0;
  std::size_t signatures = 0;      // verified, of entries
  std::size_t opened = 0;          // fields whose content is here and fits the entry
  std::size_t withheld = 0;        // fields of which only a leaf is here, or nothing
  std::size_t erased = 0;          // the same, and an erasure in the bundle names them
  std::size_t bodies_missing = 0;  // entries with fields of which nothing is here
  bool operator==(const Counters&) const = default;
};

// A member's device that did not say what it knows.
struct Missing {
  std::string organisation;
  log::DeviceId device;
  bool operator==(const Missing&) const = default;
};

// What the bundle holds of one space that is in force.
struct Coverage {
  log::SpaceId space;
  bool root = false;  // the root space with the founding charter; otherwise another one
  Counters counters;
  // Why completeness is not claimed (docs/formats/bundle.md, Open points). Empty: complete.
  std::vector<std::string> open_points;
  std::vector<Missing> missing;          // for "not-answered", "not-gathered"
  std::optional<std::int64_t> sealed_s;  // claimed time of the last effective seal, since 1970
  std::string name = {};                 // of a space that a decision has founded

  void AddOpenPoint(std::string_view point);  // once each
};

struct Report {
  Verdict verdict = Verdict::kUnreadable;
  int exit_code = 4;
  log::NetworkId network;                   // what the auditor asked for
  std::string network_name;                 // empty unless the charter holds
  std::vector<governance::Member> members;  // empty unless the charter holds
  std::optional<log::DeviceId> exporter;    // who signed the manifest, once that is proven
  std::optional<BundleInfo> info;           // what he says, if it is not contradicted
  Counters counters;                        // of all spaces
  std::vector<Coverage> spaces;             // ascending by id; empty unless the charter holds
  Mode mode = Mode::kFull;
  KnownHeads heads;                     // the first branch of each feed
  std::optional<CharterFact> charter;   // of a root space that is whole
  std::vector<DecisionFact> decisions;  // as recomputed from the votes, by time
  // Of which the papers are open, by id; as they stood at the bundle's date (claimed).
  std::vector<AgreementFact> agreements;
  std::int64_t agreements_at_s = 0;
  std::vector<VoidCertificate> void_certificates;
  // Organisations that voted for seals which exclude one another, by name.
  std::vector<std::string> double_signers;
  std::vector<Problem> problems;  // by file and line, at most kProblemsMax
  std::size_t problem_count = 0;
};

struct VerifyOptions {
  Mode mode = Mode::kFull;
  // What the auditor asked the members to write down (governance::IsAuditNonce). Without it nobody
  // knows how old a bundle is: the root space is not complete.
  std::string nonce = {};
  // Of this network, from an earlier audit; outlives the call. A feed that has another history is
  // misconduct (kForked), one that ends earlier gives its space the open point "stale".
  const KnownHeads* known = nullptr;
};

// Never fails and never allocates by a number that the bundle claims; time and memory are in
// proportion to the bundle's size (times its logarithm).
Report Verify(const Bundle& bundle, const log::NetworkId& network,
              const VerifyOptions& options = {});

}  // namespace geflecht::audit
