// The entries of one space as this node holds them: feeds, heads, order of arrival. Writes through
// a staged view; what lies in a batch that is not yet on the disk is known here but not offered.
#pragma once

#include <cstdint>
#include <deque>
#include <map>
#include <vector>

#include "node/log/frontier.h"
#include "node/store/staged_view.h"
#include "proto/codec/record_codec.h"

namespace geflecht::replica {

// Not thread-safe. `view` must outlive it.
class SpaceLog {
 public:
  // Reads feeds and heads from the store. kCorruption if they do not hold together.
  static Result<SpaceLog> Load(const log::SpaceId& space, store::StagedView& view);

  const log::SpaceId& space() const { return space_; }
  // The head of a feed; of a feed that is not known, the beginning.
  log::FeedHead Head(const log::FeedKey& feed) const;
  bool HasFeed(const log::FeedKey& feed) const { return feeds_.contains(feed); }
  std::size_t feed_count() const { return feeds_.size(); }
  std::size_t LivesOf(const log::DeviceId& device) const;

  // Entries that no other entry of the space refers to, ascending.
  const std::vector<log::EntryId>& tips() const { return tips_; }
  std::uint64_t last_arrival() const { return next_arrival_ - 1; }

  // Appends a verified run; its causes are here. Bodies follow by AddBody.
  Result<void> Append(const log::Run& run);

  Result<std::optional<codec::StoredEntry>> EntryAt(const log::FeedKey& feed,
                                                    std::uint64_t seq) const;
  Result<std::optional<codec::StoredEntry>> EntryOf(const log::EntryId& id) const;
  // Entries from arrival number `from` on, ascending, at most `max`.
  Result<std::vector<codec::StoredEntry>> Arrivals(std::uint64_t from, std::size_t max) const;
  Result<std::optional<log::Body>> BodyOf(const codec::StoredEntry& stored) const;

  // Stores a checked, complete body for an entry that lacks it. `document` for changes.
  Result<void> AddBody(codec::StoredEntry stored, const log::Body& body,
                       const std::optional<crdt::DocumentId>& document);
  std::uint32_t missing_bodies() const { return missing_bodies_; }
  Result<std::vector<codec::Position>> MissingBodies(std::size_t max) const;

  // What is on the disk, and only that.
  const log::Frontier& durable_frontier() const { return durable_; }
  const log::Fingerprint& durable_fingerprint() const;
  std::uint64_t durable_arrival() const { return durable_arrival_; }
  // With what is under way.
  log::Frontier Frontier() const;

  // The open batch leaves with `ticket`; true if it holds something of this space.
  bool BatchTaken(std::uint64_t ticket);
  // Batches up to `ticket` are on the disk; true if the durable state changed.
  bool Persisted(std::uint64_t ticket);

 private:
  SpaceLog(const log::SpaceId& space, store::StagedView& view) : space_(space), view_(&view) {}

  struct Feed {
    std::uint64_t number = 0;
    log::FeedHead head;
  };
  struct UnderWay {
    std::uint64_t ticket = 0;
    std::map<log::FeedKey, log::FrontierItem> heads;
    std::uint64_t arrival = 0;
  };

  log::SpaceId space_;
  store::StagedView* view_;
  std::map<log::FeedKey, Feed> feeds_;
  std::vector<log::EntryId> tips_;
  std::uint64_t next_arrival_ = 1;
  std::uint32_t missing_bodies_ = 0;

  log::Frontier durable_;
  mutable std::optional<log::Fingerprint> fingerprint_;
  std::uint64_t durable_arrival_ = 0;
  UnderWay open_;
  bool open_changed_ = false;
  std::deque<UnderWay> under_way_;
};

}  // namespace geflecht::replica
