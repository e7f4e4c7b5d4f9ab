// The writer thread: takes batches in order, writes what has gathered, syncs once, and reports. One
// sync serves all batches that came meanwhile (group commit).
#pragma once

#include <chrono>
#include <condition_variable>
#include <deque>
#include <functional>
#include <map>
#include <mutex>
#include <optional>
#include <set>
#include <thread>

#include "node/core/events.h"
#include "node/runtime/anchor_file.h"

namespace geflecht::runtime {

// Called on the writer's thread; they hand over to the loop.
struct WriterEvents {
  std::function<void(core::Ticket)> persisted;
  // Nothing is written any more: what is on the disk is a prefix of what was added.
  std::function<void(Error)> failed;
  // The disk is full (once), and batches go to it again (once, before `persisted`). In between the
  // writer keeps all that is not on the disk and tries again. If absent, a full disk is a failure.
  std::function<void()> disk_full = nullptr;
  std::function<void()> disk_writable = nullptr;
};

class Writer {
 public:
  static constexpr std::chrono::milliseconds kRetry{1'000};

  // `store` and `anchor` must outlive the writer. `retry`: how long a full disk is left alone.
  Writer(store::Store& store, AnchorFile& anchor, WriterEvents events,
         std::chrono::milliseconds retry = kRetry);
  // Writes what was queued, then ends the thread. What a full disk does not take then is lost.
  ~Writer();
  Writer(const Writer&) = delete;

  void Add(core::Persist persist);

 private:
  void Run();
  // Takes the next batches, waiting for them or for the end of a pause. False at the end.
  bool Gather();
  // Writes and syncs batches_, then the newest anchor of them, and expunges what they ask for.
  // Those that were written are gone from batches_ also on an error; the last one stays.
  Result<void> WriteAll();
  void NoteWritten(const core::Persist& persist);

  store::Store& store_;
  AnchorFile& anchor_;
  WriterEvents events_;
  std::chrono::milliseconds retry_;
  std::mutex mutex_;
  std::condition_variable wake_;
  std::deque<core::Persist> queue_;
  bool stop_ = false;
  // Of the thread alone.
  std::deque<core::Persist> batches_;
  std::optional<Bytes> newest_anchor_;
  std::map<store::Table, std::set<Bytes>> expunge_;
  bool full_ = false;
  bool last_try_ = false;
  std::thread thread_;
};

}  // namespace geflecht::runtime
