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

void Writer::NoteWritten(const core::Persist& persist) {
  if (persist.anchor) newest_anchor_ = persist.anchor;
  for (const store::GroupName& name : persist.expunge) expunge_[name.table].insert(name.group);
}

Result<void> Writer::WriteAll() {
  // The last one stays until it is synced: with it everything in front of it is.
  for (; batches_.size() > 1; batches_.pop_front()) {
    TRY(store_.Write(*batches_.front().batch, store::Durability::kGrouped));
    NoteWritten(batches_.front());
  }
  TRY(store_.Write(*batches_.front().batch, store::Durability::kSynced));
  NoteWritten(batches_.front());
  if (newest_anchor_) TRY(anchor_.Write(*newest_anchor_));
  newest_anchor_.reset();
  for (; !expunge_.empty(); expunge_.erase(expunge_.begin())) {
    const auto& [table, groups] = *expunge_.begin();
    TRY(store_.Expunge(table, {groups.begin(), groups.end()}));
  }
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
