// A node in memory and what it sent; two of them exchange over a line without loss.
#pragma once

#include <deque>
#include <functional>
#include <memory>
#include <set>

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
    auto loaded = Node::Load({&device.key, &device.tls, device.life}, *store, device.random);
    CHECK(loaded.has_value());
    node = *std::move(loaded);
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
      CHECK(store->Write(persist.batch, store::Durability::kSynced).has_value());
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
    Do([&](Actions& out) { joined = node->Join(founding, now, out); });
    return joined;
  }

  replica::Device& device;
  const log::Founding& founding;
  Time now{1'000, 1'000'000};
  std::unique_ptr<store::Store> store;
  std::unique_ptr<Node> node;
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

}  // namespace geflecht::core
