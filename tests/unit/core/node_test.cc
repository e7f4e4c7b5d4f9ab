#include "node/core/node.h"

#include <gtest/gtest.h>

#include "tests/unit/core/host.h"

namespace geflecht::core {
namespace {

struct TwoNodes : testing::Test {
  TwoNodes() : net(2), a(net[0], net.founding), b(net[1], net.founding) {
    EXPECT_TRUE(a.Join().has_value());
    EXPECT_TRUE(b.Join().has_value());
  }
  replica::Network net;
  Host a, b;
};

TEST_F(TwoNodes, StrangersAreDropped) {
  replica::Device stranger(77);
  a.Step(Connected{5, stranger.tls.public_key(), true, "x.example:1"});
  EXPECT_TRUE(a.dropped.contains(5));
  EXPECT_TRUE(a.sent.empty());
  EXPECT_FALSE(a.node->IsPeer(a.device.tls.public_key()));
}

TEST_F(TwoNodes, BothEndsKeepTheSameOfTwoConnections) {
  // Whoever dials first, and whichever Hello comes first, one connection stays at both ends.
  for (int order = 0; order < 4; ++order) {
    Host one(net[0], net.founding);
    Host two(net[1], net.founding);
    ASSERT_TRUE(one.Join().has_value());
    ASSERT_TRUE(two.Join().has_value());
    const bool first = (order & 1) != 0;
    Join(one, two, 1, first);
    if ((order & 2) != 0) Settle(one, two);
    Join(one, two, 2, !first);
    Settle(one, two);
    ASSERT_EQ(one.node->sessions().size(), 1u) << order;
    ASSERT_EQ(two.node->sessions().size(), 1u) << order;
    EXPECT_EQ(one.node->sessions()[0].connection, two.node->sessions()[0].connection);
    const bool one_dialled = !one.node->sessions()[0].incoming;
    EXPECT_EQ(one_dialled, one.device.key.public_key() < two.device.key.public_key());
  }
}

TEST_F(TwoNodes, NewerOfTwoThatOneSideDialledStays) {
  Join(a, b, 1, true);
  Settle(a, b);
  Join(a, b, 2, true);
  Settle(a, b);
  ASSERT_EQ(a.node->sessions().size(), 1u);
  ASSERT_EQ(b.node->sessions().size(), 1u);
  EXPECT_EQ(a.node->sessions()[0].connection, 2u);
  EXPECT_EQ(b.node->sessions()[0].connection, 2u);
}

TEST_F(TwoNodes, ConfirmationsSurviveARestart) {
  Join(a, b, 1, true);
  Settle(a, b);
  a.Do([&](Actions& out) {
    const auto id = a.node->replica()->Create(
        "note",
        [](crdt::Transaction& edit) -> Result<void> {
          TRY(edit.Set("/purpose", std::string("network_coordination")));
          TRY(edit.Set("/legal_basis", std::string("contract")));
          return edit.Set("/retention_class", std::string("L1"));
        },
        a.now);
    EXPECT_TRUE(id.has_value());
    a.node->Finish(a.now, out);
  });
  Settle(a, b);
  const auto& known = a.node->confirmations();
  ASSERT_TRUE(known.contains(b.device.key.public_key()));
  EXPECT_EQ(known.at(b.device.key.public_key()).arrival, 1u);
  a.now.mono_ms += 6'000;
  a.Step(TimerFired{});
  a.Load();
  ASSERT_TRUE(a.node->confirmations().contains(b.device.key.public_key()));
  EXPECT_EQ(a.node->confirmations().at(b.device.key.public_key()).arrival, 1u);
  EXPECT_EQ(b.node->replica()->ListDocuments()->size(), 1u);
}

TEST_F(TwoNodes, JoinRefusesAnotherNetworkAndForeignCards) {
  EXPECT_TRUE(a.Join().has_value()) << "the same founding again is no error";
  // The same devices, and one more.
  replica::Network other(3);
  Actions out;
  const auto again = a.node->Join(other.founding, /*admitted=*/false, a.now, out);
  ASSERT_FALSE(again.has_value());
  EXPECT_EQ(again.error().code, Code::kConflict);
  replica::Device stranger(55);
  Host alone(stranger, net.founding);
  const auto refused = alone.Join();
  ASSERT_FALSE(refused.has_value());
  EXPECT_EQ(refused.error().code, Code::kNotPermitted);
  EXPECT_EQ(alone.node->replica(), nullptr);
}

TEST_F(TwoNodes, GarbageEndsTheSessionOnly) {
  Join(a, b, 1, true);
  Settle(a, b);
  a.Step(Received{1, {0xEE, 1, 2, 3}});
  EXPECT_TRUE(a.dropped.contains(1));
  EXPECT_TRUE(a.node->sessions().empty());
  Join(a, b, 2, true);
  Settle(a, b);
  EXPECT_EQ(a.node->sessions().size(), 1u);
}

}  // namespace
}  // namespace geflecht::core
