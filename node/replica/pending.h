// Runs of live traffic that came before their causes. Bounded; the oldest go first, since whatever
// is dropped here is offered again when frontiers are compared.
#pragma once

#include <deque>

#include "base/limits.h"
#include "proto/codec/messages.h"

namespace geflecht::replica {

class Pending {
 public:
  explicit Pending(std::size_t entries_max = limits::kPendingEntriesMax,
                   std::size_t bytes_max = limits::kPendingBytesMax)
      : entries_max_(entries_max), bytes_max_(bytes_max) {}

  void Add(const log::SpaceId& space, codec::Run run);
  // Takes out everything, to be tried again.
  struct Item {
    log::SpaceId space;
    codec::Run run;
    std::size_t bytes = 0;
  };
  std::deque<Item> TakeAll();

  std::size_t entries() const { return entries_; }
  std::size_t bytes() const { return bytes_; }

 private:
  std::size_t entries_max_;
  std::size_t bytes_max_;
  std::deque<Item> items_;
  std::size_t entries_ = 0;
  std::size_t bytes_ = 0;
};

}  // namespace geflecht::replica
