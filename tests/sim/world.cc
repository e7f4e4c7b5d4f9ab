#include "tests/sim/world.h"

#include <algorithm>
#include <string>
#include <utility>

#include "tests/sim/found.h"
#include "tests/sim/memory.h"

namespace geflecht::sim {
namespace {

constexpr std::int64_t kConvergeMs = 300'000;
// Back-off reaches 15 minutes and a quarter.
constexpr std::int64_t kConvergeByBackoffMs = 1'500'000;

}  // namespace

World::World(const Options& options)
    : options_(options),
      honest_(static_cast<std::size_t>(options.sites + options.two_writers)),
      random_(options.seed),
      net_(queue_, options_, trace_),
      workload_(options_, ledger_, trace_),
      checkers_(sites_, net_, trace_) {
  for (std::size_t i = 0; i < honest_; ++i)
    sites_.push_back(std::make_unique<Site>(
        i,
        Site::Role{std::nullopt,
                   i == static_cast<std::size_t>(options_.sites) ? sites_.front().get() : nullptr},
        options_, queue_, net_, trace_, checkers_));
  for (std::size_t attack = 0; attack < kAttacks; ++attack)
    for (int i = 0; i < options_.attackers[attack]; ++i)
      sites_.push_back(std::make_unique<Site>(sites_.size(),
                                              Site::Role{static_cast<Attack>(attack), nullptr},
                                              options_, queue_, net_, trace_, checkers_));
  ForgetMost();
}

std::vector<std::string> World::PeersOf(std::size_t site) const {
  std::vector<std::string> peers;
  for (std::size_t other = 0; other < sites_.size(); ++other) {
    if (other == site) continue;
    const std::size_t low = std::min(site, other);
    const std::size_t high = std::max(site, other);
    // Everybody knows everybody hostile; the honest ones are joined among each other.
    const bool hostile = high >= honest_;
    // Two machines of one key have to be reached without each other.
    const bool joined = hostile ? low < honest_
                                : options_.topology == 0 || options_.two_writers != 0 ||
                                      (options_.topology == 1 && high == low + 1) ||
                                      (options_.topology == 2 && low == 0);
    if (joined && (site < other || hostile || options_.both_dial != 0))
      peers.push_back(SimNet::AddressOf(other));
  }
  return peers;
}

void World::Start(std::size_t site) {
  sites_[site]->Start(founding_, PeersOf(site));
  if (sites_[site]->hostile() || !sites_[site]->up()) return;
  sites_[site]->Try([&] {
    checkers_.NoteDrafts(*sites_[site]);
    checkers_.Restarted(*sites_[site]);
  });
}

void World::ScheduleCommand(int left) {
  if (left == 0) {
    working_ = false;
    return;
  }
  const std::uint64_t longest = random_.Below(4) == 0 ? 4'000 : 300;
  queue_.After(Within(longest), [this, left] {
    Site& site = *sites_[AnyHonest()];
    site.Try([&] {
      if (options_.bulk != 0 && site.number() == 0 && left % 3 == 0) {
        workload_.PasteMuch(site);
      } else {
        if (site.up() && !site.node().MayWrite()) trace_.counts.Hit(Mark::kRefusedWhileFull);
        workload_.DoSomething(site);
      }
    });
    // Power goes most often where it hurts: while something is being written.
    if (options_.crashes != 0 && random_.Below(15) == 0)
      queue_.After(Within(15), [this, number = site.number()] {
        if (!healing_) Crash(number);
      });
    ScheduleCommand(left - 1);
  });
}

void World::ScheduleFault() {
  queue_.After(300 + Within(4'000), [this] {
    if (healing_) return;
    Inflict();
    ScheduleFault();
  });
}

void World::Crash(std::size_t site) {
  if (!sites_[site]->up()) return;
  const auto sessions = sites_[site]->node().sessions();
  const bool behind = std::any_of(sessions.begin(), sessions.end(), [](const auto& session) {
    return session.established && !session.all_equal;
  });
  if (behind) trace_.counts.Hit(Mark::kRestartInCatchUp);
  if (sites_[site]->node().disk_full_since_ms()) trace_.counts.Hit(Mark::kCrashWhileFull);
  sites_[site]->LosePower(options_.kept_prefix != 0, options_.half_open != 0 && Within(2) == 0);
  queue_.After(Within(Within(4) == 0 ? 30'000 : 3'000), [this, site] {
    if (!sites_[site]->up() && !sites_[site]->ended_by_rot()) Start(site);
  });
}

void World::JumpClock() {
  constexpr std::int64_t kTenYearsMs = 10LL * 365 * 24 * 3'600 * 1'000;
  std::int64_t ms = Within(20'000'000) - 10'000'000;
  if (const std::int64_t how = Within(4); how < 2) {
    ms = how == 0 ? kTenYearsMs : -kTenYearsMs;
    trace_.counts.Hit(how == 0 ? Mark::kClockYearsAhead : Mark::kClockYearsBack);
  }
  trace_.counts.Hit(Mark::kClockJump);
  sites_[AnyHonest()]->JumpClock(ms);
}

void World::FillDisk(std::size_t site) {
  trace_.counts.Hit(Mark::kDiskFull);
  sites_[site]->disk().SetFull(true);
  queue_.After(1'000 + Within(15'000), [this, site] { sites_[site]->disk().SetFull(false); });
}

void World::ScheduleAct(std::size_t site) {
  queue_.After(200 + Within(2'500), [this, site] {
    if (sites_[site]->up()) sites_[site]->actor()->Act();
    ScheduleAct(site);
  });
}

void World::CheckMemory() {
  for (std::size_t site = 0; site < honest_; ++site)
    for (std::size_t attacker = honest_; attacker < sites_.size(); ++attacker) {
      const std::size_t bytes = HeldMost(net_.AccountOf(site, attacker));
      trace_.most_per_attacker = std::max(trace_.most_per_attacker, bytes);
      Require(bytes <= kBytesPerAttackerMax,
              "an attacker made a node hold " + std::to_string(bytes / 1'024) + " KiB of memory");
    }
}

void World::Inflict() {
  for (std::size_t i = 0; i < honest_; ++i) RepairIfRotten(i);
  switch (random_.Below(14)) {
    case 0:
    case 1:
      if (options_.crashes != 0) Crash(AnyHonest());
      break;
    case 2:
      if (options_.cuts != 0) net_.CutOne();
      break;
    case 3:
      if (options_.partitions != 0) {
        net_.Partition();
        queue_.After(1'000 + Within(30'000), [this] { net_.Heal(); });
      }
      break;
    case 4:
      if (options_.stalls != 0) net_.StallOne();
      break;
    case 5:
      if (options_.clock_jumps != 0) JumpClock();
      break;
    case 6:
      if (options_.hostile != 0) net_.Inject();
      break;
    case 7:
      if (options_.full_disk != 0) FillDisk(AnyHonest());
      break;
    case 8:
      if (options_.rot != 0) RotRecord(AnyHonest());
      break;
    case 9:
      if (options_.backups != 0) RestoreBackup(AnyHonest());
      break;
    case 10:
      if (options_.two_writers != 0) CopyMachine();
      break;
    default:
      if (options_.replays != 0) net_.InjectOld();
      break;
  }
}

void World::Work() {
  for (std::size_t i = 0; i < sites_.size(); ++i)
    if (!sites_[i]->is_copy()) Start(i);
  for (std::size_t i = honest_; i < sites_.size(); ++i) ScheduleAct(i);
  if (sites_.size() > honest_ + 1) trace_.counts.Hit(Mark::kAttackOverlaps);
  queue_.RunUntil(queue_.now_ms() + 500 + Within(1'500));
  ScheduleCommand(options_.commands);
  ScheduleFault();
  while (working_) queue_.RunUntil(queue_.now_ms() + 1'000);
  queue_.RunUntil(queue_.now_ms() + Within(4'000));
}

void World::HealAndConverge() {
  healing_ = true;
  net_.Calm();
  for (const auto& site : sites_) site->disk().SetFull(false);
  for (const auto& site : sites_) site->disk().Mend();
  for (std::size_t i = 0; i < honest_; ++i) RepairIfRotten(i);
  for (std::size_t i = 0; i < sites_.size(); ++i)
    if (!sites_[i]->up() && (!sites_[i]->is_copy() || sites_[i]->disk().age() != 0)) Start(i);
  // What was cut a moment ago is noticed first.
  queue_.RunUntil(queue_.now_ms() + 3'000);
  if (options_.two_writers != 0) RetireCopy();
  AwaitConvergence();
}

void World::ConnectAll() {
  for (const auto& site : sites_)
    for (const std::string& peer : PeersOf(site->number()))
      if (site->up())
        site->Perform([&](core::Node& node, Time now,
                          core::Actions& actions) { node.Connect(peer, true, now, actions); },
                      [] {});
}

void World::AwaitConvergence(const Site* off) {
  const std::int64_t limit_ms =
      queue_.now_ms() + (options_.nudge != 0 ? kConvergeMs : kConvergeByBackoffMs);
  if (options_.nudge != 0) ConnectAll();
  for (;;) {
    const auto why = WhyNotConverged(sites_, off);
    if (!why) break;
    Require(queue_.now_ms() < limit_ms, "no convergence: " + *why);
    queue_.RunUntil(queue_.now_ms() + 500);
  }
}

void World::NoteEnd() {
  bool forked = false;
  for (const auto& site : sites_) {
    if (site->hostile() || !site->up()) continue;
    const replica::Replica& replica = *site->node().replica();
    if (replica.Log(replica.members().network_space()).LivesOf(site->device()) > 1)
      trace_.counts.Hit(Mark::kNewLife);
    for (const auto& [feed, item] : replica.Log(replica.members().network_space()).Frontier())
      forked = forked || feed.branch != 0;
  }
  if (forked) trace_.counts.Hit(Mark::kForkKept);
}

void World::Run() {
  founding_ = Found(sites_, random_);
  Work();
  HealAndConverge();
  CheckDocuments(sites_, ledger_, trace_);
  CheckMemory();
  NoteEnd();
}

}  // namespace geflecht::sim
