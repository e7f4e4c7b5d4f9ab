// A store in memory with real signed entries, and the admission that the node's core would do.
#pragma once

#include <list>
#include <map>
#include <set>
#include <string>
#include <vector>

#include "base/rng.h"
#include "node/sync/session.h"

namespace geflecht::sync {

class FakeSource final : public Source {
 public:
  FakeSource(const log::NetworkId& network, std::vector<log::SpaceId> spaces, Random& random);

  const log::DeviceId& device() const { return key_.public_key(); }
  const log::NetworkId& network() const { return network_; }
  std::vector<log::SpaceId> spaces;  // served to everybody
  // The bodies of entries written or received from now on are not kept.
  bool lose_bodies = false;
  std::string kind = "change";  // of what is written from now on

  // Writes `count` entries of one feed with a body of one field of `value_bytes`; only the last one
  // is signed.
  void Write(const log::SpaceId& space, std::size_t count = 1, std::size_t value_bytes = 16);
  // The entry of this device with a signature.
  log::Entry SignAgain(const log::Entry& entry) const { return log::Sign(entry.header, key_); }
  // The same device goes on in another feed.
  void NewLife() { life_ = random_.Make<log::LifeId>(); }

  Admission Admit(const log::SpaceId& space, const codec::Run& run);
  Admission AdmitBodies(const log::SpaceId& space, const codec::Bodies& bodies);
  // Stores the body at the position again, as if another peer had brought it.
  void Restore(const log::FeedKey& feed, std::uint64_t seq);
  std::size_t entries(const log::SpaceId& space) const;
  const Arrival& arrival(const log::SpaceId& space, std::size_t index) const;

  std::vector<log::SpaceId> SpacesFor(const log::DeviceId& peer) const override;
  const log::Frontier& Frontier(const log::SpaceId& space) const override;
  log::Fingerprint Fingerprint(const log::SpaceId& space) const override;
  std::uint64_t LastArrival(const log::SpaceId& space) const override;
  Result<std::uint64_t> ArrivalOf(const log::FeedKey& feed, std::uint64_t seq) const override;
  Result<std::vector<Arrival>> Arrivals(const log::SpaceId& space, std::uint64_t from,
                                        std::size_t entries_max) const override;
  Result<std::optional<log::Body>> BodyOf(const log::FeedKey& feed,
                                          std::uint64_t seq) const override;
  Result<std::optional<log::Entry>> EntryAt(const log::FeedKey& feed,
                                            std::uint64_t seq) const override;
  std::vector<codec::Need::Item> MissingBodies(const log::SpaceId& space,
                                               std::size_t max) const override;
  std::uint32_t MissingBodyCount(const log::SpaceId& space) const override;
  Result<std::vector<Arrival>> Erasures(const log::SpaceId& space, std::uint64_t from,
                                        std::size_t max) const override;
  // Nothing in these spaces is decided.
  Result<std::optional<log::Body>> EvidenceOf(const log::FeedKey&, std::uint64_t) const override {
    return std::optional<log::Body>();
  }
  bool HeldBack() const override { return held_back; }
  bool held_back = false;
  std::vector<log::EntryId> locked;  // erasures that were announced to it

 private:
  struct Space {
    std::vector<Arrival> arrivals;
    std::map<log::FeedKey, std::vector<std::size_t>> feeds;  // indexes into arrivals
    std::set<log::EntryId> ids;
    std::set<log::EntryId> tips;
    log::Frontier frontier;
    std::map<BodyKey, log::Body> bodies;
    std::map<BodyKey, log::Body> lost;
    std::list<codec::Run> waiting;
  };

  log::FeedHead HeadOf(const Space& space, const log::FeedKey& feed) const;
  void Append(Space& space, const log::Entry& entry);
  Admission AdmitOnce(const log::SpaceId& id, const codec::Run& run);

  log::NetworkId network_;
  Random& random_;
  crypto::SigningKey key_;
  log::LifeId life_;
  std::map<log::SpaceId, Space> spaces_;
};

}  // namespace geflecht::sync
