#include "tests/sim/sim_disk.h"

#include <iterator>
#include <utility>

#include "base/check.h"

namespace geflecht::sim {

SimDisk::SimDisk(EventQueue& queue, std::uint64_t seed, bool slow, Trace& trace,
                 std::function<void(core::Ticket)> persisted)
    : queue_(queue),
      random_(seed),
      slow_(slow),
      trace_(trace),
      persisted_(std::move(persisted)),
      written_(store::MakeMemoryStore()),
      synced_(store::MakeMemoryStore()) {}

void SimDisk::Add(core::Persist persist) {
  waiting_.push_back(std::move(persist));
  Wake();
}

void SimDisk::Wake() {
  if (awake_ || waiting_.empty()) return;
  awake_ = true;
  queue_.After(static_cast<std::int64_t>(random_.Below(3)), [this, power = power_] {
    if (power == power_) WriteQueued();
  });
}

void SimDisk::WriteQueued() {
  syncing_.assign(std::make_move_iterator(waiting_.begin()),
                  std::make_move_iterator(waiting_.end()));
  waiting_.clear();
  if (syncing_.size() > 1) trace_.counts.Hit(Mark::kGroupCommit);
  for (const core::Persist& persist : syncing_)
    CHECK(written_->Write(persist.batch, store::Durability::kGrouped).has_value());
  const std::uint64_t longest = slow_ ? 1'500 : random_.Below(20) == 0 ? 400 : 25;
  queue_.After(1 + static_cast<std::int64_t>(random_.Below(longest)), [this, power = power_] {
    if (power == power_) Synced();
  });
}

void SimDisk::Synced() {
  const core::Ticket last = syncing_.back().ticket;
  for (core::Persist& persist : syncing_) {
    CHECK(synced_->Write(persist.batch, store::Durability::kSynced).has_value());
    durable_.push_back(std::move(persist.batch));
    if (persist.anchor) anchor_ = std::move(persist.anchor);
  }
  syncing_.clear();
  awake_ = false;
  Wake();
  persisted_(last);
}

std::size_t SimDisk::LosePower(bool keep_some) {
  ++power_;
  awake_ = false;
  std::vector<core::Persist> unsynced = std::exchange(syncing_, {});
  // What was not even written cannot have reached the disk.
  const std::size_t kept = keep_some && !unsynced.empty() ? random_.Below(unsynced.size() + 1) : 0;
  if (kept > 0) trace_.counts.Hit(Mark::kCrashKeptPrefix);
  for (std::size_t i = 0; i < kept; ++i) {
    CHECK(synced_->Write(unsynced[i].batch, store::Durability::kSynced).has_value());
    durable_.push_back(std::move(unsynced[i].batch));
  }
  const std::size_t lost = unsynced.size() - kept + waiting_.size();
  waiting_.clear();
  written_ = store::MakeMemoryStore();
  for (const store::Batch& batch : durable_)
    CHECK(written_->Write(batch, store::Durability::kSynced).has_value());
  return lost;
}

}  // namespace geflecht::sim
