#include "node/core/log_follower.h"

#include <algorithm>
#include <vector>

#include "node/log/erase.h"

namespace geflecht::core {

Result<std::size_t> LogFollower::NoteErasure(replica::Replica& replica,
                                             const codec::StoredEntry& stored, LogReader& reader) {
  std::size_t looked_up = 1;
  const log::SpaceId& space = stored.entry.header.space;
  ASSIGN(const auto body, replica.Log(space).BodyOf(stored));
  if (!body) return looked_up;
  const auto erasure = log::ReadErasure(stored.entry.header, *body);
  if (!erasure) return looked_up;  // counts for nothing
  for (const log::RecordId& document : erasure->documents)
    reader.OnErased(crdt::DocumentId{document.bytes});
  for (const log::ErasedContainer& container : erasure->containers)
    reader.OnErased(crdt::DocumentId{container.document.bytes});
  for (const log::EraseTarget& target : erasure->targets) {
    ++looked_up;
    ASSIGN(const auto entry, replica.Log(space).EntryOf(target.entry));
    if (!entry) continue;
    if (entry->document) {
      reader.OnErased(*entry->document);
    } else {
      reader.OnErased(target.entry);
    }
  }
  return looked_up;
}

Result<std::size_t> LogFollower::Note(replica::Replica& replica, const codec::StoredEntry& stored,
                                      const Place& place, LogReader& reader) {
  const bool erases = stored.entry.header.kind == log::kErase;
  if (!erases && !reader.Wants(stored)) return std::size_t{1};
  if (!stored.body_here) {
    waiting_.insert(place);
    return std::size_t{1};
  }
  if (erases) return NoteErasure(replica, stored, reader);
  TRY(reader.OnEntry(replica, stored));
  return std::size_t{1};
}

Result<bool> LogFollower::ReadOn(replica::Replica& replica, std::size_t work, LogReader& reader) {
  while (work > 0 && !again_.empty()) {
    const Place place = again_.extract(again_.begin()).value();
    ASSIGN(const auto stored, replica.Log(place.first).Arrival(place.second));
    std::size_t looked_up = 1;
    if (stored) {
      ASSIGN(looked_up, Note(replica, *stored, place, reader));
    }
    work -= std::min(work, looked_up);
  }
  if (work == 0) return false;
  std::vector<log::SpaceId> spaces = replica.DocumentSpaces();
  spaces.push_back(replica.members().root_space());
  for (const log::SpaceId& space : spaces) {
    std::uint64_t& read = read_[space];
    if (read >= replica.Log(space).last_arrival()) continue;
    ASSIGN(const auto next, replica.Log(space).Arrivals(read + 1, work));
    if (next.empty()) return Fail(Code::kCorruption, "an entry is not in the log");
    for (const codec::StoredEntry& stored : next) {
      ASSIGN(const std::size_t looked_up,
             Note(replica, stored, {space, stored.arrival}, reader));
      read = stored.arrival;
      work -= std::min(work, looked_up);
      if (work == 0) break;
    }
    return false;
  }
  return true;
}

}  // namespace geflecht::core
