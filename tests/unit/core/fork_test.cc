// A copied disk, a restored backup and a missing anchor, over real sessions: everybody ends with
// everything, and nobody is punished.
#include <gtest/gtest.h>

#include "base/limits.h"
#include "tests/unit/core/host.h"

namespace geflecht::core {
namespace {

struct Forks : testing::Test {
  Forks()
      : net(3),
        copy_device(1),
        a(net[0], net.founding),
        b(net[1], net.founding),
        c(net[2], net.founding),
        copy(copy_device, net.founding) {
    copy_device.random = SeededRandom(4711);
    for (Host* host : {&a, &b, &c}) EXPECT_TRUE(host->Join().has_value());
    mesh.hosts = {&a, &b, &c, &copy};
  }
  crdt::DocumentId MakeNote(Host& host, const std::string& text) {
    std::optional<crdt::DocumentId> id;
    host.Do([&](Actions& out) {
      const auto made = host.node->replica()->Create(
          "note",
          [&](crdt::Transaction& edit) -> Result<void> {
            TRY(edit.Set("/purpose", std::string("network_coordination")));
            TRY(edit.Set("/legal_basis", std::string("contract")));
            TRY(edit.Set("/retention_class", std::string("L1")));
            return edit.InsertText("/body", 0, text);
          },
          host.now);
      CHECK(made.has_value());
      id = *made;
      host.node->Finish(host.now, out);
    });
    mesh.Deliver();
    return *id;
  }
  void Type(Host& host, const crdt::DocumentId& id, const std::string& text) {
    host.Do([&](Actions& out) {
      CHECK(host.node->replica()
                ->Edit(
                    id, [&](crdt::Transaction& edit) { return edit.InsertText("/body", 0, text); },
                    host.now)
                .has_value());
      CHECK(host.node->replica()->CutAll(host.now).has_value());
      host.node->Finish(host.now, out);
    });
    mesh.Deliver();
  }
  static std::string Text(Host& host, const crdt::DocumentId& id) {
    const auto open = host.node->replica()->Open(id);
    CHECK(open.has_value());
    return (*open)->document.Text("/body").value_or("");
  }
  static const replica::SpaceLog& Log(const Host& host) {
    return host.node->replica()->Log(host.node->replica()->members().network_space());
  }
  void ExpectAllEqual(const std::vector<Host*>& hosts, const crdt::DocumentId& id) {
    for (Host* host : hosts) {
      EXPECT_EQ(Log(*host).durable_fingerprint(), Log(*hosts.front()).durable_fingerprint());
      EXPECT_EQ(Log(*host).missing_bodies(), 0u);
      EXPECT_EQ(Text(*host, id), Text(*hosts.front(), id));
      for (const SessionState& session : host->node->sessions()) EXPECT_TRUE(session.all_equal);
    }
  }

  replica::Network net;
  replica::Device copy_device;  // the keys of device 0
  Host a, b, c, copy;
  Mesh mesh;
};

TEST_F(Forks, ACopiedDiskIsHealedByMeetingTheSamePartner) {
  const crdt::DocumentId id = MakeNote(a, "common");
  mesh.Connect(a, b);
  mesh.Connect(b, c);
  mesh.RunFor(1'000);
  mesh.CutAll();
  copy.anchor = a.anchor;  // the whole machine was copied, with its anchor
  copy.CopyDiskOf(a.written);
  for (int i = 0; i < 3; ++i) Type(a, id, "a" + std::to_string(i) + " ");
  for (int i = 0; i < 5; ++i) Type(copy, id, "x" + std::to_string(i) + " ");
  const crdt::DocumentId other = MakeNote(copy, "made by the copy");
  ASSERT_EQ(a.node->replica()->life(), copy.node->replica()->life()) << "nothing to test otherwise";

  mesh.Connect(a, b);
  mesh.Connect(copy, c);
  mesh.Connect(b, c);
  mesh.RunFor(20'000);
  ExpectAllEqual({&a, &b, &c, &copy}, id);
  EXPECT_EQ(Log(b).BranchCount({Log(b).space(), net[0].key.public_key(), net[0].life}), 0u)
      << "the first entry of a directory without anchor begins a life of its own";
  EXPECT_EQ(Text(b, other), "made by the copy");
  EXPECT_EQ(Text(b, id).size(), std::string("a0 a1 a2 x0 x1 x2 x3 x4 common").size());

  Type(a, id, "later ");
  Type(copy, id, "later too ");
  EXPECT_NE(a.node->replica()->life(), copy.node->replica()->life());
  mesh.RunFor(20'000);
  ExpectAllEqual({&a, &b, &c, &copy}, id);
}

TEST_F(Forks, ARestoredBackupWithoutItsAnchorIsForkedNever) {
  const crdt::DocumentId id = MakeNote(a, "common");
  mesh.Connect(a, b);
  mesh.RunFor(500);
  const std::vector<store::Batch> backup = a.written;
  Type(a, id, "after the backup ");
  mesh.RunFor(500);
  mesh.CutAll();
  const log::LifeId before = a.node->replica()->life();
  a.CopyDiskOf(backup);  // the anchor is ahead of what comes back
  Type(a, id, "offline ");
  EXPECT_NE(a.node->replica()->life(), before);
  mesh.Connect(a, b);
  mesh.RunFor(10'000);
  ExpectAllEqual({&a, &b}, id);
  for (const auto& [feed, item] : Log(a).durable_frontier()) EXPECT_EQ(feed.branch, 0u);
  EXPECT_EQ(Text(a, id).size(), std::string("offline after the backup common").size());
}

TEST_F(Forks, AnAnchorThatFitsLetsTheLifeGoOn) {
  const crdt::DocumentId id = MakeNote(a, "common");
  const log::LifeId life = a.node->replica()->life();
  a.Load();
  Type(a, id, "x");
  EXPECT_EQ(a.node->replica()->life(), life);
  a.anchor.reset();
  a.Load();
  Type(a, id, "y");
  EXPECT_NE(a.node->replica()->life(), life) << "a missing anchor is a copy";
  const log::LifeId next = a.node->replica()->life();
  (*a.anchor)[40] ^= 1;
  a.Load();
  Type(a, id, "z");
  EXPECT_NE(a.node->replica()->life(), next) << "a damaged anchor says nothing";
}

TEST_F(Forks, AnAnchorOlderThanTheDiskFits) {
  const crdt::DocumentId id = MakeNote(a, "common");
  const auto old = a.anchor;
  Type(a, id, "x");
  const log::LifeId life = a.node->replica()->life();
  a.anchor = old;  // the power went between the store's sync and the anchor's
  a.Load();
  Type(a, id, "y");
  EXPECT_EQ(a.node->replica()->life(), life);
}

TEST_F(Forks, TwoRunningCopiesAreBothServed) {
  const crdt::DocumentId id = MakeNote(a, "common");
  copy.anchor = a.anchor;
  copy.CopyDiskOf(a.written);
  mesh.Connect(a, b);
  mesh.Connect(copy, b);
  EXPECT_EQ(b.node->sessions().size(), 2u);
  Type(copy, id, "copy ");
  mesh.RunFor(5'000);
  ExpectAllEqual({&a, &b, &copy}, id);
  // A machine that starts again and again does not fill its partner with half-open sessions.
  for (std::size_t i = 0; i < 2 * limits::kConnectionsPerDeviceMax; ++i) {
    copy.Load();
    mesh.Connect(copy, b);
    EXPECT_LE(b.node->sessions().size(), limits::kConnectionsPerDeviceMax);
  }
  EXPECT_EQ(b.node->sessions().size(), limits::kConnectionsPerDeviceMax);
}

}  // namespace
}  // namespace geflecht::core
