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

struct DiskEvents {
  std::function<void(core::Ticket)> persisted;  // the last ticket of each sync
  std::function<void()> full;                   // once; from then on it is tried again
  std::function<void()> writable;               // once, in front of `persisted`
};

class SimDisk final : private store::View {
 public:
  // A `light` disk takes half the memory and cannot lose its power.
  SimDisk(EventQueue& queue, std::uint64_t seed, bool slow, bool light, Trace& trace,
          DiskEvents events);

  // With what was written and not yet synced, as a process sees its files; kCorruption where a bit
  // has rotted.
  const store::View& view() const { return *this; }
  // Only what survives the loss of power.
  const store::View& synced() const { return light_ ? *written_ : *synced_; }

  // As it was written last.
  const std::optional<Bytes>& anchor() const { return anchor_; }

  void Add(core::Persist persist);
  bool idle() const { return waiting_.empty() && syncing_.empty(); }
  // Nothing more fits on it, or something does again.
  void SetFull(bool full) { full_ = full; }
  // The number of batches that are lost. With `keep_some`, the first ones may have reached the
  // disk.
  std::size_t LosePower(bool keep_some);

  // The process is gone when one of these is called.
  // A record that was written at some time cannot be read from now on; and can again.
  void Rot();
  void Mend() {
    rotten_.reset();
    rot_met_ = false;
  }
  bool rot_met() const { return rot_met_; }
  // What was synced, batch by batch; another past. The anchor lies elsewhere and stays.
  std::size_t age() const { return durable_.size(); }
  const std::vector<store::Batch>& history() const { return durable_; }
  // What was to be rewritten with the batch of this number.
  const std::vector<store::GroupName>& expunged(std::size_t batch) const {
    return expunged_[batch];
  }
  void Become(std::vector<store::Batch> history);
  // Becomes a copy of another disk, perhaps with what lies elsewhere.
  void CopyOf(const SimDisk& other, bool with_anchor);

 private:
  Result<std::optional<Bytes>> Get(const store::Key& key) const override;
  Result<void> Scan(store::Table table, ByteView group, std::uint64_t from,
                    const std::function<bool(const store::Record&)>& each) const override;
  Result<std::optional<store::Record>> Floor(const store::Key& key) const override;
  // What the process sees is what is durable.
  void Reopen();
  void Wake();
  void WriteQueued();
  void Synced();

  EventQueue& queue_;
  SeededRandom random_;
  bool slow_;
  bool light_;
  Trace& trace_;
  DiskEvents events_;
  std::unique_ptr<store::Store> written_;
  std::unique_ptr<store::Store> synced_;
  std::vector<store::Batch> durable_;  // everything that was synced, in order
  std::vector<std::vector<store::GroupName>> expunged_;
  std::optional<Bytes> anchor_;
  std::deque<core::Persist> waiting_;
  std::vector<core::Persist> syncing_;  // written
  std::optional<store::Key> rotten_;
  mutable bool rot_met_ = false;
  bool full_ = false;
  bool told_full_ = false;
  bool awake_ = false;
  std::uint64_t power_ = 0;  // how often it was lost: events of an earlier time do nothing
};

}  // namespace geflecht::sim
