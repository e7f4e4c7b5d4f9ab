// The entries of one space as this node holds them: feeds, heads, order of arrival. Writes through
// a staged view; what lies in a batch that is not yet on the disk is known here but not offered.
#pragma once

#include <cstdint>
#include <deque>
#include <map>
#include <optional>
#include <vector>

#include "node/log/frontier.h"
#include "node/store/staged_view.h"
#include "proto/codec/messages.h"
#include "proto/codec/record_codec.h"

namespace geflecht::replica {

// Not thread-safe. `view` must outlive it.
class SpaceLog {
 public:
  // Reads feeds and heads from the store. kCorruption if they do not hold together.
  static Result<SpaceLog> Load(const log::SpaceId& space, store::StagedView& view,
                               bool founded_by_decision = false);

  const log::SpaceId& space() const { return space_; }
  // The space, if a decision has founded it: part of the keys of what is kept by document.
  std::optional<log::SpaceId> circle() const {
    return circle_ ? std::optional(space_) : std::nullopt;
  }
  // The head of a branch; of one that is not known, the beginning.
  log::FeedHead Head(const log::FeedKey& feed) const;
  bool HasFeed(const log::FeedKey& feed) const { return feeds_.contains(feed); }
  std::size_t feed_count() const { return feeds_.size(); }  // branches count
  std::size_t LivesOf(const log::DeviceId& device) const;
  // The newest entry of a device in whatever life, by order of arrival.
  Result<std::optional<codec::StoredEntry>> LastOf(const log::DeviceId& device) const;
  std::size_t BranchCount(const log::FeedKey& feed) const;  // whatever its branch
  // Branches of all feeds of a device but the first of each.
  std::size_t FurtherBranchesOf(const log::DeviceId& device) const;

  std::vector<log::FeedKey> ForkedFeeds() const;  // by branch 0, ascending
  // Where a branch that is known begins.
  std::uint64_t BeginOf(const log::FeedKey& branch) const { return feeds_.at(branch).from; }
  std::uint32_t ParentOf(const log::FeedKey& branch) const { return feeds_.at(branch).parent; }

  // A place in a feed where a run can go. Behind an entry that has a successor already it is a new
  // branch, and the feed becomes a forked one.
  struct Front {
    log::FeedKey feed;  // with the branch; it is new if HasFeed says so
    std::uint64_t from = 0;
    std::uint32_t parent = 0;
    log::FeedHead head;     // in front of the run
    bool followed = false;  // something stands behind `head`: the run may begin with what is here
  };
  // The place at which a run of the feed begins that names the entry in front of it; nothing if
  // that entry is not here.
  Result<std::optional<Front>> FrontOf(const log::FeedKey& feed, std::uint64_t first_seq,
                                       const std::optional<codec::ShortId>& prev) const;
  Front FrontBehind(const codec::StoredEntry& stored) const;

  // Entries that no other entry of the space refers to, ascending.
  const std::vector<log::EntryId>& tips() const { return tips_; }
  std::uint64_t last_arrival() const { return next_arrival_ - 1; }

  // Appends a run that was verified against `front`; its causes are here. Bodies follow by AddBody.
  void Append(log::Run run, const Front& front);

  // Of the branch or what lies in front of it.
  Result<std::optional<codec::StoredEntry>> EntryAt(log::FeedKey feed, std::uint64_t seq) const;
  // Of every branch that has an entry of its own there; more than one if the feed is forked in
  // front of it.
  Result<std::vector<codec::StoredEntry>> EntriesAt(const log::FeedKey& feed,
                                                    std::uint64_t seq) const;
  Result<std::optional<codec::StoredEntry>> EntryOf(const log::EntryId& id) const;
  // The entry that begins the document, if it does.
  Result<std::optional<codec::StoredEntry>> EntryOf(const crdt::DocumentId& document) const;
  // By its number.
  Result<std::optional<codec::StoredEntry>> Arrival(std::uint64_t arrival) const;
  // Entries from arrival number `from` on, ascending, at most `max`.
  Result<std::vector<codec::StoredEntry>> Arrivals(std::uint64_t from, std::size_t max) const;
  Result<std::optional<log::Body>> BodyOf(const codec::StoredEntry& stored) const;

  // Stores a checked body, complete but for what is erased, for `stored`, an entry that lacks it
  // and from now on does not. `document` for changes.
  void AddBody(codec::StoredEntry& stored, const log::Body& body,
               const std::optional<crdt::DocumentId>& document);
  // Of an entry of the root space whose body is withheld but for its evidence: what there is.
  Result<std::optional<log::Body>> EvidenceOf(const codec::StoredEntry& stored) const;
  void KeepEvidence(const codec::StoredEntry& stored, const log::Body& body);
  // Puts `body`, of which less is left, in the place of the stored one. Returns where it lies.
  store::Key ReplaceBody(const codec::StoredEntry& stored, const log::Body& body);
  // Entries whose body is not here: with what is under way, and of what is on the disk alone.
  std::uint32_t missing_bodies() const { return missing_bodies_; }
  std::uint32_t durable_missing_bodies() const { return durable_missing_bodies_; }
  // Those of erase entries among them.
  std::uint32_t durable_missing_erasures() const { return durable_missing_erasures_; }
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
  SpaceLog(const log::SpaceId& space, store::StagedView& view, bool circle)
      : space_(space), circle_(circle), view_(&view) {}

  struct Feed {
    std::uint64_t number = 0;
    log::FeedHead head;
    std::uint64_t from = 0;
    std::uint32_t parent = 0;
    // From this seq to the head the entries arrived one behind the other.
    std::uint64_t stretch_seq = 0;
    std::uint64_t stretch_arrival = 0;
  };
  // The arrival number of an entry of the feed or of what lies in front of its branch.
  Result<std::optional<std::uint64_t>> ArrivalAt(log::FeedKey feed, std::uint64_t seq) const;
  // An entry of the open batch; valid until the next change.
  const codec::StoredEntry* Fresh(std::uint64_t arrival) const;

  struct UnderWay {
    std::uint64_t ticket = 0;
    std::map<log::FeedKey, log::FrontierItem> heads;
    std::uint64_t arrival = 0;
    std::uint32_t missing_bodies = 0, missing_erasures = 0;
  };

  log::SpaceId space_;
  bool circle_;
  store::StagedView* view_;
  std::map<log::FeedKey, Feed> feeds_;
  std::vector<log::EntryId> tips_;
  std::uint64_t next_arrival_ = 1;
  // Entries of the open batch, up to the last arrival: their records are written when it is known
  // which of their bodies came along.
  std::vector<codec::StoredEntry> fresh_;
  std::uint32_t missing_bodies_ = 0, missing_erasures_ = 0;

  log::Frontier durable_;
  mutable std::optional<log::Fingerprint> fingerprint_;
  std::uint64_t durable_arrival_ = 0;
  std::uint32_t durable_missing_bodies_ = 0, durable_missing_erasures_ = 0;
  UnderWay open_;
  bool open_changed_ = false;
  std::deque<UnderWay> under_way_;
};

}  // namespace geflecht::replica
