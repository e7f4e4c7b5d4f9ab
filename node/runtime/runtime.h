// Executes what the node decides: one loop thread for sockets, timer and the node itself, one
// writer thread for the store (docs/architecture.md, "Threads").
#pragma once

#include <boost/asio/io_context.hpp>
#include <boost/asio/steady_timer.hpp>
#include <deque>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "node/core/node.h"
#include "node/net/transport.h"
#include "node/runtime/directory.h"
#include "node/runtime/system_clock.h"
#include "node/runtime/writer.h"

namespace geflecht::runtime {

struct Options {
  std::optional<std::string> listen;  // "HOST:PORT"
  std::vector<std::string> peers;     // kept connected
  // On a full disk: wait and try again, instead of `failed` with kNoSpace.
  bool waits_for_space = false;
  // Own records whose retention period is over are erased once a day.
  bool erases_daily = false;
  // If set: called on the loop's thread when the store cannot be read while the node decides
  // something. It ends the process and does not return, since nothing that is decided or offered
  // may rest on a guess. A command that only reads gets the error as its answer instead.
  std::function<void(const Error&)> damaged = nullptr;
};

// Where what a command rests on is when its answer leaves.
enum class Kept {
  kOnDisk,
  kInMemory,  // the disk is full; it is written as soon as there is space, if the process lives
};

// All calls and callbacks on the loop's thread, which runs `io`.
class Runtime {
 public:
  // `note` gets lines for the operator's log. `failed` is called once if the store cannot be
  // written: the process must then end. `io` and `random` outlive the runtime.
  static Result<std::unique_ptr<Runtime>> Start(boost::asio::io_context& io,
                                                OpenDirectory directory, const Options& options,
                                                Random& random,
                                                std::function<void(const std::string&)> note,
                                                std::function<void(Error)> failed);
  ~Runtime();

  core::Node& node() { return *node_; }
  const store::Store& store() const { return *directory_.store; }
  const DeviceKeys& keys() const { return directory_.keys; }
  const std::optional<std::string>& listening() const { return listening_; }
  Time Now() const { return clock_.Now(); }

  // Runs `command`, then calls `done` when everything decided so far is on the disk, or as soon as
  // the disk is found full.
  using Command = std::function<void(core::Node&, Time, core::Actions&)>;
  using Done = std::function<void(Kept)>;
  enum class Effect { kReads, kMayChange };
  void Perform(const Command& command, Done done, Effect effect = Effect::kMayChange);

  // Cuts open changes, says goodbye and calls `done` when all is written, or cannot be.
  void Stop(Done done);

 private:
  Runtime(boost::asio::io_context& io, OpenDirectory directory,
          std::function<void(const std::string&)> note, std::function<void(Error)> failed);
  net::TransportEvents Events();
  void StepWith(const core::Input& input);
  void Execute(core::Actions actions);
  void ExecuteOne(core::Action& action);
  void OnPersisted(core::Ticket ticket);
  void OnDiskFull();
  void OnDiskWritable();

  boost::asio::io_context& io_;
  OpenDirectory directory_;
  SystemClock clock_;
  std::function<void(const std::string&)> note_;
  std::function<void(Error)> failed_;
  std::unique_ptr<core::Node> node_;
  std::unique_ptr<net::Transport> transport_;
  std::optional<std::string> listening_;
  boost::asio::steady_timer timer_;
  struct Waiting {
    core::Ticket ticket = 0;
    core::Actions actions;
    Done done;
  };
  std::deque<Waiting> waiting_;
  core::Ticket issued_ = 0;  // of the last batch that was handed to the writer
  core::Ticket persisted_ = 0;
  bool disk_full_ = false;
  bool only_reading_ = true;     // also while the node is loaded, which returns its errors
  std::shared_ptr<bool> alive_;  // false once the runtime is gone: posted calls then do nothing
  std::unique_ptr<Writer> writer_;
};

}  // namespace geflecht::runtime
