// Reading all that a node holds about one person, in slices: between two the node does what else
// there is.
#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "node/api/handlers/person_traces.h"
#include "node/core/log_follower.h"

namespace geflecht::api {

struct PersonFound {
  Subject subject;
  Traces traces;
};

// Follows the logs from their first entries on, so that what comes while it reads is read too, and
// what is erased meanwhile is looked at again. Loop thread only; memory: an id for each document,
// everybody's names and addresses, and what was found.
class PersonReading : private core::LogReader {
 public:
  // `typed` as SubjectOf takes it; `mark` stands for others.
  PersonReading(std::string typed, std::string mark)
      : typed_(std::move(typed)), mark_(std::move(mark)) {}

  // The next slice; true when everything that is here was read. Errors of SubjectOf and the store
  // end the reading. Always the same replica.
  Result<bool> ReadOn(replica::Replica& replica, Time now);
  // After the last slice, once.
  PersonFound Take() { return *std::move(found_); }
  // Of so many documents so many are read.
  std::size_t read() const { return order_.size() - changed_.size(); }
  std::size_t of() const { return order_.size(); }

 private:
  enum class Phase { kNew, kPersons, kPlaces, kEnding };

  Result<void> Begin(replica::Replica& replica);
  // True when nothing is left to read.
  Result<bool> ReadPlaces(replica::Replica& replica, std::size_t work, Time now);
  Result<PersonFound> Collect(replica::Replica& replica, Time now);
  // Forgets by a slice what was needed to read; true when nothing of it is left.
  bool Forget();
  Result<void> ReadPersons(replica::Replica& replica, const crdt::DocumentId& id);
  bool Wants(const codec::StoredEntry& stored) const override;
  Result<void> OnEntry(replica::Replica& replica, const codec::StoredEntry& stored) override;
  void OnErased(const crdt::DocumentId& document) override;
  void OnErased(const log::EntryId& entry) override;
  void Queue(const crdt::DocumentId& id);
  Result<void> ReadDocument(replica::Replica& replica, const crdt::DocumentId& id, Time now);
  Result<void> ReadEntry(replica::Replica& replica, const log::EntryId& id, Time now);
  // Whom the request means, of the records as they are known now; queues what follows from that.
  Result<void> FindSubject(replica::Replica& replica);
  // Papers and acts that were not read.
  void QueueEntries(replica::Replica& replica);

  std::string typed_, mark_;
  Phase phase_ = Phase::kNew;
  std::vector<crdt::DocumentId> tell_;  // whose persons are to be read first
  core::LogFollower log_;
  People people_;
  bool people_changed_ = false;
  bool rest_queued_ = false;  // documents with open edits, and bodies that came late: once
  std::unique_ptr<PersonTraces> traces_;
  std::vector<crdt::DocumentId> order_;  // all documents, as they came
  std::set<crdt::DocumentId> known_;     // the same
  std::set<crdt::DocumentId> changed_;   // to be read
  std::set<log::EntryId> entries_, read_entries_;
  std::map<crdt::DocumentId, Traces> in_documents_;  // where something was found
  std::map<log::EntryId, Traces> in_entries_;
  std::optional<PersonFound> found_;
};

// The readings that are under way, of whoever asked last: each request reads on by a slice. Begun
// anew when a minute passes between two. Loop thread only.
class PersonReadings {
 public:
  // What was found, or how far it is. kConflict with "hint.person-reading-busy" while as many are
  // under way as are kept.
  struct Progress {
    std::size_t read = 0, of = 0;
    std::optional<PersonFound> found;
  };
  Result<Progress> ReadOn(replica::Replica& replica, const std::string& typed,
                          const std::string& mark, Time now);
  // Forgets those that nobody goes on with.
  void DropOld(Time now);

 private:
  struct Held {
    PersonReading reading;
    const replica::Replica* replica = nullptr;
    std::int64_t asked_ms = 0;  // mono
  };
  std::map<std::pair<std::string, std::string>, Held> held_;  // by person and mark
};

// {reading: true, read, of}: what a request is answered while there is more to read.
boost::json::object StillReading(const PersonReadings::Progress& progress);

}  // namespace geflecht::api
