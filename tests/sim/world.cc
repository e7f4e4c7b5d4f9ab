#include "tests/sim/world.h"

#include <algorithm>
#include <utility>

namespace geflecht::sim {
namespace {

constexpr std::int64_t kConvergeMs = 300'000;
// Back-off reaches 15 minutes and a quarter.
constexpr std::int64_t kConvergeByBackoffMs = 1'500'000;

}  // namespace

World::World(const Options& options)
    : options_(options),
      random_(options.seed),
      net_(queue_, options_, trace_),
      workload_(options_, ledger_, trace_),
      checkers_(sites_, net_, trace_) {
  for (std::size_t i = 0; i < static_cast<std::size_t>(options_.sites); ++i)
    sites_.push_back(std::make_unique<Site>(i, options_, queue_, net_, trace_, checkers_));
}

void World::Found() {
  log::CharterText text;
  text.name = "Simulated network";
  for (const auto& site : sites_) text.founders.push_back(site->Card());
  std::sort(text.founders.begin(), text.founders.end(),
            [](const log::Card& a, const log::Card& b) { return a.org() < b.org(); });
  auto draft = log::DraftFounding(text, sites_.front()->device_key(), sites_.front()->life(),
                                  sites_.front()->Now().wall_ms / 1000, random_);
  Require(draft.has_value(), "the founding cannot be drafted");
  for (const auto& site : sites_) {
    const log::FounderSignature signature{draft->network(), site->root_key().public_key(),
                                          log::SignCharter(*draft, site->root_key())};
    Require(log::AddSignature(*draft, signature).has_value(), "a founder's signature is refused");
  }
  founding_ = *std::move(draft);
}

std::vector<std::string> World::PeersOf(std::size_t site) const {
  std::vector<std::string> peers;
  for (std::size_t other = 0; other < sites_.size(); ++other) {
    if (other == site) continue;
    const std::size_t low = std::min(site, other);
    const std::size_t high = std::max(site, other);
    const bool joined = options_.topology == 0 || (options_.topology == 1 && high == low + 1) ||
                        (options_.topology == 2 && low == 0);
    if (joined && (site < other || options_.both_dial != 0))
      peers.push_back(SimNet::AddressOf(other));
  }
  return peers;
}

void World::Start(std::size_t site) {
  sites_[site]->Start(founding_, PeersOf(site));
  checkers_.NoteDrafts(*sites_[site]);
  checkers_.Restarted(*sites_[site]);
}

void World::ScheduleCommand(int left) {
  if (left == 0) {
    working_ = false;
    return;
  }
  const std::uint64_t longest = random_.Below(4) == 0 ? 4'000 : 300;
  queue_.After(Within(longest), [this, left] {
    Site& site = *sites_[random_.Below(sites_.size())];
    if (options_.bulk != 0 && site.number() == 0 && left % 3 == 0 && site.up() &&
        site.node().replica() != nullptr) {
      workload_.PasteMuch(site);
    } else {
      workload_.DoSomething(site);
    }
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
  sites_[site]->LosePower(options_.kept_prefix != 0, options_.half_open != 0 && Within(2) == 0);
  queue_.After(Within(Within(4) == 0 ? 30'000 : 3'000), [this, site] {
    if (!sites_[site]->up()) Start(site);
  });
}

void World::Inflict() {
  switch (random_.Below(10)) {
    case 0:
    case 1:
      if (options_.crashes != 0) Crash(random_.Below(sites_.size()));
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
      if (options_.clock_jumps != 0) {
        trace_.counts.Hit(Mark::kClockJump);
        sites_[random_.Below(sites_.size())]->JumpClock(Within(20'000'000) - 10'000'000);
      }
      break;
    case 6:
      if (options_.hostile != 0) net_.Inject();
      break;
    default:
      if (options_.replays != 0) net_.InjectOld();
      break;
  }
}

void World::Work() {
  for (std::size_t i = 0; i < sites_.size(); ++i) Start(i);
  queue_.RunUntil(queue_.now_ms() + 500 + Within(1'500));
  ScheduleCommand(options_.commands);
  ScheduleFault();
  while (working_) queue_.RunUntil(queue_.now_ms() + 1'000);
  queue_.RunUntil(queue_.now_ms() + Within(4'000));
}

void World::HealAndConverge() {
  healing_ = true;
  net_.Calm();
  for (std::size_t i = 0; i < sites_.size(); ++i)
    if (!sites_[i]->up()) Start(i);
  const std::int64_t limit_ms =
      queue_.now_ms() + (options_.nudge != 0 ? kConvergeMs : kConvergeByBackoffMs);
  // What was cut a moment ago is noticed first.
  queue_.RunUntil(queue_.now_ms() + 3'000);
  if (options_.nudge != 0) {
    for (const auto& site : sites_)
      for (const std::string& peer : PeersOf(site->number()))
        site->Perform([&](core::Node& node, Time now,
                          core::Actions& actions) { node.Connect(peer, true, now, actions); },
                      [] {});
  }
  for (;;) {
    const auto why = WhyNotConverged(sites_);
    if (!why) break;
    Require(queue_.now_ms() < limit_ms, "no convergence: " + *why);
    queue_.RunUntil(queue_.now_ms() + 500);
  }
}

void World::Run() {
  Found();
  Work();
  HealAndConverge();
  CheckDocuments(sites_, ledger_, trace_);
}

}  // namespace geflecht::sim
