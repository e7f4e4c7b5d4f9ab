#include "node/runtime/runtime.h"

#include <algorithm>
#include <boost/asio/post.hpp>
#include <chrono>
#include <utility>

#include "node/crypto/certificate.h"
#include "node/runtime/watched_store.h"

namespace geflecht::runtime {

Runtime::Runtime(boost::asio::io_context& io, OpenDirectory directory,
                 std::function<void(const std::string&)> note, std::function<void(Error)> failed)
    : io_(io),
      directory_(std::move(directory)),
      note_(std::move(note)),
      failed_(std::move(failed)),
      timer_(io),
      alive_(std::make_shared<bool>(true)) {}

Runtime::~Runtime() {
  *alive_ = false;
  transport_.reset();
  writer_.reset();
}

net::TransportEvents Runtime::Events() {
  net::TransportEvents events;
  events.is_peer = [this](const crypto::PublicKey& key) { return node_->IsPeer(key); };
  events.connected = [this](net::ConnId id, const crypto::PublicKey& key, bool incoming,
                            std::string address) {
    StepWith(core::Connected{id, key, incoming, std::move(address)});
  };
  events.takes_newcomers = [this] { return node_->TakesNewcomers(Now()); };
  events.join_connected = [this](net::ConnId id, const crypto::PublicKey& key, bool incoming,
                                 std::string address, const crypto::ChannelBinding& binding) {
    StepWith(core::JoinConnected{id, key, incoming, std::move(address), binding});
  };
  events.received = [this](net::ConnId id, Bytes frame) {
    StepWith(core::Received{id, std::move(frame)});
  };
  events.drained = [](net::ConnId) {};
  events.closed = [this](net::ConnId id, std::string reason) {
    StepWith(core::Closed{id, std::move(reason)});
  };
  events.dial_failed = [this](std::string address, Error error) {
    StepWith(core::DialFailed{std::move(address), std::move(error)});
  };
  return events;
}

Result<std::unique_ptr<Runtime>> Runtime::Start(boost::asio::io_context& io,
                                                OpenDirectory directory, const Options& options,
                                                Random& random,
                                                std::function<void(const std::string&)> note,
                                                std::function<void(Error)> failed) {
  std::unique_ptr<Runtime> runtime(
      new Runtime(io, std::move(directory), std::move(note), std::move(failed)));
  Runtime& self = *runtime;
  const DeviceKeys& keys = self.directory_.keys;
  if (options.damaged)
    self.directory_.store = WatchReads(std::move(self.directory_.store),
                                       [&self, damaged = options.damaged](const Error& error) {
                                         if (!self.only_reading_) damaged(error);
                                       });
  ASSIGN(auto anchor, self.directory_.anchor.Read());
  ASSIGN(self.node_, core::Node::Load({&keys.device, &keys.tls, keys.life, std::move(anchor)},
                                      *self.directory_.store, random));
  ASSIGN(crypto::TlsIdentity identity, crypto::MakeTlsIdentity(keys.tls));
  ASSIGN(self.transport_, net::Transport::Make(io, std::move(identity), self.Events()));
  if (options.listen) {
    ASSIGN(self.listening_, self.transport_->Listen(*options.listen));
  }

  const std::weak_ptr<bool> alive = self.alive_;
  const auto hand_over = [&io, alive](std::function<void()> call) {
    boost::asio::post(io, [alive, call = std::move(call)] {
      const std::shared_ptr<bool> there = alive.lock();
      if (there && *there) call();
    });
  };
  WriterEvents written;
  written.persisted = [&self, hand_over](core::Ticket ticket) {
    hand_over([&self, ticket] { self.OnPersisted(ticket); });
  };
  written.failed = [&self, hand_over](Error error) {
    if (error.code == Code::kIo && error.hint.empty()) error.hint = "hint.disk-failed";
    hand_over([&self, error = std::move(error)] { self.failed_(error); });
  };
  if (options.waits_for_space) {
    written.disk_full = [&self, hand_over] { hand_over([&self] { self.OnDiskFull(); }); };
    written.disk_writable = [&self, hand_over] { hand_over([&self] { self.OnDiskWritable(); }); };
  }
  self.writer_ =
      std::make_unique<Writer>(*self.directory_.store, self.directory_.anchor, std::move(written));
  self.Perform(
      [&options](core::Node& node, Time now, core::Actions& actions) {
        if (options.erases_daily) node.EraseDaily(now);
        for (const std::string& peer : options.peers) node.Connect(peer, true, now, actions);
        node.Finish(now, actions);
      },
      [](Kept) {});
  return runtime;
}

void Runtime::Perform(const Command& command, Done done, Effect effect) {
  core::Actions actions;
  only_reading_ = effect == Effect::kReads;
  command(*node_, Now(), actions);
  only_reading_ = false;
  Execute(std::move(actions));
  // An answer may rest on what an earlier command decided: it waits for all that is under way.
  if (issued_ <= persisted_) {
    done(Kept::kOnDisk);
  } else if (disk_full_) {
    done(Kept::kInMemory);
  } else {
    waiting_.push_back({issued_, {}, std::move(done)});
  }
}

void Runtime::Stop(Done done) {
  Perform(
      [this](core::Node& node, Time now, core::Actions& actions) {
        if (auto stopped = node.Stop(now, actions); !stopped) failed_(stopped.error());
      },
      std::move(done));
}

void Runtime::StepWith(const core::Input& input) {
  core::Actions actions;
  node_->Step(input, Now(), actions);
  Execute(std::move(actions));
}

void Runtime::Execute(core::Actions actions) {
  for (auto it = actions.begin(); it != actions.end(); ++it) {
    auto* persist = std::get_if<core::Persist>(&*it);
    if (persist == nullptr) {
      ExecuteOne(*it);
      continue;
    }
    const core::Ticket ticket = persist->ticket;
    issued_ = ticket;
    writer_->Add(std::move(*persist));
    core::Actions rest(std::make_move_iterator(it + 1), std::make_move_iterator(actions.end()));
    if (!rest.empty()) waiting_.push_back({ticket, std::move(rest), nullptr});
    return;
  }
}

void Runtime::ExecuteOne(core::Action& action) {
  if (auto* send = std::get_if<core::Send>(&action)) {
    transport_->Send(send->connection, std::move(send->frame));
  } else if (auto* large = std::get_if<core::AllowLargeFrames>(&action)) {
    transport_->AllowLargeFrames(large->connection);
  } else if (auto* drop = std::get_if<core::Drop>(&action)) {
    transport_->Close(drop->connection);
  } else if (auto* dial = std::get_if<core::Dial>(&action)) {
    transport_->Dial(dial->address);
  } else if (auto* join = std::get_if<core::DialToJoin>(&action)) {
    transport_->DialToJoin(join->address, join->pin);
  } else if (auto* arm = std::get_if<core::Arm>(&action)) {
    const std::int64_t after_ms = std::max<std::int64_t>(0, arm->at_ms - Now().mono_ms);
    timer_.expires_after(std::chrono::milliseconds(after_ms));
    const std::weak_ptr<bool> alive = alive_;
    timer_.async_wait([this, alive](const boost::system::error_code& error) {
      const std::shared_ptr<bool> there = alive.lock();
      if (!error && there && *there) StepWith(core::TimerFired{});
    });
  } else if (auto* line = std::get_if<core::Note>(&action)) {
    note_(line->text);
  }
}

void Runtime::OnPersisted(core::Ticket ticket) {
  persisted_ = std::max(persisted_, ticket);
  while (!waiting_.empty() && waiting_.front().ticket <= persisted_) {
    Waiting ready = std::move(waiting_.front());
    waiting_.pop_front();
    Execute(std::move(ready.actions));
    if (ready.done) ready.done(Kept::kOnDisk);
  }
  StepWith(core::Persisted{ticket});
}

void Runtime::OnDiskFull() {
  disk_full_ = true;
  StepWith(core::DiskFull{});
  // Nobody waits for somebody to make room: the actions do, the answers leave.
  std::vector<Done> answers;
  for (Waiting& waiting : waiting_)
    if (waiting.done) answers.push_back(std::exchange(waiting.done, nullptr));
  for (const Done& answer : answers) answer(Kept::kInMemory);
}

void Runtime::OnDiskWritable() {
  disk_full_ = false;
  StepWith(core::DiskWritable{});
}

}  // namespace geflecht::runtime
