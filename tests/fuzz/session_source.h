// Stores in memory for the session target: a fixed universe of entries, each of which a node holds
// or does not. What is not in the universe counts as not signed, so that nothing is verified here.
#pragma once

#include <map>
#include <optional>
#include <set>
#include <vector>

#include "node/sync/session.h"

namespace geflecht::fuzz {

struct Universe {
  struct Item {
    log::Entry entry;
    log::Body body;
    std::size_t author = 0;
  };
  log::NetworkId network;
  std::vector<log::SpaceId> spaces;    // the root space first
  std::vector<log::DeviceId> devices;  // 0 and 1 have the session; 2 equivocates
  std::vector<Item> items;             // causes first
  std::map<log::EntryId, std::size_t> by_id;

  static const Universe& Get();
};

class Source final : public sync::Source {
 public:
  Source();

  std::vector<log::SpaceId> served;
  // Stores item `number` with its body if its causes are here and it is not; whether it did.
  bool Write(std::size_t number, bool with_body);
  sync::Admission Admit(const log::SpaceId& space, const codec::Run& run);
  sync::Admission AdmitBodies(const log::SpaceId& space, const codec::Bodies& bodies);

  std::vector<log::SpaceId> SpacesFor(const log::DeviceId& peer) const override;
  const log::Frontier& Frontier(const log::SpaceId& space) const override;
  log::Fingerprint Fingerprint(const log::SpaceId& space) const override;
  std::uint64_t LastArrival(const log::SpaceId& space) const override;
  Result<std::uint64_t> ArrivalOf(const log::FeedKey& feed, std::uint64_t seq) const override;
  Result<std::vector<sync::Arrival>> Arrivals(const log::SpaceId& space, std::uint64_t from,
                                              std::size_t entries_max) const override;
  Result<std::optional<log::Body>> BodyOf(const log::FeedKey& feed,
                                          std::uint64_t seq) const override;
  Result<std::optional<log::Entry>> EntryAt(const log::FeedKey& feed,
                                            std::uint64_t seq) const override;
  std::vector<codec::Need::Item> MissingBodies(const log::SpaceId& space,
                                               std::size_t max) const override;
  std::uint32_t MissingBodyCount(const log::SpaceId& space) const override;
  Result<std::vector<sync::Arrival>> Erasures(const log::SpaceId&, std::uint64_t,
                                              std::size_t) const override {
    return std::vector<sync::Arrival>();
  }
  Result<std::optional<log::Body>> EvidenceOf(const log::FeedKey&, std::uint64_t) const override {
    return std::optional<log::Body>();
  }
  bool HeldBack() const override { return false; }

 private:
  struct Held {
    std::size_t item = 0;
    std::uint32_t branch = 0;
    bool body = false;
  };
  struct Space {
    std::vector<Held> arrivals;
    std::map<log::EntryId, std::size_t> by_id;
    std::map<log::FeedKey, std::map<std::uint64_t, std::size_t>> feeds;  // by branch
    log::Frontier frontier;
    std::vector<codec::Run> waiting;
  };

  static const log::Entry& EntryOf(const Held& held);
  bool CausesHere(const Space& space, const log::Header& header) const;
  void Store(Space& space, std::size_t number);
  sync::Admission AdmitOnce(const log::SpaceId& id, const codec::Run& run);
  // The arrival at a position of a branch or of what it stands on.
  const Held* HeldAt(log::FeedKey feed, std::uint64_t seq) const;

  std::map<log::SpaceId, Space> spaces_;
};

}  // namespace geflecht::fuzz
