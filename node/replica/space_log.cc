#include "node/replica/space_log.h"

#include <algorithm>
#include <utility>

#include "base/check.h"
#include "node/replica/records.h"

namespace geflecht::replica {
namespace {

// Scans a group whose values all decode, calling `take(order, value)`.
template <class Decode, class Take>
Result<void> ScanDecoded(const store::View& view, const store::Key& first, Decode decode,
                         Take take) {
  std::optional<Error> error;
  TRY(view.Scan(first.table, first.group, first.order, [&](const store::Record& record) {
    auto value = decode(record.value);
    if (!value) {
      error = value.error();
      return false;
    }
    return take(record.order, *std::move(value));
  }));
  if (error) return Fail(*error);
  return {};
}

}  // namespace

Result<SpaceLog> SpaceLog::Load(const log::SpaceId& space, store::StagedView& view,
                                bool founded_by_decision) {
  SpaceLog space_log(space, view, founded_by_decision);
  TRY(ScanDecoded(view, FeedNumberKey(space, 0), codec::DecodeStoredFeed,
                  [&](std::uint64_t number, codec::StoredFeed feed) {
                    if (feed.head.head)
                      space_log.durable_[feed.key] = {feed.head.next_seq - 1, *feed.head.head,
                                                      feed.from, feed.parent};
                    space_log.feeds_[feed.key] = {number,           std::move(feed.head),
                                                  feed.from,        feed.parent,
                                                  feed.stretch_seq, feed.stretch_arrival};
                    return true;
                  }));
  ASSIGN(const auto tips, view.Get(TipsKey(space)));
  if (tips) {
    ASSIGN(space_log.tips_, codec::DecodeIds(*tips));
  }
  const store::Key arrivals = EntryKey(space, 0);
  ASSIGN(const auto last, view.Last(arrivals.table, arrivals.group));
  if (last) space_log.next_arrival_ = last->order + 1;
  space_log.durable_arrival_ = space_log.next_arrival_ - 1;
  if (space_log.feeds_.empty() != (space_log.next_arrival_ == 1))
    return Fail(Code::kCorruption, "feeds and order of arrival of a space do not fit together");
  const store::Key missing = MissingBodyKey(space, 0);
  std::vector<std::uint64_t> without;
  TRY(view.Scan(missing.table, missing.group, 0, [&](const store::Record& record) {
    without.push_back(record.order);
    return true;
  }));
  for (const std::uint64_t arrival : without) {
    ASSIGN(const auto stored, space_log.Arrival(arrival));
    if (stored && stored->entry.header.kind == log::kErase) ++space_log.missing_erasures_;
  }
  space_log.missing_bodies_ = static_cast<std::uint32_t>(without.size());
  space_log.durable_missing_bodies_ = space_log.missing_bodies_;
  space_log.durable_missing_erasures_ = space_log.missing_erasures_;
  return space_log;
}

log::FeedHead SpaceLog::Head(const log::FeedKey& feed) const {
  const auto it = feeds_.find(feed);
  return it == feeds_.end() ? log::FeedHead{} : it->second.head;
}

std::size_t SpaceLog::LivesOf(const log::DeviceId& device) const {
  return static_cast<std::size_t>(std::count_if(
      feeds_.begin(), feeds_.end(),
      [&](const auto& item) { return item.first.device == device && item.first.branch == 0; }));
}

Result<std::optional<codec::StoredEntry>> SpaceLog::LastOf(const log::DeviceId& device) const {
  std::optional<codec::StoredEntry> last;
  for (const auto& [key, feed] : feeds_) {
    if (key.device != device || !feed.head.head) continue;
    ASSIGN(auto stored, EntryAt(key, feed.head.next_seq - 1));
    if (!stored) return Fail(Code::kCorruption, "the head of a feed is not here");
    if (!last || stored->arrival > last->arrival) last = *std::move(stored);
  }
  return last;
}

std::size_t SpaceLog::BranchCount(const log::FeedKey& feed) const {
  log::FeedKey key = feed;
  key.branch = 0;
  std::size_t count = 0;
  for (auto it = feeds_.lower_bound(key); it != feeds_.end() && it->first.SameFeed(feed); ++it)
    ++count;
  return count;
}

std::size_t SpaceLog::FurtherBranchesOf(const log::DeviceId& device) const {
  return static_cast<std::size_t>(std::count_if(
      feeds_.begin(), feeds_.end(),
      [&](const auto& item) { return item.first.device == device && item.first.branch != 0; }));
}

std::vector<log::FeedKey> SpaceLog::ForkedFeeds() const {
  std::vector<log::FeedKey> forked;
  for (const auto& [key, feed] : feeds_) {
    if (key.branch != 1) continue;
    forked.push_back(key);
    forked.back().branch = 0;
  }
  return forked;
}

SpaceLog::Front SpaceLog::FrontBehind(const codec::StoredEntry& stored) const {
  const log::Header& header = stored.entry.header;
  const Feed& at = feeds_.at(stored.feed());
  Front front{
      stored.feed(), at.from, at.parent, {header.seq + 1, stored.entry.id, header.basis}, false};
  if (at.head.head == stored.entry.id) return front;
  front.feed.branch = static_cast<std::uint32_t>(BranchCount(front.feed));
  front.from = header.seq + 1;
  front.parent = stored.branch;
  front.followed = true;
  return front;
}

Result<std::optional<SpaceLog::Front>> SpaceLog::FrontOf(
    const log::FeedKey& feed, std::uint64_t first_seq,
    const std::optional<codec::ShortId>& prev) const {
  log::FeedKey key = feed;
  key.branch = 0;
  if (first_seq == 0) {
    const std::size_t branches = BranchCount(feed);
    key.branch = static_cast<std::uint32_t>(branches);
    return std::optional(Front{key, 0, 0, {}, branches != 0});
  }
  if (!prev) return std::optional<Front>();
  for (auto it = feeds_.lower_bound(key); it != feeds_.end() && it->first.SameFeed(feed); ++it) {
    const Feed& at = it->second;
    if (at.head.next_seq == first_seq && codec::ShortOf(*at.head.head) == *prev)
      return std::optional(Front{it->first, at.from, at.parent, at.head, false});
  }
  ASSIGN(const auto entries, EntriesAt(feed, first_seq - 1));
  for (const codec::StoredEntry& stored : entries)
    if (codec::ShortOf(stored.entry.id) == *prev) return std::optional(FrontBehind(stored));
  return std::optional<Front>();
}

void SpaceLog::Append(log::Run run, const Front& front) {
  CHECK(!run.empty());
  const log::FeedKey& feed = front.feed;
  CHECK(feed.SameFeed(run.front().header.feed()));
  const auto [it, added] = feeds_.try_emplace(feed);
  Feed& at = it->second;
  if (added) {
    at.number = feeds_.size() - 1;
    at.from = front.from;
    at.parent = front.parent;
  }
  const std::uint64_t first_seq = run.front().header.seq;
  CHECK(first_seq == (added ? front.from : at.head.next_seq));
  if (added || at.stretch_arrival + (first_seq - at.stretch_seq) != next_arrival_) {
    at.stretch_seq = first_seq;
    at.stretch_arrival = next_arrival_;
    view_->Put(StretchKey(feed, first_seq), EncodeArrival(next_arrival_));
  }
  at.head = log::HeadAfter(run);
  open_.heads[feed] = {run.back().header.seq, run.back().id, at.from, at.parent};

  for (log::Entry& entry : run) {
    const log::Header& header = entry.header;
    const std::uint64_t arrival = next_arrival_++;
    const bool bare = header.fields == 0;
    if (!bare) ++missing_bodies_;
    if (!bare && header.kind == log::kErase) ++missing_erasures_;
    view_->Put(IdKey(space_, DocumentIdOf(entry.id)), EncodeArrival(arrival));
    std::erase_if(tips_, [&](const log::EntryId& tip) {
      return tip == header.prev || std::binary_search(header.seen.begin(), header.seen.end(), tip);
    });
    tips_.insert(std::upper_bound(tips_.begin(), tips_.end(), entry.id), entry.id);
    fresh_.push_back({std::move(entry), feed.branch, arrival, bare, std::nullopt});
  }
  view_->Put(FeedNumberKey(space_, at.number),
             codec::EncodeStoredFeed(
                 {feed, at.head, at.from, at.parent, at.stretch_seq, at.stretch_arrival}));
  view_->Put(TipsKey(space_), codec::EncodeIds(tips_));
  open_.arrival = next_arrival_ - 1;
  open_changed_ = true;
}

const codec::StoredEntry* SpaceLog::Fresh(std::uint64_t arrival) const {
  const std::uint64_t first = next_arrival_ - fresh_.size();
  if (arrival < first || arrival >= next_arrival_) return nullptr;
  return &fresh_[static_cast<std::size_t>(arrival - first)];
}

Result<std::optional<codec::StoredEntry>> SpaceLog::Arrival(std::uint64_t arrival) const {
  if (const codec::StoredEntry* fresh = Fresh(arrival)) return std::optional(*fresh);
  ASSIGN(const auto bytes, view_->Get(EntryKey(space_, arrival)));
  if (!bytes) return std::optional<codec::StoredEntry>();
  ASSIGN(auto stored, codec::DecodeStoredEntry(*bytes));
  return std::optional(std::move(stored));
}

Result<std::optional<std::uint64_t>> SpaceLog::ArrivalAt(log::FeedKey feed,
                                                         std::uint64_t seq) const {
  auto it = feeds_.find(feed);
  // Each branch is younger than its parent, so this ends at branch 0.
  for (; feed.branch != 0 && it != feeds_.end() && seq < it->second.from; it = feeds_.find(feed))
    feed.branch = it->second.parent;
  if (it == feeds_.end() || seq < it->second.from || seq >= it->second.head.next_seq)
    return std::optional<std::uint64_t>();
  const Feed& at = it->second;
  if (seq >= at.stretch_seq) return std::optional(at.stretch_arrival + (seq - at.stretch_seq));
  ASSIGN(const auto stretch, view_->Floor(StretchKey(feed, seq)));
  if (!stretch) return Fail(Code::kCorruption, "an entry whose arrival is not known");
  ASSIGN(const std::uint64_t first, DecodeArrival(stretch->value));
  return std::optional(first + (seq - stretch->order));
}

Result<std::optional<codec::StoredEntry>> SpaceLog::EntryAt(log::FeedKey feed,
                                                            std::uint64_t seq) const {
  ASSIGN(const auto arrival, ArrivalAt(feed, seq));
  if (!arrival) return std::optional<codec::StoredEntry>();
  ASSIGN(auto stored, Arrival(*arrival));
  if (!stored || stored->entry.header.seq != seq)
    return Fail(Code::kCorruption, "an entry is not where its arrival says");
  return stored;
}

Result<std::vector<codec::StoredEntry>> SpaceLog::EntriesAt(const log::FeedKey& feed,
                                                            std::uint64_t seq) const {
  std::vector<codec::StoredEntry> entries;
  log::FeedKey key = feed;
  key.branch = 0;
  for (auto it = feeds_.lower_bound(key); it != feeds_.end() && it->first.SameFeed(feed); ++it) {
    if (seq < it->second.from || seq >= it->second.head.next_seq) continue;
    ASSIGN(auto stored, EntryAt(it->first, seq));
    if (!stored) return Fail(Code::kCorruption, "an entry below a feed's head is not here");
    entries.push_back(*std::move(stored));
  }
  return entries;
}

Result<std::optional<codec::StoredEntry>> SpaceLog::EntryOf(const log::EntryId& id) const {
  ASSIGN(auto stored, EntryOf(DocumentIdOf(id)));
  if (stored && stored->entry.id != id) stored.reset();
  return stored;
}

Result<std::optional<codec::StoredEntry>> SpaceLog::EntryOf(
    const crdt::DocumentId& document) const {
  ASSIGN(const auto bytes, view_->Get(IdKey(space_, document)));
  if (!bytes) return std::optional<codec::StoredEntry>();
  ASSIGN(const std::uint64_t arrival, DecodeArrival(*bytes));
  ASSIGN(auto stored, Arrival(arrival));
  if (!stored) return Fail(Code::kCorruption, "an entry is not where its id says");
  return stored;
}

Result<std::vector<codec::StoredEntry>> SpaceLog::Arrivals(std::uint64_t from,
                                                           std::size_t max) const {
  std::vector<codec::StoredEntry> entries;
  if (max == 0) return entries;
  TRY(ScanDecoded(*view_, EntryKey(space_, from), codec::DecodeStoredEntry,
                  [&](std::uint64_t, codec::StoredEntry stored) {
                    entries.push_back(std::move(stored));
                    return entries.size() < max;
                  }));
  for (const codec::StoredEntry& fresh : fresh_)
    if (fresh.arrival >= from && entries.size() < max) entries.push_back(fresh);
  return entries;
}

Result<std::optional<log::Body>> SpaceLog::BodyOf(const codec::StoredEntry& stored) const {
  if (!stored.body_here) return std::optional<log::Body>();
  if (stored.entry.header.fields == 0) return std::optional(log::Body{});
  ASSIGN(const auto bytes, view_->Get(BodyKeyOf(space_, stored)));
  if (!bytes) return Fail(Code::kCorruption, "the body of an entry is not where it was stored");
  ASSIGN(auto body, codec::DecodeBody(*bytes));
  return std::optional(std::move(body));
}

Result<std::optional<log::Body>> SpaceLog::EvidenceOf(const codec::StoredEntry& stored) const {
  ASSIGN(const auto bytes, view_->Get(SpaceBodyKey(space_, stored.arrival)));
  if (!bytes) return std::optional<log::Body>();
  ASSIGN(auto body, codec::DecodeBody(*bytes));
  return std::optional(std::move(body));
}

void SpaceLog::KeepEvidence(const codec::StoredEntry& stored, const log::Body& body) {
  view_->Put(SpaceBodyKey(space_, stored.arrival), codec::EncodeBody(body));
}

store::Key SpaceLog::ReplaceBody(const codec::StoredEntry& stored, const log::Body& body) {
  CHECK(stored.body_here);
  store::Key key = BodyKeyOf(space_, stored);
  view_->Put(key, codec::EncodeBody(body));
  return key;
}

void SpaceLog::AddBody(codec::StoredEntry& stored, const log::Body& body,
                       const std::optional<crdt::DocumentId>& document) {
  CHECK(!stored.body_here);
  stored.body_here = true;
  stored.document = document;
  view_->Put(BodyKeyOf(space_, stored), codec::EncodeBody(body));
  if (Fresh(stored.arrival) != nullptr) {
    fresh_[static_cast<std::size_t>(stored.arrival + fresh_.size() - next_arrival_)] = stored;
  } else {
    view_->Put(EntryKey(space_, stored.arrival), codec::EncodeStoredEntry(stored));
    view_->Delete(MissingBodyKey(space_, stored.arrival));
  }
  CHECK(missing_bodies_ > 0);
  --missing_bodies_;
  if (stored.entry.header.kind == log::kErase) --missing_erasures_;
  open_changed_ = true;
}

Result<std::vector<codec::Position>> SpaceLog::MissingBodies(std::size_t max) const {
  std::vector<codec::Position> positions;
  if (max == 0) return positions;
  TRY(ScanDecoded(*view_, MissingBodyKey(space_, 0), codec::DecodePosition,
                  [&](std::uint64_t, codec::Position position) {
                    positions.push_back(position);
                    return positions.size() < max;
                  }));
  for (const codec::StoredEntry& fresh : fresh_)
    if (!fresh.body_here && positions.size() < max)
      positions.push_back({fresh.feed(), fresh.entry.header.seq});
  return positions;
}

const log::Fingerprint& SpaceLog::durable_fingerprint() const {
  if (!fingerprint_) fingerprint_ = log::FingerprintOf(durable_);
  return *fingerprint_;
}

log::Frontier SpaceLog::Frontier() const {
  log::Frontier frontier;
  for (const auto& [key, feed] : feeds_)
    if (feed.head.head)
      frontier[key] = {feed.head.next_seq - 1, *feed.head.head, feed.from, feed.parent};
  return frontier;
}

bool SpaceLog::BatchTaken(std::uint64_t ticket) {
  for (const codec::StoredEntry& fresh : fresh_) {
    view_->Put(EntryKey(space_, fresh.arrival), codec::EncodeStoredEntry(fresh));
    if (!fresh.body_here)
      view_->Put(MissingBodyKey(space_, fresh.arrival),
                 codec::EncodePosition({fresh.feed(), fresh.entry.header.seq}));
  }
  fresh_.clear();
  if (!open_changed_) return false;
  open_.ticket = ticket;
  open_.missing_bodies = missing_bodies_;
  open_.missing_erasures = missing_erasures_;
  under_way_.push_back(std::exchange(open_, {}));
  open_changed_ = false;
  return true;
}

bool SpaceLog::Persisted(std::uint64_t ticket) {
  bool changed = false;
  while (!under_way_.empty() && under_way_.front().ticket <= ticket) {
    for (const auto& [feed, item] : under_way_.front().heads) durable_[feed] = item;
    durable_arrival_ = std::max(durable_arrival_, under_way_.front().arrival);
    durable_missing_bodies_ = under_way_.front().missing_bodies;
    durable_missing_erasures_ = under_way_.front().missing_erasures;
    fingerprint_.reset();
    changed = true;
    under_way_.pop_front();
  }
  return changed;
}

}  // namespace geflecht::replica
