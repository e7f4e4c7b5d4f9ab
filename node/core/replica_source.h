// What sessions read: the durable part of a replica.
#pragma once

#include "node/replica/replica.h"
#include "node/sync/session.h"

namespace geflecht::core {

// `replica` must outlive it. A store that cannot be read ends the process: nothing that a node
// offers may rest on a guess.
class ReplicaSource final : public sync::Source {
 public:
  explicit ReplicaSource(const replica::Replica& replica) : replica_(replica) {}

  // Until this device belongs to a member, `device` is given the root space, whoever it belongs to:
  // what it sends tells whether both do.
  void SetSponsor(const log::DeviceId& device) { sponsor_ = device; }

  std::vector<log::SpaceId> SpacesFor(const log::DeviceId& peer) const override;
  const log::Frontier& Frontier(const log::SpaceId& space) const override;
  log::Fingerprint Fingerprint(const log::SpaceId& space) const override;
  std::uint64_t LastArrival(const log::SpaceId& space) const override;
  Result<std::uint64_t> ArrivalOf(const log::FeedKey& feed, std::uint64_t seq) const override;
  Result<std::vector<sync::Arrival>> Arrivals(const log::SpaceId& space, std::uint64_t from,
                                              std::size_t entries_max) const override;
  Result<std::optional<log::Body>> BodyOf(const log::FeedKey& feed,
                                          std::uint64_t seq) const override;
  Result<std::optional<log::Body>> EvidenceOf(const log::FeedKey& feed,
                                              std::uint64_t seq) const override;
  Result<std::optional<log::Entry>> EntryAt(const log::FeedKey& feed,
                                            std::uint64_t seq) const override;
  std::vector<codec::Need::Item> MissingBodies(const log::SpaceId& space,
                                               std::size_t max) const override;
  std::uint32_t MissingBodyCount(const log::SpaceId& space) const override;
  Result<std::vector<sync::Arrival>> Erasures(const log::SpaceId& space, std::uint64_t from,
                                              std::size_t max) const override;
  bool LacksErasure(const log::SpaceId& space) const override {
    return replica_.Log(space).durable_missing_erasures() > 0;
  }
  bool HeldBack() const override { return held_back_; }
  void SetHeldBack(bool held_back) { held_back_ = held_back; }

 private:
  // The entry at a position, from the latest arrivals that were read if it is among them.
  Result<std::optional<codec::StoredEntry>> StoredAt(const log::FeedKey& feed,
                                                     std::uint64_t seq) const;

  const replica::Replica& replica_;
  std::optional<log::DeviceId> sponsor_;
  bool held_back_ = false;
  // Their bodies are asked for next. Only entries whose body is here: those do not change.
  mutable std::vector<codec::StoredEntry> recent_;
};

}  // namespace geflecht::core
