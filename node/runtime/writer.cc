#include "node/runtime/writer.h"

#include <iterator>
#include <utility>

namespace geflecht::runtime {

Writer::Writer(store::Store& store, AnchorFile& anchor, WriterEvents events,
               std::chrono::milliseconds retry)
    : store_(store), anchor_(anchor), events_(std::move(events)), retry_(retry), thread_([this] {
        Run();
      }) {}

Writer::~Writer() {
  {
    const std::lock_guard lock(mutex_);
    stop_ = true;
  }
  wake_.notify_one();
  thread_.join();
}

void Writer::Add(core::Persist persist) {
  {
    const std::lock_guard lock(mutex_);
    queue_.push_back(std::move(persist));
  }
  wake_.notify_one();
}

bool Writer::Gather() {
  std::unique_lock lock(mutex_);
  if (full_) {
    wake_.wait_for(lock, retry_, [this] { return stop_; });
  } else {
    wake_.wait(lock, [this] { return stop_ || !queue_.empty(); });
  }
  std::move(queue_.begin(), queue_.end(), std::back_inserter(batches_));
  queue_.clear();
  last_try_ = stop_;
  return !batches_.empty();
}

Result<void> Writer::WriteAll() {
  // The last one stays until it is synced: with it everything in front of it is.
  for (; batches_.size() > 1; batches_.pop_front()) {
    TRY(store_.Write(*batches_.front().batch, store::Durability::kGrouped));
    if (batches_.front().anchor) newest_anchor_ = batches_.front().anchor;
  }
  TRY(store_.Write(*batches_.front().batch, store::Durability::kSynced));
  if (batches_.front().anchor) newest_anchor_ = batches_.front().anchor;
  if (newest_anchor_) TRY(anchor_.Write(*newest_anchor_));
  newest_anchor_.reset();
  return {};
}

void Writer::Run() {
  while (Gather()) {
    const Result<void> written = WriteAll();
    if (written) {
      if (std::exchange(full_, false)) events_.disk_writable();
      events_.persisted(batches_.front().ticket);
      batches_.clear();
      continue;
    }
    if (written.error().code != Code::kNoSpace || !events_.disk_full) {
      events_.failed(written.error());
      return;
    }
    if (last_try_) return;
    if (!std::exchange(full_, true)) events_.disk_full();
  }
}

}  // namespace geflecht::runtime
