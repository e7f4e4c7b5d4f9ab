// What evaluate() reads of an entry: governance.md without headers, bodies and signatures. Whoever
// makes one has checked the signature, and that body and kind are well-formed (docs/formats).
#pragma once

#include <compare>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "base/strong_id.h"
#include "node/governance/day.h"
#include "node/governance/proposal_terms.h"
#include "node/governance/rule.h"
#include "node/log/ids.h"

namespace geflecht::governance {

using log::DeviceId;
using log::EntryId;
using log::OrgId;
using RootKey = crypto::PublicKey;
// "body:<id>" is a seat in a body; space.h names those of the spaces that were founded.
using Role = std::string;
// A place in a feed where two entries stand: SHA-256 of space, device, life and sequence number.
using ForkPosition = StrongId<struct ForkPositionTag, 32>;

struct OrgDevice {
  OrgId org;
  DeviceId device;
  auto operator<=>(const OrgDevice&) const = default;
};

// The keys of a card (node/log/card.h).
struct CardKeys {
  OrgId org;
  RootKey root;
  DeviceId device;  // certified by the card
  bool operator==(const CardKeys&) const = default;
};

// Who signed: a device, or the organisation's root key.
struct Author {
  OrgId org;
  crypto::PublicKey key;
  bool root = false;
  bool operator==(const Author&) const = default;
};

// --- What a proposal would change ---
struct Admit {
  CardKeys card;  // of a member: re-activates it, with its present root key
};
struct Remove {
  OrgId org;
};
struct SetInactive {
  OrgId org;
};
struct Rekey {
  CardKeys card;
};
struct ChangeRole {
  OrgId org;
  Role role;
  bool give = true;  // else take
};
struct ChangeRule {
  Matter matter;  // or kEveryMatter
  Rule rule;
};
enum class SpaceKind : std::uint8_t { kSteering, kWorking, kBilateral };
struct Seat {
  OrgId org;
  std::optional<Day> until;  // of an observer, who reads up to the end of that day; else a member
  bool give = true;          // else take
  bool operator==(const Seat&) const = default;
};
struct ChangeSpace {                  // space.h
  std::optional<log::SpaceId> space;  // none: founds one, which the proposal's id names
  SpaceKind kind = SpaceKind::kWorking;
  std::string name;
  std::vector<Seat> seats;
};
struct EraseContent {  // node/log/erase.h; an erase entry that names the proposal carries it out
  log::SpaceId space;
};
struct Resolve {  // nothing that evaluate() knows of
  Matter matter;
};
using Measure = std::variant<Admit, Remove, SetInactive, Rekey, ChangeRole, ChangeRule, ChangeSpace,
                             EraseContent, Resolve>;
// The matter whose rule decides it.
std::string_view MatterOf(const Measure& measure);

enum class Position : std::uint8_t { kYes, kNo, kAbstain, kObjection };

// --- Acts ---
struct Charter {
  std::vector<CardKeys> founders;
  RuleTable rules;
};
struct Proposal {
  Measure measure;
  ProposalTerms terms = {};  // of minutes in a circle: who votes; else they decide nothing
};
struct Vote {
  EntryId about;  // a proposal
  Position position = Position::kYes;
};
struct Enact {
  EntryId about;               // a proposal
  std::vector<EntryId> votes;  // in any order
};
struct Seal {};
struct SealVote {
  EntryId about;  // a seal
};
struct AddDevice {  // counts only if the author is a root key
  DeviceId device;
};
struct RevokeDevice {
  DeviceId device;  // of the author's organisation
};
struct Leave {};
struct ForkEvidence {
  OrgDevice device;
  ForkPosition position;
};
struct Other {};  // any other entry of the root space: part of pasts, changes nothing
// An entry outside the root space. Its parents are entries of its space.
struct Content {
  std::vector<EntryId> basis;  // entries of the root space
  std::string space;           // who writes needs the role "space:" + this; empty: all members
};
using Act = std::variant<Charter, Proposal, Vote, Enact, Seal, SealVote, AddDevice, RevokeDevice,
                         Leave, ForkEvidence, Other, Content>;

struct Entry {
  EntryId id;
  std::vector<EntryId> parents;  // prev, seen and, in a later life, about; none for the charter
  Author author;                 // the charter's counts for nothing
  Act act;
  // In whose feed it stands, if that is not the author's: a root key has none.
  std::optional<Author> writer = std::nullopt;
};

}  // namespace geflecht::governance
