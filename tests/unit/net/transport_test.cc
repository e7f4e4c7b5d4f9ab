#include "node/net/transport.h"

#include <gtest/gtest.h>

#include "base/rng.h"
#include "tests/unit/net/loop.h"
#include "tests/unit/net/raw_client.h"

namespace geflecht::net {
namespace {

Bytes Frame(std::size_t size, std::uint64_t seed) {
  Bytes frame(size);
  SeededRandom(seed).Fill(frame);
  return frame;
}

TEST(Transport, NamesTheOtherSidesKeyAndAddress) {
  Pair pair;
  EXPECT_EQ(pair.a.connected[pair.at_a].tls_key, pair.b.key.public_key());
  EXPECT_EQ(pair.b.connected[pair.at_b].tls_key, pair.a.key.public_key());
  EXPECT_FALSE(pair.a.connected[pair.at_a].incoming);
  EXPECT_TRUE(pair.b.connected[pair.at_b].incoming);
  EXPECT_EQ(pair.a.connected[pair.at_a].address, pair.address);
  EXPECT_EQ(pair.b.connected[pair.at_b].address.substr(0, 10), "127.0.0.1:");
}

TEST(Transport, CarriesTheLargestFrameBothWays) {
  Pair pair;
  pair.a.transport->AllowLargeFrames(pair.at_a);
  pair.b.transport->AllowLargeFrames(pair.at_b);
  const Bytes there = Frame(limits::kFrameBytesMax, 1);
  const Bytes back = Frame(limits::kFrameBytesMax, 2);
  pair.a.transport->Send(pair.at_a, there);
  pair.b.transport->Send(pair.at_b, back);
  ASSERT_TRUE(
      RunUntil(pair.io, [&] { return pair.a.received.size() + pair.b.received.size() == 2; }));
  EXPECT_EQ(pair.b.received.at(0), std::make_pair(pair.at_b, there));
  EXPECT_EQ(pair.a.received.at(0), std::make_pair(pair.at_a, back));
}

TEST(Transport, KeepsTenThousandSmallFramesInOrder) {
  Pair pair;
  std::vector<Bytes> sent;
  for (std::size_t i = 0; i < 10'000; ++i) {
    sent.push_back(Frame(1 + i % 97, i));
    pair.a.transport->Send(pair.at_a, sent.back());
    pair.b.transport->Send(pair.at_b, sent.back());
  }
  ASSERT_TRUE(RunUntil(pair.io, [&] {
    return pair.a.received.size() == sent.size() && pair.b.received.size() == sent.size();
  }));
  for (std::size_t i = 0; i < sent.size(); ++i) {
    ASSERT_EQ(pair.a.received[i].second, sent[i]);
    ASSERT_EQ(pair.b.received[i].second, sent[i]);
  }
}

TEST(Transport, TellsWhenEverythingIsWritten) {
  Pair pair;
  pair.a.transport->Send(pair.at_a, Frame(100, 1));
  pair.a.transport->Send(pair.at_a, Frame(100, 2));
  EXPECT_TRUE(pair.a.drained.empty());
  ASSERT_TRUE(RunUntil(pair.io, [&] { return pair.b.received.size() == 2; }));
  ASSERT_TRUE(RunUntil(pair.io, [&] { return !pair.a.drained.empty(); }));
  EXPECT_EQ(pair.a.drained, std::vector<ConnId>{pair.at_a});
}

TEST(Transport, ListensOnIpv6AndByName) {
  boost::asio::io_context io;
  Node a(io, 1, {TestKey(2).public_key()});
  Node b(io, 2, {TestKey(1).public_key()});
  const Result<std::string> six = b.transport->Listen("[::1]:0");
  ASSERT_TRUE(six) << six.error().detail;
  EXPECT_EQ(six->substr(0, 6), "[::1]:");
  const Result<std::string> name = b.transport->Listen("localhost:0");
  ASSERT_TRUE(name) << name.error().detail;
  a.transport->Dial(*six);
  ASSERT_TRUE(RunUntil(io, [&] { return b.connected.size() == 1; }));
  a.transport->Dial("localhost:" + std::to_string(PortOf(*name)));
  ASSERT_TRUE(RunUntil(io, [&] { return b.connected.size() == 2; }));
  EXPECT_TRUE(a.dial_failed.empty());
}

TEST(Transport, RefusesToListenWhereItCannot) {
  boost::asio::io_context io;
  Node node(io, 1, {});
  EXPECT_EQ(node.transport->Listen("nonsense").error().code, Code::kUsage);
  const std::string address = *node.transport->Listen("127.0.0.1:0");
  EXPECT_EQ(node.transport->Listen(address).error().code, Code::kIo);
  EXPECT_EQ(node.transport->Listen("192.0.2.1:0").error().code, Code::kIo);
}

TEST(Transport, ReportsADialThatFailsFromTheLoop) {
  boost::asio::io_context io;
  Node node(io, 1, {});
  std::string closed_port;
  {
    Node other(io, 2, {});
    closed_port = *other.transport->Listen("127.0.0.1:0");
  }
  RunFor(io, 10);
  for (const std::string& address :
       {closed_port, std::string("nonsense"), std::string("127.0.0.1:0")}) {
    node.dial_failed.clear();
    node.transport->Dial(address);
    EXPECT_TRUE(node.dial_failed.empty()) << address;
    ASSERT_TRUE(RunUntil(io, [&] { return !node.dial_failed.empty(); })) << address;
    EXPECT_EQ(node.dial_failed.size(), 1u);
    EXPECT_EQ(node.dial_failed[0].code, address == closed_port ? Code::kUnreachable : Code::kUsage);
  }
}

TEST(Transport, RefusesAKeyThatIsNoPeer) {
  boost::asio::io_context io;
  Node server(io, 2, {TestKey(1).public_key()});
  Node stranger(io, 3, {TestKey(2).public_key()});
  const std::string address = *server.transport->Listen("127.0.0.1:0");
  stranger.transport->Dial(address);
  ASSERT_TRUE(RunUntil(io, [&] { return !server.refused.empty(); }));
  ASSERT_TRUE(
      RunUntil(io, [&] { return stranger.closed.size() + stranger.dial_failed.size() == 1; }));
  EXPECT_TRUE(server.connected.empty());
  EXPECT_EQ(server.judged, 1u);
  EXPECT_TRUE(stranger.received.empty());
}

TEST(Transport, RefusesAServerThatIsNoPeer) {
  boost::asio::io_context io;
  Node server(io, 2, {TestKey(1).public_key()});
  Node client(io, 1, {TestKey(3).public_key()});
  client.transport->Dial(*server.transport->Listen("127.0.0.1:0"));
  ASSERT_TRUE(RunUntil(io, [&] { return !client.dial_failed.empty() && !server.refused.empty(); }));
  EXPECT_EQ(client.dial_failed[0].code, Code::kVerification);
  EXPECT_TRUE(client.connected.empty());
  EXPECT_TRUE(server.connected.empty());
}

TEST(Transport, RefusesItself) {
  boost::asio::io_context io;
  Node node(io, 1, {TestKey(1).public_key()});
  node.transport->Dial(*node.transport->Listen("127.0.0.1:0"));
  ASSERT_TRUE(RunUntil(io, [&] { return !node.dial_failed.empty() && !node.refused.empty(); }));
  EXPECT_TRUE(node.connected.empty());
  EXPECT_EQ(node.judged, 0u);
}

TEST(Transport, AsksAgainAtEveryConnection) {
  Pair pair;
  pair.b.peers.clear();
  pair.b.transport->Close(pair.at_b);
  ASSERT_TRUE(RunUntil(pair.io, [&] { return pair.a.closed.size() + pair.b.closed.size() == 2; }));
  pair.a.transport->Dial(pair.address);
  ASSERT_TRUE(RunUntil(pair.io, [&] { return !pair.b.refused.empty(); }));
  EXPECT_EQ(pair.b.connected.size(), 1u);
  EXPECT_EQ(pair.b.judged, 2u);
}

}  // namespace
}  // namespace geflecht::net
