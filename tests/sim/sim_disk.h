// The disk and the writer of one device. Batches are written in order, several at once, and are
// durable when one sync for all of them has ended, as node/runtime/writer.h does it. When the power
// goes, what was not synced is lost.
#pragma once

#include <deque>
#include <functional>
#include <memory>
#include <optional>
#include <vector>

#include "base/rng.h"
#include "node/core/events.h"
#include "node/store/store.h"
#include "tests/sim/event_queue.h"
#include "tests/sim/trace.h"

namespace geflecht::sim {

class SimDisk {
 public:
  // `persisted` is called with the last ticket of each sync.
  SimDisk(EventQueue& queue, std::uint64_t seed, bool slow, Trace& trace,
          std::function<void(core::Ticket)> persisted);

  // With what was written and not yet synced, as a process sees its files.
  const store::View& view() const { return *written_; }
  // Only what survives the loss of power.
  const store::View& synced() const { return *synced_; }

  // As it was written last.
  const std::optional<Bytes>& anchor() const { return anchor_; }

  void Add(core::Persist persist);
  bool idle() const { return waiting_.empty() && syncing_.empty(); }
  // The number of batches that are lost. With `keep_some`, the first ones may have reached the
  // disk.
  std::size_t LosePower(bool keep_some);

 private:
  void Wake();
  void WriteQueued();
  void Synced();

  EventQueue& queue_;
  SeededRandom random_;
  bool slow_;
  Trace& trace_;
  std::function<void(core::Ticket)> persisted_;
  std::unique_ptr<store::Store> written_;
  std::unique_ptr<store::Store> synced_;
  std::vector<store::Batch> durable_;  // everything that was synced, in order
  std::optional<Bytes> anchor_;
  std::deque<core::Persist> waiting_;
  std::vector<core::Persist> syncing_;
  bool awake_ = false;
  std::uint64_t power_ = 0;  // how often it was lost: events of an earlier time do nothing
};

}  // namespace geflecht::sim
