// Runs of devices that are deprived now: entitled at their basis, entitled no more. They stand only
// if an entry that stands refers to them (docs/formats/kinds.md, Standing); until then they are
// kept in memory, apart from the log, and are not forwarded. Pure; not thread-safe.
#pragma once

#include <cstddef>
#include <map>
#include <optional>
#include <vector>

#include "base/limits.h"
#include "node/log/entry.h"
#include "proto/codec/messages.h"

namespace geflecht::replica {

class Quarantine {
 public:
  struct Item {
    log::SpaceId space;
    codec::Run run;
    log::DeviceId from;  // the peer that sent it
  };

  explicit Quarantine(std::size_t bytes_max = limits::kQuarantineBytesMax,
                      std::size_t all_bytes_max = limits::kQuarantineAllBytesMax)
      : bytes_max_(bytes_max), all_bytes_max_(all_bytes_max) {}

  // Keeps `item`, whose entries are `entries`. False if its device has no room left: it is dropped.
  bool Add(Item item, const log::Run& entries);
  // Where the feed stands behind an entry of it that is kept here, or nothing.
  std::optional<log::FeedHead> HeadBehind(const log::FeedKey& feed,
                                          const codec::ShortId& entry) const;
  // Takes out the run with this entry and those in front of it that are here; the first one first.
  std::vector<Item> TakePast(const codec::ShortId& entry);
  // Takes out all runs of a device that is entitled again, in the order in which they came.
  std::vector<Item> TakeOf(const log::DeviceId& device);

  std::size_t entries() const { return entries_; }
  // Devices of which something is here, ascending.
  std::vector<log::DeviceId> Devices() const;

 private:
  using Number = std::uint64_t;
  struct Kept {
    Item item;
    std::vector<codec::ShortId> ids;
    std::optional<codec::ShortId> prev;
    log::FeedHead behind;
    std::size_t bytes = 0;
  };
  Item Take(Number number);

  std::size_t bytes_max_, all_bytes_max_;
  std::size_t all_bytes_ = 0;
  Number next_ = 0;
  std::size_t entries_ = 0;
  std::map<Number, Kept> kept_;
  std::map<codec::ShortId, Number> by_entry_;
  std::map<log::DeviceId, std::size_t> bytes_;  // by the runs' device
};

}  // namespace geflecht::replica
