#include "node/runtime/writer.h"

#include <utility>

namespace geflecht::runtime {

Writer::Writer(store::Store& store, AnchorFile& anchor, std::function<void(core::Ticket)> persisted,
               std::function<void(Error)> failed)
    : store_(store),
      anchor_(anchor),
      persisted_(std::move(persisted)),
      failed_(std::move(failed)),
      thread_([this] { Run(); }) {}

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

void Writer::Run() {
  for (;;) {
    std::deque<core::Persist> batches;
    {
      std::unique_lock lock(mutex_);
      wake_.wait(lock, [this] { return stop_ || !queue_.empty(); });
      if (queue_.empty()) return;
      batches.swap(queue_);
    }
    for (std::size_t i = 0; i < batches.size(); ++i) {
      const bool last = i + 1 == batches.size();
      auto written = store_.Write(batches[i].batch,
                                  last ? store::Durability::kSynced : store::Durability::kGrouped);
      if (!written) {
        failed_(written.error());
        return;
      }
    }
    if (auto written = WriteAnchor(batches); !written) {
      failed_(written.error());
      return;
    }
    persisted_(batches.back().ticket);
  }
}

Result<void> Writer::WriteAnchor(const std::deque<core::Persist>& batches) {
  for (auto it = batches.rbegin(); it != batches.rend(); ++it)
    if (it->anchor) return anchor_.Write(*it->anchor);
  return {};
}

}  // namespace geflecht::runtime
