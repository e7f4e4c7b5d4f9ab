// One device: its keys, its disk, its process while there is one. Executes what the node decides in
// the order that node/runtime/runtime.cc does.
#pragma once

#include <deque>
#include <functional>
#include <memory>
#include <optional>
#include <string>

#include "node/core/node.h"
#include "tests/sim/actor.h"
#include "tests/sim/event_queue.h"
#include "tests/sim/sim_disk.h"
#include "tests/sim/sim_net.h"
#include "tests/sim/trace.h"

namespace geflecht::sim {

class Site;

// Sees everything that a device does.
class Watcher {
 public:
  virtual ~Watcher() = default;
  virtual void Sends(const Site& site, core::ConnId connection, const Bytes& frame) = 0;
  virtual void Receives(const Site& site, core::ConnId connection, const Bytes& frame) = 0;
  virtual void Stepped(Site& site) = 0;
};

class Site {
 public:
  struct Role {
    std::optional<Attack> attack;
    // Another machine that has the same keys, and will have a copy of its disk.
    Site* original = nullptr;
  };
  Site(std::size_t number, Role role, const Options& options, EventQueue& queue, SimNet& net,
       Trace& trace, Watcher& watcher);

  std::size_t number() const { return number_; }
  bool up() const { return node_ != nullptr; }
  bool hostile() const { return actor_ != nullptr; }
  // The other machine with these keys; null if there is none.
  const Site* twin() const { return twin_; }
  bool is_copy() const { return is_copy_; }
  Actor* actor() { return actor_.get(); }
  core::Node& node() { return *node_; }
  const core::Node& node() const { return *node_; }
  SimDisk& disk() { return disk_; }
  const SimDisk& disk() const { return disk_; }
  const log::DeviceId& device() const { return device_.public_key(); }
  const crypto::SigningKey& device_key() const { return device_; }
  const log::LifeId& life() const { return life_; }
  log::Card Card(const std::string& organisation) const;
  const crypto::SigningKey& root_key() const { return root_; }
  Time Now() const;

  // The process starts: reads the disk, joins the network if that is not on the disk, connects.
  // `admitted`: the network has decided that it may, its founding does not name it.
  void Start(const log::Founding& founding, const std::vector<std::string>& peers,
             bool admitted = false);
  void LosePower(bool keep_some, bool unnoticed);
  // Which process it is, or was last.
  std::uint64_t starts() const { return net_.ports[number_].starts; }
  // Whether the process has ended because it met a record that cannot be read.
  bool ended_by_rot() const { return ended_by_rot_; }
  // Runs `what`, which works on the node. A finding that comes of a rotten record ends the process.
  void Try(const std::function<void()>& what);
  // Of a hostile device: sends bytes that its node did not send.
  void SayRaw(core::ConnId connection, const Bytes& frame);
  void JumpClock(std::int64_t ms) { wall_offset_ms_ += ms; }

  // Runs `command`, then calls `acknowledged` when everything that it decided is on the disk. If
  // power goes before, it is never called.
  using Command = std::function<void(core::Node&, Time, core::Actions&)>;
  void Perform(const Command& command, std::function<void()> acknowledged);

 private:
  void StepWith(const core::Input& input);
  void StepNow(const core::Input& input);
  void PerformNow(const Command& command, std::function<void()> acknowledged);
  void Execute(core::Actions actions);
  void ExecuteOne(core::Action& action);
  void OnPersisted(core::Ticket ticket);

  std::size_t number_;
  EventQueue& queue_;
  SimNet& net_;
  Trace& trace_;
  Watcher& watcher_;
  SeededRandom random_;
  crypto::SigningKey root_;
  crypto::SigningKey device_;
  crypto::SigningKey tls_;
  log::LifeId life_;
  std::int64_t wall_offset_ms_ = 0;
  SimDisk disk_;
  std::unique_ptr<core::Node> node_;
  std::unique_ptr<Actor> actor_;
  Site* twin_ = nullptr;
  bool is_copy_ = false;
  bool ended_by_rot_ = false;

  struct Waiting {
    core::Ticket ticket = 0;
    core::Actions actions;
    std::function<void()> done;
  };
  std::deque<Waiting> waiting_;
  core::Ticket persisted_ = 0;
  std::uint64_t timer_ = 0;  // number of the armed one
};

}  // namespace geflecht::sim
