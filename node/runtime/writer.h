// The writer thread: takes batches in order, writes what has gathered, syncs once, and reports. One
// sync serves all batches that came meanwhile (group commit).
#pragma once

#include <condition_variable>
#include <deque>
#include <functional>
#include <mutex>
#include <thread>

#include "node/core/events.h"
#include "node/runtime/anchor_file.h"

namespace geflecht::runtime {

class Writer {
 public:
  // `persisted` and `failed` are called on the writer's thread; they hand over to the loop. After
  // `failed` nothing is written any more. `store` and `anchor` must outlive the writer.
  Writer(store::Store& store, AnchorFile& anchor, std::function<void(core::Ticket)> persisted,
         std::function<void(Error)> failed);
  // Writes what was queued, then ends the thread.
  ~Writer();
  Writer(const Writer&) = delete;

  void Add(core::Persist persist);

 private:
  void Run();

  // The newest anchor of the batches, which are on the disk.
  Result<void> WriteAnchor(const std::deque<core::Persist>& batches);

  store::Store& store_;
  AnchorFile& anchor_;
  std::function<void(core::Ticket)> persisted_;
  std::function<void(Error)> failed_;
  std::mutex mutex_;
  std::condition_variable wake_;
  std::deque<core::Persist> queue_;
  bool stop_ = false;
  std::thread thread_;
};

}  // namespace geflecht::runtime
