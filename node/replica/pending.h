// Runs of live traffic that came before their causes. Bounded; what is dropped here is offered
// again when frontiers are compared. Who sent a run answers for its room: when the room is used up,
// the peer that takes the most of it loses its oldest run (longest queue drop: McKenney, Stochastic
// Fairness Queueing, INFOCOM 1990), so that nobody evicts runs of others who take less.
#pragma once

#include <map>
#include <vector>

#include "base/limits.h"
#include "proto/codec/messages.h"

namespace geflecht::replica {

class Pending {
 public:
  explicit Pending(std::size_t entries_max = limits::kPendingEntriesMax,
                   std::size_t bytes_max = limits::kPendingBytesMax)
      : room_{entries_max, bytes_max} {}

  struct Item {
    log::SpaceId space;
    codec::Run run;
    log::DeviceId from;   // the peer that sent it
    bool stands = false;  // its device is entitled, or an entry that stands refers to it
  };
  // Keeps the run until none of `missing` is missing; they are not empty and distinct. A run that
  // waits already for the same peer is kept once.
  void Add(Item item, const std::vector<codec::ShortId>& missing);
  // Whether a run waits for the entry.
  bool Awaits(const codec::ShortId& id) const { return by_missing_.contains(id); }
  // The same for a run that stands.
  bool AwaitedByStanding(const codec::ShortId& id) const;
  // The entry is here: takes out the runs that waited for nothing else, the oldest first.
  std::vector<Item> Arrived(const codec::ShortId& id);

  std::size_t entries() const { return held_.entries; }
  std::size_t bytes() const { return held_.bytes; }  // near enough for a bound

 private:
  using Number = std::uint64_t;  // in the order of Add
  struct Size {
    std::size_t entries = 0;
    std::size_t bytes = 0;
  };
  struct Waiting {
    Item item;
    std::vector<codec::ShortId> missing;
    std::size_t still_missing = 0;
    Size size;
  };
  struct Peer {
    std::map<crypto::Signature, Number> runs;  // by their last signature
    std::map<Number, crypto::Signature> order;
    Size held;
  };

  void MakeRoom();
  Item Take(Number number);

  Size room_;
  Size held_;
  Number next_ = 0;
  std::map<Number, Waiting> waiting_;
  std::map<codec::ShortId, std::vector<Number>> by_missing_;  // each ascending
  std::map<log::DeviceId, Peer> peers_;
};

}  // namespace geflecht::replica
