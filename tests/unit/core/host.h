// Nodes in one process with disks that are immediate or full, joined by hand.
#pragma once

#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <utility>
#include <vector>

#include "base/check.h"
#include "node/core/node.h"
#include "tests/unit/replica/network.h"

namespace geflecht::core {

// A node, what it sent or gave up, and its disk: immediate, or full with batches that wait.
struct Host {
  Host(replica::Device& with, const log::Founding& of) : device(with), founding(of) {
    store = store::MakeMemoryStore();
    Load();
  }
  void Load() {
    auto loaded =
        Node::Load({&device.key, &device.tls, device.life, anchor}, *store, device.random);
    CHECK(loaded.has_value());
    node = *std::move(loaded);
  }
  // Replaces the disk by a copy of another one.
  void CopyDiskOf(const std::vector<store::Batch>& batches) {
    node.reset();
    store = store::MakeMemoryStore();
    for (const store::Batch& batch : batches)
      CHECK(store->Write(batch, store::Durability::kSynced).has_value());
    written = batches;
    Load();
  }
  void Do(const std::function<void(Actions&)>& what) {
    Actions actions;
    what(actions);
    for (Action& action : actions) {
      if (auto* persist = std::get_if<Persist>(&action)) {
        waiting.push_back(*persist);
        if (!full) WriteWaiting();
      } else if (auto* send = std::get_if<Send>(&action)) {
        if (!dropped.contains(send->connection)) sent.push_back(*send);
      } else if (auto* drop = std::get_if<Drop>(&action)) {
        dropped.insert(drop->connection);
      }
    }
  }
  void WriteWaiting() {
    while (!waiting.empty()) {
      const Persist persist = waiting.front();
      waiting.pop_front();
      CHECK(store->Write(*persist.batch, store::Durability::kSynced).has_value());
      written.push_back(*persist.batch);
      if (persist.anchor) anchor = persist.anchor;
      expunged.insert(expunged.end(), persist.expunge.begin(), persist.expunge.end());
      Step(Persisted{persist.ticket});
    }
  }
  void FillDisk() {
    full = true;
    Step(DiskFull{});
  }
  void MakeSpace() {
    full = false;
    Step(DiskWritable{});
    WriteWaiting();
  }
  void Step(const Input& input) {
    Do([&](Actions& out) { node->Step(input, now, out); });
  }
  Result<void> Join() {
    Result<void> joined;
    Do([&](Actions& out) { joined = node->Join(founding, /*admitted=*/false, now, out); });
    return joined;
  }

  replica::Device& device;
  const log::Founding& founding;
  Time now{1'000, 1'000'000};
  std::unique_ptr<store::Store> store;
  std::unique_ptr<Node> node;
  std::optional<Bytes> anchor;  // outside of the store, so a copy of the disk may lack it
  std::vector<store::Batch> written;
  std::vector<store::GroupName> expunged;
  std::deque<Send> sent;
  std::set<ConnId> dropped;
  std::deque<Persist> waiting;
  bool full = false;
};

inline void Join(Host& a, Host& b, ConnId connection, bool a_dials) {
  a.Step(Connected{connection, b.device.tls.public_key(), !a_dials, "b.example:1"});
  b.Step(Connected{connection, a.device.tls.public_key(), a_dials, "a.example:1"});
}

// Delivers until nothing is under way. Both ends call a connection alike.
inline void Settle(Host& a, Host& b) {
  while (!a.sent.empty() || !b.sent.empty()) {
    Host& from = a.sent.empty() ? b : a;
    Host& to = a.sent.empty() ? a : b;
    const Send send = from.sent.front();
    from.sent.pop_front();
    if (!to.dropped.contains(send.connection)) to.Step(Received{send.connection, send.frame});
  }
}

// Several nodes with timers. A connection belongs to two of them.
struct Mesh {
  void Connect(Host& a, Host& b) {
    const ConnId connection = ++last;
    links[connection] = {&a, &b};
    Join(a, b, connection, true);
    RunFor(0);
  }
  void CutAll() {
    for (const auto& [connection, pair] : links)
      for (Host* host : {pair.first, pair.second}) host->Step(Closed{connection, "cut"});
    links.clear();
    for (Host* host : hosts) host->sent.clear();
  }
  void Deliver() {
    for (bool again = true; again;) {
      again = false;
      for (Host* host : hosts) {
        while (!host->sent.empty()) {
          const Send send = host->sent.front();
          host->sent.pop_front();
          if (watch) watch(*host, send);
          const auto link = links.find(send.connection);
          if (link == links.end()) continue;
          Host* to = link->second.first == host ? link->second.second : link->second.first;
          if (!to->dropped.contains(send.connection))
            to->Step(Received{send.connection, send.frame});
          again = true;
        }
      }
    }
  }
  void RunFor(std::int64_t ms) {
    Deliver();
    for (std::int64_t passed = 0; passed < ms; passed += 100) {
      for (Host* host : hosts) {
        host->now.mono_ms += 100;
        host->now.wall_ms += 100;
        host->Step(TimerFired{});
      }
      Deliver();
    }
  }

  std::vector<Host*> hosts;
  std::map<ConnId, std::pair<Host*, Host*>> links;
  ConnId last = 0;
  std::function<void(Host& from, const Send&)> watch;
};

}  // namespace geflecht::core
