// Which feeds have had a notice in their past, and from which entry on: the first entry of a party
// that knows of a notice is its receipt (docs/formats/agreement.md). Kept while entries come in, so
// that nobody has to read the log for it.
#pragma once

#include <cstdint>
#include <map>
#include <vector>

#include "node/replica/papers.h"
#include "node/replica/space_log.h"

namespace geflecht::replica {

// Of one space. Not thread-safe. `view` must outlive it.
class Receipts {
 public:
  struct First {
    std::uint64_t seq = 0;
    log::EntryId entry;
    bool operator==(const First&) const = default;
  };
  using Feeds = std::map<log::FeedKey, First>;

  explicit Receipts(store::StagedView& view) : view_(view) {}

  // Call once, before anything else; `papers` is loaded.
  Result<void> Load(const SpaceLog& log, const Papers& papers);
  // A run that comes into the log at `front`, from arrival number `arrival` on; before it is there.
  Result<void> Add(const SpaceLog& log, const log::Run& run, const SpaceLog::Front& front,
                   std::uint64_t arrival);

  // The first entry of each feed that knows of the notice, its own feed's among them.
  const Feeds& Of(const log::EntryId& notice) const;
  // Whether an entry is the notice or has it in its past.
  bool Knows(const SpaceLog& log, const log::EntryId& notice, const log::FeedKey& feed,
             std::uint64_t seq) const;

 private:
  struct Known {
    std::uint64_t arrival = 0;
    Feeds feeds;
  };
  void Save(const log::SpaceId& space, const Known& known);
  // `from`: where the feed's branch begins.
  static bool Covers(const Known& known, const log::FeedKey& feed, std::uint64_t seq,
                     std::uint64_t from);

  store::StagedView& view_;
  std::map<log::EntryId, Known> notices_;
};

}  // namespace geflecht::replica
