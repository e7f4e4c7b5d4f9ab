#include "tests/sim/site.h"

#include <algorithm>
#include <iterator>
#include <utility>

namespace geflecht::sim {
namespace {

constexpr std::int64_t kWallStartMs = 1'767'225'600'000;  // 2026-01-01T00:00:00Z
constexpr std::int64_t kWallMaxMs = 4'102'444'800'000;    // 2100-01-01T00:00:00Z

}  // namespace

Site::Site(std::size_t number, Role role, const Options& options, EventQueue& queue, SimNet& net,
           Trace& trace, Watcher& watcher)
    : number_(number),
      queue_(queue),
      net_(net),
      trace_(trace),
      watcher_(watcher),
      random_(options.seed * 31 + (role.original != nullptr ? role.original->number_ : number)),
      root_(crypto::SigningKey::Generate(random_)),
      device_(crypto::SigningKey::Generate(random_)),
      tls_(crypto::SigningKey::Generate(random_)),
      life_(random_.Make<log::LifeId>()),
      wall_offset_ms_(static_cast<std::int64_t>(random_.Below(120'000)) - 60'000),
      disk_(queue, options.seed * 37 + number, options.slow_disk != 0 && number == 0,
            options.light_disk != 0, trace,
            {[this](core::Ticket ticket) { OnPersisted(ticket); },
             [this] { StepWith(core::DiskFull{}); }, [this] { StepWith(core::DiskWritable{}); }}) {
  if (role.original != nullptr) {
    random_ = SeededRandom(options.seed * 43 + number);  // the keys are the same, nothing else is
    twin_ = role.original;
    twin_->twin_ = this;
    is_copy_ = true;
  }
  if (role.attack) actor_ = MakeActor(*role.attack, *this, options.seed * 41 + number, trace);
  Port& port = net_.ports[number_];
  port.hostile = hostile();
  port.tls_key = tls_.public_key();
  port.is_peer = [this](const crypto::PublicKey& key) { return up() && node_->IsPeer(key); };
  port.deliver = [this](const core::Input& input) { StepWith(input); };
}

void Site::Try(const std::function<void()>& what) {
  try {
    what();
  } catch (const Finding&) {
    if (!disk_.rot_met()) throw;
  }
  if (!disk_.rot_met() || ended_by_rot_) return;
  trace_.counts.Hit(Mark::kRotMet);
  LosePower(/*keep_some=*/false, /*unnoticed=*/false);
  ended_by_rot_ = true;
}

log::Card Site::Card(const std::string& organisation) const {
  return log::SignCard(organisation, root_, device_.public_key(), tls_.public_key());
}

Time Site::Now() const {
  const std::int64_t wall_ms = kWallStartMs + queue_.now_ms() + wall_offset_ms_;
  // Clocks without a battery start in 1970.
  return {queue_.now_ms(), std::clamp<std::int64_t>(wall_ms, 0, kWallMaxMs)};
}

void Site::Start(const log::Founding& founding, const std::vector<std::string>& peers,
                 bool admitted) {
  ended_by_rot_ = false;
  Try([&] {
    auto node = core::Node::Load({&device_, &tls_, life_, disk_.anchor()}, disk_.view(), random_);
    Require(node.has_value(), "a node does not start from its own disk: " +
                                  (node ? std::string() : node.error().detail));
    node_ = *std::move(node);
  });
  if (!up()) return;
  Port& port = net_.ports[number_];
  port.up = true;
  ++port.starts;
  Perform(
      [&](core::Node& self, Time now, core::Actions& actions) {
        if (self.replica() == nullptr)
          Require(self.Join(founding, admitted, now, actions).has_value(),
                  "a founder may not join");
        for (const std::string& peer : peers) self.Connect(peer, true, now, actions);
        self.Finish(now, actions);
      },
      [] {});
}

void Site::LosePower(bool keep_some, bool unnoticed) {
  trace_.Note(queue_.now_ms(), number_, 'X');
  trace_.counts.Hit(Mark::kCrash);
  node_.reset();
  waiting_.clear();
  persisted_ = 0;
  ++timer_;
  if (disk_.LosePower(keep_some) > 0) trace_.counts.Hit(Mark::kCrashLostBatch);
  net_.ProcessGone(number_, unnoticed);
}

void Site::Perform(const Command& command, std::function<void()> acknowledged) {
  Try([&] { PerformNow(command, std::move(acknowledged)); });
}

void Site::PerformNow(const Command& command, std::function<void()> acknowledged) {
  core::Actions actions;
  command(*node_, Now(), actions);
  core::Ticket needed = 0;
  for (const core::Action& action : actions)
    if (const auto* persist = std::get_if<core::Persist>(&action)) needed = persist->ticket;
  Execute(std::move(actions));
  if (!hostile()) watcher_.Stepped(*this);
  if (needed <= persisted_) {
    acknowledged();
  } else {
    waiting_.push_back({needed, {}, std::move(acknowledged)});
  }
}

void Site::StepWith(const core::Input& input) {
  if (!up()) return;
  Try([&] { StepNow(input); });
}

void Site::StepNow(const core::Input& input) {
  trace_.Note(queue_.now_ms(), number_, static_cast<char>('a' + input.index()));
  if (const auto* received = std::get_if<core::Received>(&input)) {
    trace_.Note(queue_.now_ms(), received->connection, 'r', received->frame);
    if (hostile()) actor_->Hears(received->connection, received->frame);
    const OnAccount nobody(kNobody);
    if (!hostile()) watcher_.Receives(*this, received->connection, received->frame);
  }
  core::Actions actions;
  node_->Step(input, Now(), actions);
  Execute(std::move(actions));
  const OnAccount nobody(kNobody);
  if (!hostile()) watcher_.Stepped(*this);
}

void Site::Execute(core::Actions actions) {
  for (auto it = actions.begin(); it != actions.end(); ++it) {
    auto* persist = std::get_if<core::Persist>(&*it);
    if (persist == nullptr) {
      ExecuteOne(*it);
      continue;
    }
    const core::Ticket ticket = persist->ticket;
    disk_.Add(std::move(*persist));
    core::Actions rest(std::make_move_iterator(it + 1), std::make_move_iterator(actions.end()));
    if (!rest.empty()) waiting_.push_back({ticket, std::move(rest), nullptr});
    return;
  }
}

void Site::ExecuteOne(core::Action& action) {
  if (auto* send = std::get_if<core::Send>(&action)) {
    if (hostile()) {
      for (const Bytes& frame : actor_->InPlaceOf(send->connection, std::move(send->frame)))
        net_.Send(number_, send->connection, frame);
      return;
    }
    {
      const OnAccount nobody(kNobody);
      watcher_.Sends(*this, send->connection, send->frame);
    }
    net_.Send(number_, send->connection, send->frame);
  } else if (auto* large = std::get_if<core::AllowLargeFrames>(&action)) {
    net_.AllowLargeFrames(number_, large->connection);
  } else if (auto* drop = std::get_if<core::Drop>(&action)) {
    net_.Close(number_, drop->connection);
  } else if (auto* dial = std::get_if<core::Dial>(&action)) {
    net_.Dial(number_, dial->address);
  } else if (auto* arm = std::get_if<core::Arm>(&action)) {
    queue_.At(arm->at_ms, [this, timer = ++timer_] {
      if (timer == timer_) StepWith(core::TimerFired{});
    });
  } else if (auto* line = std::get_if<core::Note>(&action)) {
    if (line->text.find("a second session of one device") != std::string::npos)
      trace_.counts.Hit(Mark::kDuplicateDropped);
  }
}

void Site::SayRaw(core::ConnId connection, const Bytes& frame) {
  net_.Send(number_, connection, frame);
}

void Site::OnPersisted(core::Ticket ticket) {
  persisted_ = std::max(persisted_, ticket);
  while (!waiting_.empty() && waiting_.front().ticket <= persisted_) {
    Waiting ready = std::move(waiting_.front());
    waiting_.pop_front();
    Execute(std::move(ready.actions));
    if (ready.done) ready.done();
  }
  StepWith(core::Persisted{ticket});
}

}  // namespace geflecht::sim
