// Which feeds have a notice in their past, from which entry on, and the earliest time that their
// entries claim since: the receipts of docs/formats/agreement.md. Kept while entries come in, so
// that nobody has to read the log for it. A function of the entries, whatever the order in which
// they came and the branches were numbered.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
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
    std::int64_t time_s = 0;  // the earliest, of this entry and those behind it in its feed
    bool operator==(const First&) const = default;
  };
  using Feeds = std::map<log::FeedKey, First>;

  explicit Receipts(store::StagedView& view) : view_(view) {}

  // Call once, before anything else; `papers` is loaded.
  Result<void> Load(const SpaceLog& log, const Papers& papers);
  // A run that comes into the log at `front`, from arrival number `arrival` on; before it is there.
  Result<void> Add(const SpaceLog& log, const log::Run& run, const SpaceLog::Front& front,
                   std::uint64_t arrival);

  // The first entry of each branch that knows of the notice, its own feed's among them; a branch
  // that leaves another one behind such an entry has none. Nobody, if 64 notices stand in front of
  // it in its feed.
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
  // A place in a feed: an entry, with what its branch stands on.
  struct Spot {
    log::FeedKey feed;
    std::uint64_t seq = 0;
    std::uint64_t from = 0;
    std::uint32_t parent = 0;
  };
  static Spot SpotOf(const SpaceLog& log, const log::FeedKey& feed, std::uint64_t seq);
  // What stands in front of the branch; nothing in front of a feed.
  static std::optional<Spot> Before(const SpaceLog& log, const Spot& spot);
  // The branch, of the spot's own and those in front of it, that knows there of the notice.
  static std::optional<log::FeedKey> Covering(const SpaceLog& log, const Known& known, Spot spot);

  // Counts a notice; whether its receipts are kept.
  bool IsKept(const SpaceLog& log, const Spot& notice);

  store::StagedView& view_;
  std::map<log::EntryId, Known> notices_;
  std::map<log::FeedKey, std::vector<std::uint64_t>> kept_;  // the seqs of notices
};

}  // namespace geflecht::replica
