// One run: a network is founded, people work while faults happen, then everything heals and all
// devices must agree.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "tests/sim/checkers.h"
#include "tests/sim/ledger.h"
#include "tests/sim/site.h"
#include "tests/sim/workload.h"

namespace geflecht::sim {

class World {
 public:
  // `options` outlive the world.
  explicit World(const Options& options);

  // Throws a Finding.
  void Run();
  const Trace& trace() const { return trace_; }
  std::int64_t now_ms() const { return queue_.now_ms(); }

 private:
  std::vector<std::string> PeersOf(std::size_t site) const;
  void Start(std::size_t site);
  void Work();
  void ScheduleCommand(int left);
  void ScheduleFault();
  void Inflict();
  void Crash(std::size_t site);
  void JumpClock();
  void FillDisk(std::size_t site);
  // world_disks.cc
  // Whether another honest device has everything of the disk, so that nothing can be lost with it.
  bool IsHeldElsewhere(const Site& site);
  bool MayLoseItsPast(std::size_t site);
  void RestoreBackup(std::size_t site);
  void RotRecord(std::size_t site);
  void RepairIfRotten(std::size_t site);
  void CopyMachine();
  void RetireCopy();
  void ScheduleAct(std::size_t site);
  void CheckMemory();
  void HealAndConverge();
  void ConnectAll();
  // What only `off` has, which is switched off, may be missing.
  void AwaitConvergence(const Site* off = nullptr);
  void NoteEnd();
  std::size_t AnyHonest() { return random_.Below(honest_); }
  std::int64_t Within(std::uint64_t ms) { return static_cast<std::int64_t>(random_.Below(ms)); }

  const Options& options_;
  const std::size_t honest_;  // the first so many sites
  SeededRandom random_;
  Trace trace_;
  EventQueue queue_;
  SimNet net_;
  Ledger ledger_;
  Workload workload_;
  std::vector<std::unique_ptr<Site>> sites_;
  Checkers checkers_;
  log::Founding founding_;
  bool healing_ = false;
  bool working_ = true;
};

}  // namespace geflecht::sim
