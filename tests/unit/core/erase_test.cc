// Erasures between nodes, and when what lay on the disk is rewritten.
#include <gtest/gtest.h>

#include <algorithm>
#include <set>
#include <string>

#include "node/replica/records.h"
#include "tests/unit/core/host.h"

namespace geflecht::core {
namespace {

struct Erasing : testing::Test {
  Erasing() : net(3), a(net[0], net.founding), b(net[1], net.founding), c(net[2], net.founding) {
    for (Host* host : {&a, &b, &c}) EXPECT_TRUE(host->Join().has_value());
  }
  static crdt::DocumentId Write(Host& host, const std::string& title) {
    Result<crdt::DocumentId> id = Fail(Code::kInternal, "");
    host.Do([&](Actions& out) {
      id = host.node->replica()->Create(
          "note",
          [&](crdt::Transaction& edit) -> Result<void> {
            TRY(edit.Set("/purpose", std::string("network_coordination")));
            TRY(edit.Set("/legal_basis", std::string("contract")));
            TRY(edit.Set("/retention_class", std::string("L1")));
            return edit.Set("/title", title);
          },
          host.now);
      host.node->Finish(host.now, out);
    });
    return *id;
  }
  static void Erase(Host& host, const crdt::DocumentId& id) {
    host.Do([&](Actions& out) {
      EXPECT_TRUE(
          host.node->replica()->EraseDocument(id, std::nullopt, "request", host.now).has_value());
      host.node->Finish(host.now, out);
    });
  }
  static void Connect(Host& one, Host& other, ConnId connection) {
    Join(one, other, connection, true);
    Settle(one, other);
  }
  static bool Equal(Host& host) { return host.node->sessions()[0].all_equal; }
  static bool Holds(Host& host, const crdt::DocumentId& id) {
    const auto open = host.node->replica()->Open(id);
    const auto title = (*open)->document.Get("/title");
    return std::holds_alternative<std::string>(std::get<crdt::Value>(title->writings.front().slot));
  }
  static bool Expunged(const Host& host, const crdt::DocumentId& id) {
    const store::Key key = replica::DocumentFileKey(id);
    return std::any_of(host.expunged.begin(), host.expunged.end(),
                       [&](const auto& name) { return name.group == key.group; });
  }
  void Pass(Host& host, std::int64_t ms) {
    host.now.mono_ms += ms;
    host.Step(TimerFired{});
  }

  replica::Network net;
  Host a, b, c;
};

TEST_F(Erasing, ReachesWhoeverHasTheValueAndWhoeverComesLater) {
  std::vector<crdt::DocumentId> ids;
  for (int i = 0; i < 40; ++i) ids.push_back(Write(a, "note " + std::to_string(i)));
  Connect(a, b, 1);
  ASSERT_TRUE(Equal(a) && Equal(b));
  for (const crdt::DocumentId& id : ids)
    if (id != ids[7]) Erase(a, id);
  Settle(a, b);
  for (Host* host : {&a, &b}) {
    EXPECT_TRUE(Equal(*host));
    for (const crdt::DocumentId& id : ids) EXPECT_EQ(Holds(*host, id), id == ids[7]);
  }
  // The leaves stand in front of the erasures in the log, and are sent behind them.
  Connect(b, c, 2);
  EXPECT_EQ(c.node->replica()->Log(net.space).missing_bodies(), 0u);
  EXPECT_TRUE(Equal(c));
  for (const crdt::DocumentId& id : ids) EXPECT_EQ(Holds(c, id), id == ids[7]);
}

TEST_F(Erasing, OneThatIsBehindDoesNotGiveItBack) {
  const crdt::DocumentId id = Write(a, "secret");
  Connect(a, c, 1);
  for (Host* host : {&a, &c}) host->Step(Closed{1, "cut"});
  Erase(a, id);
  Connect(a, b, 2);
  ASSERT_FALSE(Holds(b, id));
  Connect(c, b, 3);  // c has the value and has not heard of the erasure
  EXPECT_FALSE(Holds(b, id));
  EXPECT_FALSE(Holds(c, id));
  EXPECT_TRUE(Equal(c));
}

TEST_F(Erasing, IsExpungedTwentySecondsAfterTheFirst) {
  const crdt::DocumentId first = Write(a, "one"), second = Write(a, "two");
  Erase(a, first);
  Pass(a, 15'000);
  Erase(a, second);
  Pass(a, 4'900);
  EXPECT_TRUE(a.expunged.empty());
  Pass(a, 200);
  EXPECT_TRUE(Expunged(a, first));
  EXPECT_TRUE(Expunged(a, second)) << "both at once";
  a.expunged.clear();
  Pass(a, 60'000);
  EXPECT_TRUE(a.expunged.empty()) << "once";
  a.Load();
  Pass(a, 60'000);
  EXPECT_TRUE(a.expunged.empty()) << "once";
}

TEST_F(Erasing, IsExpungedAtTheEndOrAfterARestart) {
  const crdt::DocumentId id = Write(a, "one");
  Erase(a, id);
  a.Load();  // the process was killed
  Pass(a, 0);
  EXPECT_TRUE(Expunged(a, id));
  const crdt::DocumentId other = Write(a, "two");
  Erase(a, other);
  a.Do([&](Actions& out) { EXPECT_TRUE(a.node->Stop(a.now, out).has_value()); });
  EXPECT_TRUE(Expunged(a, other));
}

std::set<log::DeviceId> ConfirmedAt(Host& host, const crdt::DocumentId& id) {
  const auto erasures = host.node->replica()->ErasuresOf(id);
  EXPECT_EQ(erasures->size(), 1u);
  std::set<log::DeviceId> devices;
  const auto standing = host.node->replica()->StandingOf(erasures->front());
  for (const auto& [device, time_s] : standing->confirmed) devices.insert(device);
  return devices;
}

TEST_F(Erasing, IsConfirmedByEachNodeOnceItIsOffItsDisk) {
  const crdt::DocumentId id = Write(a, "one");
  Connect(a, b, 1);
  Erase(a, id);
  Settle(a, b);
  const log::DeviceId one = a.node->replica()->self(), other = b.node->replica()->self();
  EXPECT_TRUE(ConfirmedAt(b, id).empty()) << "deleted is not expunged";
  Pass(b, 20'000);
  Settle(a, b);
  for (Host* host : {&a, &b}) EXPECT_EQ(ConfirmedAt(*host, id), std::set{other});
  Pass(a, 20'000);
  Settle(a, b);
  for (Host* host : {&a, &b}) EXPECT_EQ(ConfirmedAt(*host, id), (std::set{one, other}));
  const std::uint64_t entries = a.node->replica()->Log(net.space).last_arrival();
  a.Load();
  Pass(a, 60'000);
  EXPECT_EQ(a.node->replica()->Log(net.space).last_arrival(), entries) << "once";
  EXPECT_EQ(ConfirmedAt(a, id), (std::set{one, other}));
}

TEST_F(Erasing, IsConfirmedAfterARestart) {
  const crdt::DocumentId id = Write(a, "one");
  Erase(a, id);
  a.Load();  // the process was killed
  EXPECT_TRUE(ConfirmedAt(a, id).empty());
  Pass(a, 0);
  EXPECT_TRUE(Expunged(a, id));
  EXPECT_EQ(ConfirmedAt(a, id), std::set{a.node->replica()->self()});
}

TEST_F(Erasing, ThatTakesNothingFromTheDiskIsConfirmedAtOnce) {
  const crdt::DocumentId id = Write(a, "one");
  Erase(a, id);
  Pass(a, 20'000);
  Connect(a, c, 1);  // gets nothing but leaves
  EXPECT_TRUE(ConfirmedAt(c, id).contains(c.node->replica()->self()));
  EXPECT_TRUE(c.expunged.empty());
}

// domain.md, T3.
TEST_F(Erasing, T3OneThatWasOffline400DaysGivesNothingBackAndKeepsItsOwnEdits) {
  const crdt::DocumentId gone = Write(a, "secret"), kept = Write(a, "kept");
  Connect(a, c, 1);
  for (Host* host : {&a, &c}) host->Step(Closed{1, "cut"});
  c.now.mono_ms += 400LL * 24 * 3600 * 1000;
  c.now.wall_ms += 400LL * 24 * 3600 * 1000;
  const auto retitle = [&](const crdt::DocumentId& id) {
    c.Do([&](Actions& out) {
      EXPECT_TRUE(
          c.node->replica()
              ->Edit(
                  id,
                  [](crdt::Transaction& edit) { return edit.Set("/title", std::string("mine")); },
                  c.now)
              .has_value());
      EXPECT_TRUE(c.node->replica()->CutAll(c.now).has_value());
      c.node->Finish(c.now, out);
    });
  };
  retitle(gone);
  retitle(kept);
  Erase(a, gone);
  Connect(a, b, 2);
  Connect(c, b, 3);
  for (Host* host : {&b, &c}) {
    EXPECT_FALSE(Holds(*host, gone));
    const auto title = (*host->node->replica()->Open(kept))->document.Get("/title");
    EXPECT_EQ(std::get<crdt::Value>(title->writings.front().slot),
              crdt::Value(std::string("mine")));
  }
  EXPECT_TRUE(Equal(c));
  EXPECT_EQ(c.node->replica()->Log(net.space).missing_bodies(), 0u);
}

TEST_F(Erasing, WaitsForSpaceOnTheDisk) {
  const crdt::DocumentId id = Write(a, "one");
  Erase(a, id);
  a.FillDisk();
  Pass(a, 30'000);
  EXPECT_TRUE(a.waiting.empty());
  a.MakeSpace();
  Pass(a, 100);
  EXPECT_TRUE(Expunged(a, id));
}

// domain.md, T8, in virtual time: what waiting and exchange cost, not disks and processors, which
// tests/bench/erasure_bench measures.
TEST(ErasingTogether, T8AHundredErasuresAreConfirmedByTwelveNodesWithinAMinute) {
  constexpr std::size_t kNodes = 12, kErasures = 100;
  replica::Network net(kNodes);
  std::vector<std::unique_ptr<Host>> hosts;
  Mesh mesh;
  for (const auto& device : net.devices) {
    hosts.push_back(std::make_unique<Host>(*device, net.founding));
    ASSERT_TRUE(hosts.back()->Join().has_value());
    mesh.hosts.push_back(hosts.back().get());
  }
  for (std::size_t i = 0; i < kNodes; ++i)
    for (std::size_t k = 0; k < i; ++k) mesh.Connect(*hosts[k], *hosts[i]);
  std::vector<crdt::DocumentId> ids;
  for (std::size_t i = 0; i < kErasures; ++i)
    ids.push_back(Erasing::Write(*hosts[0], "note " + std::to_string(i)));
  mesh.RunFor(1'000);
  for (const auto& host : hosts) ASSERT_TRUE(Erasing::Holds(*host, ids.back()));
  for (const crdt::DocumentId& id : ids) {
    Erasing::Erase(*hosts[0], id);
    mesh.RunFor(100);
  }
  const auto all_confirmed = [&] {
    return std::all_of(hosts.begin(), hosts.end(), [&](const auto& host) {
      return std::all_of(ids.begin(), ids.end(), [&](const crdt::DocumentId& id) {
        return ConfirmedAt(*host, id).size() == kNodes;
      });
    });
  };
  int seconds = 10;  // one erasure every 100 ms
  for (; seconds < 60 && !all_confirmed(); ++seconds) mesh.RunFor(1'000);
  std::printf("%d s of virtual time\n", seconds);
  EXPECT_TRUE(all_confirmed());
  for (const auto& host : hosts) EXPECT_FALSE(Erasing::Holds(*host, ids.front()));
}

}  // namespace
}  // namespace geflecht::core
