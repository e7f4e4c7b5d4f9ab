#include "tests/sim/sim_disk.h"

#include <algorithm>
#include <iterator>
#include <utility>

#include "base/check.h"

namespace geflecht::sim {
namespace {

constexpr std::int64_t kRetryMs = 1'000;

}  // namespace

SimDisk::SimDisk(EventQueue& queue, std::uint64_t seed, bool slow, bool light, Trace& trace,
                 DiskEvents events)
    : queue_(queue),
      random_(seed),
      slow_(slow),
      light_(light),
      trace_(trace),
      events_(std::move(events)),
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
  // The first batches may still fit.
  for (std::size_t fits = full_ ? random_.Below(waiting_.size()) : waiting_.size(); fits > 0;
       --fits, waiting_.pop_front()) {
    CHECK(written_->Write(*waiting_.front().batch, store::Durability::kGrouped).has_value());
    syncing_.push_back(std::move(waiting_.front()));
  }
  if (full_) {
    queue_.After(kRetryMs, [this, power = power_] {
      if (power == power_) WriteQueued();
    });
    if (!std::exchange(told_full_, true)) events_.full();
    return;
  }
  if (syncing_.size() > 1) trace_.counts.Hit(Mark::kGroupCommit);
  const std::uint64_t longest = slow_ ? 1'500 : random_.Below(20) == 0 ? 400 : 25;
  queue_.After(1 + static_cast<std::int64_t>(random_.Below(longest)), [this, power = power_] {
    if (power == power_) Synced();
  });
}

void SimDisk::Synced() {
  const core::Ticket last = syncing_.back().ticket;
  for (const core::Persist& persist : syncing_) {
    if (persist.anchor) anchor_ = persist.anchor;
    if (light_) continue;
    CHECK(synced_->Write(*persist.batch, store::Durability::kSynced).has_value());
    expunged_.push_back(persist.expunge);
    durable_.push_back(*persist.batch);  // a copy: what is on the disk is on nobody's account
  }
  syncing_.clear();
  awake_ = false;
  Wake();
  if (std::exchange(told_full_, false)) events_.writable();
  events_.persisted(last);
}

std::size_t SimDisk::LosePower(bool keep_some) {
  CHECK(!light_);
  ++power_;
  awake_ = false;
  told_full_ = false;
  std::vector<core::Persist> unsynced = std::exchange(syncing_, {});
  // What was not even written cannot have reached the disk.
  const std::size_t kept = keep_some && !unsynced.empty() ? random_.Below(unsynced.size() + 1) : 0;
  if (kept > 0) trace_.counts.Hit(Mark::kCrashKeptPrefix);
  for (std::size_t i = 0; i < kept; ++i) {
    CHECK(synced_->Write(*unsynced[i].batch, store::Durability::kSynced).has_value());
    durable_.push_back(*unsynced[i].batch);
  }
  const std::size_t lost = unsynced.size() - kept + waiting_.size();
  waiting_.clear();
  Reopen();
  return lost;
}

void SimDisk::Reopen() {
  rot_met_ = false;
  written_ = store::MakeMemoryStore();
  for (const store::Batch& batch : durable_)
    CHECK(written_->Write(batch, store::Durability::kSynced).has_value());
}

void SimDisk::Rot() {
  if (durable_.empty()) return;
  const store::Batch& batch = durable_[random_.Below(durable_.size())];
  if (!batch.empty()) rotten_ = batch[random_.Below(batch.size())].key;
}

void SimDisk::Become(std::vector<store::Batch> history) {
  durable_ = std::move(history);
  expunged_.assign(durable_.size(), {});
  rotten_.reset();
  synced_ = store::MakeMemoryStore();
  for (const store::Batch& batch : durable_)
    CHECK(synced_->Write(batch, store::Durability::kSynced).has_value());
  Reopen();
}

void SimDisk::CopyOf(const SimDisk& other, bool with_anchor) {
  anchor_ = with_anchor ? other.anchor_ : std::nullopt;
  Become(other.durable_);
}

Result<std::optional<Bytes>> SimDisk::Get(const store::Key& key) const {
  if (rotten_ == key) {
    rot_met_ = true;
    return Fail(Code::kCorruption, "a record has rotted");
  }
  return written_->Get(key);
}

Result<void> SimDisk::Scan(store::Table table, ByteView group, std::uint64_t from,
                           const std::function<bool(const store::Record&)>& each) const {
  const bool in_group =
      rotten_ && rotten_->table == table &&
      std::equal(group.begin(), group.end(), rotten_->group.begin(), rotten_->group.end());
  bool met = false;
  TRY(written_->Scan(table, group, from, [&](const store::Record& record) {
    met = in_group && record.order == rotten_->order;
    return !met && each(record);
  }));
  if (!met) return {};
  rot_met_ = true;
  return Fail(Code::kCorruption, "a record has rotted");
}

Result<std::optional<store::Record>> SimDisk::Floor(const store::Key& key) const {
  return written_->Floor(key);
}

}  // namespace geflecht::sim
