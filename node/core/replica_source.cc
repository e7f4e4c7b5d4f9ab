#include "node/core/replica_source.h"

#include <algorithm>
#include <set>
#include <utility>

#include "base/check.h"
#include "node/log/erase.h"

namespace geflecht::core {

std::vector<log::SpaceId> ReplicaSource::SpacesFor(const log::DeviceId& peer) const {
  const governance::Members& members = replica_.members();
  std::vector<log::SpaceId> spaces = replica_.SpacesFor(peer);
  if (spaces.empty() && sponsor_ == peer && members.EverByDevice(replica_.self()) == nullptr)
    spaces.push_back(members.root_space());
  return spaces;
}

const log::Frontier& ReplicaSource::Frontier(const log::SpaceId& space) const {
  return replica_.Log(space).durable_frontier();
}

log::Fingerprint ReplicaSource::Fingerprint(const log::SpaceId& space) const {
  return replica_.Log(space).durable_fingerprint();
}

std::uint64_t ReplicaSource::LastArrival(const log::SpaceId& space) const {
  return replica_.Log(space).durable_arrival();
}

Result<std::uint64_t> ReplicaSource::ArrivalOf(const log::FeedKey& feed, std::uint64_t seq) const {
  ASSIGN(const auto stored, replica_.Log(feed.space).EntryAt(feed, seq));
  if (!stored) return Fail(Code::kNotFound, "no such entry");
  return stored->arrival;
}

Result<std::vector<sync::Arrival>> ReplicaSource::Arrivals(const log::SpaceId& space,
                                                           std::uint64_t from,
                                                           std::size_t entries_max) const {
  const replica::SpaceLog& log = replica_.Log(space);
  ASSIGN(auto stored, log.Arrivals(from, entries_max));
  recent_.clear();
  std::vector<sync::Arrival> arrivals;
  arrivals.reserve(stored.size());
  for (codec::StoredEntry& item : stored) {
    if (item.arrival > log.durable_arrival()) break;
    arrivals.push_back({item.arrival, item.feed(), item.entry});
    if (item.body_here) recent_.push_back(std::move(item));
  }
  return arrivals;
}

Result<std::optional<codec::StoredEntry>> ReplicaSource::StoredAt(const log::FeedKey& feed,
                                                                  std::uint64_t seq) const {
  const auto is_it = [&](const codec::StoredEntry& stored) {
    return stored.entry.header.seq == seq && stored.feed() == feed;
  };
  // Mostly they are of one feed, one behind the other.
  const std::uint64_t first = recent_.empty() ? 0 : recent_.front().entry.header.seq;
  if (seq >= first && seq - first < recent_.size()) {
    const codec::StoredEntry& likely = recent_[static_cast<std::size_t>(seq - first)];
    if (is_it(likely)) return std::optional(likely);
  }
  const auto found = std::find_if(recent_.begin(), recent_.end(), is_it);
  if (found != recent_.end()) return std::optional(*found);
  return replica_.Log(feed.space).EntryAt(feed, seq);
}

Result<std::optional<log::Body>> ReplicaSource::BodyOf(const log::FeedKey& feed,
                                                       std::uint64_t seq) const {
  const replica::SpaceLog& log = replica_.Log(feed.space);
  ASSIGN(const auto stored, StoredAt(feed, seq));
  if (!stored || stored->arrival > log.durable_arrival()) return std::optional<log::Body>();
  return log.BodyOf(*stored);
}

Result<std::optional<log::Body>> ReplicaSource::EvidenceOf(const log::FeedKey& feed,
                                                           std::uint64_t seq) const {
  const replica::SpaceLog& log = replica_.Log(feed.space);
  ASSIGN(const auto stored, StoredAt(feed, seq));
  if (!stored || stored->arrival > log.durable_arrival()) return std::optional<log::Body>();
  // An erasure is evidence, in whatever space.
  if (feed.space != replica_.members().root_space() && stored->entry.header.kind != log::kErase)
    return std::optional<log::Body>();
  ASSIGN(auto body, log.BodyOf(*stored));
  if (!body) {
    ASSIGN(body, log.EvidenceOf(*stored));
  }
  if (!body) return std::optional<log::Body>();
  std::set<std::uint32_t> erasable;
  for (std::uint32_t i = log::FirstErasable(stored->entry.header); i < body->slots.size(); ++i)
    erasable.insert(i);
  log::TakeOut(*body, erasable);
  return body;
}

Result<std::optional<log::Entry>> ReplicaSource::EntryAt(const log::FeedKey& feed,
                                                         std::uint64_t seq) const {
  ASSIGN(const auto stored, replica_.Log(feed.space).EntryAt(feed, seq));
  if (!stored) return std::optional<log::Entry>();
  return std::optional(stored->entry);
}

std::vector<codec::Need::Item> ReplicaSource::MissingBodies(const log::SpaceId& space,
                                                            std::size_t max) const {
  const auto missing = replica_.Log(space).MissingBodies(max);
  CHECK(missing.has_value());
  std::vector<codec::Need::Item> items;
  for (const codec::Position& position : *missing)
    items.push_back({position.feed.device, position.feed.life, position.seq});
  return items;
}

Result<std::vector<sync::Arrival>> ReplicaSource::Erasures(const log::SpaceId& space,
                                                           std::uint64_t from,
                                                           std::size_t max) const {
  const replica::SpaceLog& log = replica_.Log(space);
  ASSIGN(auto stored, replica_.ErasuresIn(space, from, max));
  std::vector<sync::Arrival> arrivals;
  for (codec::StoredEntry& item : stored) {
    if (item.arrival > log.durable_arrival()) break;
    arrivals.push_back({item.arrival, item.feed(), std::move(item.entry)});
  }
  return arrivals;
}

std::uint32_t ReplicaSource::MissingBodyCount(const log::SpaceId& space) const {
  return replica_.Log(space).durable_missing_bodies();
}

}  // namespace geflecht::core
