// What evaluate() computes from a causally closed set of entries (docs/formats/state.md). Lists
// ascend unless said otherwise.
#pragma once

#include <compare>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include "node/governance/entry.h"
#include "node/governance/rule.h"

namespace geflecht::governance {

struct MemberState {
  OrgId org;
  RootKey root;        // present
  bool active = true;  // has a vote
  bool operator==(const MemberState&) const = default;
};

enum class Verdict : std::uint8_t {
  kEffective,
  kProvisional,  // has a valid certificate, waits for a seal
  kFailed,    // had a valid certificate, lost votes to a concurrent removal; no seal has closed it
  kRejected,  // closed by a seal, not effective
};

// "effective", "provisional", "failed", "rejected".
std::string_view VerdictName(Verdict verdict);

// Of every proposal that has a valid certificate.
struct Decision {
  EntryId proposal;
  Verdict verdict = Verdict::kFailed;
  std::vector<EntryId> enacts;  // the valid ones
  std::optional<EntryId> seal;  // content of the chain that closed it; none: "vorläufig"
  std::uint64_t number = 0;     // 1, 2, ... over all seals in the order of governance.md; 0: none
  bool operator==(const Decision&) const = default;
};

// A space that an effective decision has founded, and who has a seat in it now.
struct Observer {
  OrgId org;
  Day until = 0;  // the last day
  auto operator<=>(const Observer&) const = default;
};
struct SpaceState {
  log::SpaceId id;
  EntryId founded_by;  // the proposal
  SpaceKind kind = SpaceKind::kWorking;
  std::string name;
  std::vector<OrgId> members;
  std::vector<Observer> observers;
  bool operator==(const SpaceState&) const = default;
};

// --- Alarms ---
// The organisation voted for seals that exclude one another.
struct DoubleSigner {
  OrgId org;
  std::vector<EntryId> seals;
  bool operator==(const DoubleSigner&) const = default;
};
// Contents of one predecessor that both have two rounds of votes; the first one is in the chain.
struct RivalSeals {
  std::vector<EntryId> contents;  // the winner first
  bool operator==(const RivalSeals&) const = default;
};
// Rule decisions for one matter that did not know of one another; the first one is in force and
// waits to be confirmed.
struct RivalRules {
  Matter matter;
  std::vector<EntryId> proposals;  // the one in force first
  bool operator==(const RivalRules&) const = default;
};
struct SuspendedDevice {  // by two proven forks
  OrgDevice device;
  bool operator==(const SuspendedDevice&) const = default;
};
using Alarm = std::variant<DoubleSigner, RivalSeals, RivalRules, SuspendedDevice>;

struct State {
  std::vector<MemberState> members;
  std::vector<std::pair<OrgId, Role>> roles;
  std::vector<SpaceState> spaces;   // by id
  std::vector<OrgDevice> devices;   // entitled
  std::vector<OrgDevice> deprived;  // were certified, are not entitled
  RuleTable rules;
  std::vector<Decision> decisions;  // by proposal id
  std::vector<EntryId> seals;       // contents of the chain, oldest first
  std::vector<EntryId> voided;      // their authors' nodes issue them again
  std::vector<EntryId> standing;    // of Content
  std::vector<EntryId> quarantined;
  std::vector<EntryId> refused;
  std::vector<Alarm> alarms;

  const MemberState* Member(const OrgId& org) const;          // nullptr if it is none
  const Decision* DecisionOn(const EntryId& proposal) const;  // nullptr if none
  bool IsEntitled(const OrgDevice& device) const;
  bool IsVoid(const EntryId& entry) const;
  bool HasRole(const OrgId& org, const Role& role) const;
  std::vector<EntryId> With(Verdict verdict) const;  // proposals
  bool operator==(const State&) const = default;
};

}  // namespace geflecht::governance
