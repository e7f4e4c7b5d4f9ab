// Spaces that decisions found and change (docs/formats/governance.md, space): what such a proposal
// says, and the roles that a seat gives. Pure; thread-safe.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "node/governance/entry.h"

namespace geflecht::governance {

inline constexpr std::string_view kNewSpace = "new";  // subject of a proposal that founds one
inline constexpr std::size_t kSpaceNameBytesMax = 128;

// "steering", "working", "bilateral".
std::string_view SpaceKindName(SpaceKind kind);
std::optional<SpaceKind> SpaceKindOf(std::string_view name);

// The space that a proposal founds, if it is decided: first 16 bytes of
// SHA-256("geflecht-space@v1" LF id of the proposal in hex).
log::SpaceId SpaceOf(const EntryId& proposal);

// What a seat gives: no proposal of matter `role` can name it.
Role MemberRole(const log::SpaceId& space);
Role ObserverRole(const log::SpaceId& space, Day until);
Role RoleOf(const log::SpaceId& space, const Seat& seat);
struct SpaceRole {
  log::SpaceId space;
  std::optional<Day> until;  // of an observer: the last day
};
std::optional<SpaceRole> ParseSpaceRole(std::string_view role);

// The value of a proposal of matter `space`, strict to the byte; kMalformed. `subject` is kNewSpace
// or the id of a space.
Result<ChangeSpace> ParseSpace(std::string_view subject, std::string_view value);
// Sorts the seats. What it gives is judged by ParseSpace.
std::string RenderSpace(const ChangeSpace& change);

}  // namespace geflecht::governance
