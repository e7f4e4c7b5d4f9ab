// Replica's part in spaces that decisions have founded: which are held here, which are written.
#include <algorithm>
#include <iterator>

#include "base/check.h"
#include "node/governance/space.h"
#include "node/replica/replica.h"

namespace geflecht::replica {

Result<void> Replica::Hold(const log::SpaceId& space) {
  if (logs_.contains(space) || members().FindSpace(space) == nullptr) return {};
  ASSIGN(SpaceLog log, SpaceLog::Load(space, view_, /*founded_by_decision=*/true));
  TRY(documents_.index().Load(space));
  TRY(LoadPapers(log));
  TRY(erase_receipts_.Load(space));
  TRY(announced_.Load(space, members()));
  TRY(FindForks(logs_.emplace(space, std::move(log)).first->second));
  return {};
}

bool Replica::HasSeatIn(const governance::SpaceState& space) const {
  const governance::Member* const own = members().ByDevice(self());
  if (own == nullptr) return false;
  return std::binary_search(space.members.begin(), space.members.end(), own->org) ||
         std::any_of(space.observers.begin(), space.observers.end(),
                     [&](const governance::Observer& one) { return one.org == own->org; });
}

Result<void> Replica::OpenCircles() {
  for (const governance::SpaceState& space : members().spaces()) {
    if (logs_.contains(space.id) || !HasSeatIn(space)) continue;
    TRY(Hold(space.id));
  }
  next_end_s_ = members().NextEndOfReading(clock_s_);
  return {};
}

Result<void> Replica::LoadCircles() {
  for (const governance::SpaceState& space : members().spaces()) {
    ASSIGN(const SpaceLog log, SpaceLog::Load(space.id, view_, /*founded_by_decision=*/true));
    // What was held once is kept, and shown as former.
    if (log.last_arrival() > 0) TRY(Hold(space.id));
  }
  return OpenCircles();
}

bool Replica::NoteTime(Time now) {
  clock_s_ = now.wall_ms / 1000;
  if (!next_end_s_ || clock_s_ < *next_end_s_) return false;
  next_end_s_ = members().NextEndOfReading(clock_s_);
  members_changed_ = true;
  return true;
}

std::vector<log::SpaceId> Replica::SpacesFor(const log::DeviceId& peer) const {
  std::vector<log::SpaceId> spaces;
  for (const log::SpaceId& space : {root_space_, network_space_})
    if (members().MayServe(peer, space, clock_s_)) spaces.push_back(space);
  for (const governance::SpaceState& space : members().spaces())
    if (Knows(space.id) && members().MayServe(self(), space.id, clock_s_) &&
        members().MayServe(peer, space.id, clock_s_))
      spaces.push_back(space.id);
  return spaces;
}

bool Replica::MayWriteIn(const log::SpaceId& space) const {
  return members().MayWrite(self(), space);
}

Result<void> Replica::CheckMayWriteIn(const log::SpaceId& space) const {
  TRY(CheckMayWrite());
  if (MayWriteIn(space)) return {};
  return Fail(Code::kNotPermitted, "this organisation does not write in the space",
              "hint.space-no-seat");
}

std::vector<log::SpaceId> Replica::DocumentSpaces() const {
  std::vector<log::SpaceId> spaces{network_space_};
  for (const auto& [space, log] : logs_)
    if (log.circle()) spaces.push_back(space);
  return spaces;
}

SpaceLog& Replica::LogOf(const crdt::DocumentId& document) {
  if (const OpenDocument* const open = documents_.FindOpen(document))
    return *FindLog(open->info.space);
  for (auto& [space, log] : logs_) {
    if (!log.circle()) continue;
    const auto first = log.EntryOf(document);
    if (first && *first) return log;
  }
  return *FindLog(network_space_);
}

Result<std::vector<codec::StoredDocument>> Replica::ListDocuments() const {
  std::vector<codec::StoredDocument> all;
  for (const log::SpaceId& space : DocumentSpaces()) {
    ASSIGN(auto documents, documents_.index().List(space));
    std::move(documents.begin(), documents.end(), std::back_inserter(all));
  }
  return all;
}

Result<std::vector<codec::StoredDocument>> Replica::ListDocuments(std::string_view type) const {
  std::vector<codec::StoredDocument> all;
  for (const log::SpaceId& space : DocumentSpaces()) {
    ASSIGN(auto documents, documents_.index().OfType(space, type));
    std::move(documents.begin(), documents.end(), std::back_inserter(all));
  }
  return all;
}

Result<std::vector<codec::StoredDocument>> Replica::ListBranched() const {
  std::vector<codec::StoredDocument> all;
  for (const log::SpaceId& space : DocumentSpaces()) {
    ASSIGN(auto documents, documents_.index().WithBranches(space));
    std::move(documents.begin(), documents.end(), std::back_inserter(all));
  }
  return all;
}

DocumentIndex::Counts Replica::DocumentCounts() const {
  DocumentIndex::Counts all;
  for (const log::SpaceId& space : DocumentSpaces())
    for (const auto& [type, count] : documents_.index().counts(space)) all[type] += count;
  return all;
}

Result<void> Replica::CheckSpace(const governance::ChangeSpace& change) const {
  const auto is_member = [&](const log::OrgId& org) {
    return council_.state().Member(org) != nullptr;
  };
  for (const governance::Seat& seat : change.seats)
    if (seat.give && !is_member(seat.org))
      return Fail(Code::kNotFound, "a seat for no member", "hint.subject-no-member");
  if (!change.space) return {};
  const governance::SpaceState* const space = members().FindSpace(*change.space);
  if (space == nullptr) return Fail(Code::kNotFound, "no such space", "hint.no-space");
  constexpr std::size_t kFewest = 2;
  if (space->members.size() < kFewest)
    return Fail(Code::kNotPermitted, "fewer than two members", "hint.space-alone");
  for (const governance::Seat& seat : change.seats) {
    const bool has = council_.state().HasRole(seat.org, governance::RoleOf(space->id, seat));
    if (seat.give && has) return Fail(Code::kConflict, "it has the seat", "hint.space-has-seat");
    if (!seat.give && !has)
      return Fail(Code::kNotFound, "it has no such seat", "hint.space-no-such-seat");
    if (seat.give && !seat.until && space->kind == governance::SpaceKind::kBilateral)
      return Fail(Code::kNotPermitted, "a bilateral space has two members", "hint.space-bilateral");
  }
  return {};
}

}  // namespace geflecht::replica
