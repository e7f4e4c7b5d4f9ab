// Reads on in the logs of all spaces that are held, in slices: which entries have come, and what
// erasures name.
#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <set>
#include <utility>

#include "node/replica/replica.h"

namespace geflecht::core {

// What whoever follows is told. Errors are those of the store.
class LogReader {
 public:
  virtual ~LogReader() = default;
  // Whether such an entry matters: its body is waited for. Erasures are, whatever this says.
  virtual bool Wants(const codec::StoredEntry& stored) const = 0;
  // An entry that matters, with its body here. Not called for erasures.
  virtual Result<void> OnEntry(replica::Replica& replica, const codec::StoredEntry& stored) = 0;
  // An erasure names the document, or an entry of it; whether it counts is not judged.
  virtual void OnErased(const crdt::DocumentId& document) = 0;
  // The same of an entry that belongs to no document.
  virtual void OnErased(const log::EntryId& entry) = 0;
};

// Not thread-safe. Always of the same replica.
class LogFollower {
 public:
  // From now on entries are looked at once more whose bodies were not here.
  void LookAgain() { again_ = std::exchange(waiting_, {}); }
  // Looks at so many entries at most; what an erasure names counts, of the last one all of it. True
  // when nothing is left.
  Result<bool> ReadOn(replica::Replica& replica, std::size_t work, LogReader& reader);

 private:
  using Place = std::pair<log::SpaceId, std::uint64_t>;  // an arrival

  // Returns how many entries it has looked up.
  Result<std::size_t> Note(replica::Replica& replica, const codec::StoredEntry& stored,
                           const Place& place, LogReader& reader);
  Result<std::size_t> NoteErasure(replica::Replica& replica, const codec::StoredEntry& stored,
                                  LogReader& reader);

  std::map<log::SpaceId, std::uint64_t> read_;  // up to which arrival
  std::set<Place> waiting_, again_;             // for their bodies; those to be looked at now
};

}  // namespace geflecht::core
