// How connections and transports end.
#include <gtest/gtest.h>

#include "node/net/task_group.h"
#include "node/net/transport.h"
#include "tests/unit/net/loop.h"

namespace geflecht::net {
namespace {

TEST(TransportEnd, CloseSendsWhatIsQueued) {
  Pair pair;
  pair.b.transport->AllowLargeFrames(pair.at_b);
  for (std::uint8_t i = 0; i < 8; ++i) {
    pair.a.transport->Send(pair.at_a, Bytes(limits::kFrameBytesMax, i));
  }
  pair.a.transport->Close(pair.at_a);
  pair.a.transport->Send(pair.at_a, Bytes{99});
  ASSERT_TRUE(RunUntil(pair.io, [&] { return pair.a.closed.size() + pair.b.closed.size() == 2; }));
  ASSERT_EQ(pair.b.received.size(), 8u);
  EXPECT_EQ(pair.b.received[7].second, Bytes(limits::kFrameBytesMax, 7));
  EXPECT_EQ(pair.a.closed[pair.at_a], "closed here");
  EXPECT_EQ(pair.b.closed[pair.at_b], "closed by the peer");
}

TEST(TransportEnd, CloseSendsWhatIsQueuedWhileThePeerKeepsSending) {
  Pair pair;
  pair.b.transport->AllowLargeFrames(pair.at_b);
  for (int i = 0; i < 1000; ++i) pair.b.transport->Send(pair.at_b, Bytes(8192, 1));
  for (int i = 0; i < 4; ++i) pair.a.transport->Send(pair.at_a, Bytes(limits::kFrameBytesMax, 2));
  pair.a.transport->Close(pair.at_a);
  ASSERT_TRUE(RunUntil(pair.io, [&] { return pair.a.closed.size() + pair.b.closed.size() == 2; }));
  EXPECT_EQ(pair.b.received.size(), 4u);
  EXPECT_TRUE(pair.a.received.empty());
}

TEST(TransportEnd, CloseWithinACallbackDeliversNothingMore) {
  Pair pair;
  pair.b.on_received = [&](ConnId id, const Bytes&) { pair.b.transport->Close(id); };
  for (int i = 0; i < 10; ++i) pair.a.transport->Send(pair.at_a, Bytes{1});
  ASSERT_TRUE(RunUntil(pair.io, [&] { return pair.a.closed.size() + pair.b.closed.size() == 2; }));
  EXPECT_EQ(pair.b.received.size(), 1u);
}

TEST(TransportEnd, CloseOfAPeerThatReadsNothingEndsInTime) {
  boost::asio::io_context io;
  boost::asio::io_context stopped;
  Node a(io, 1, {TestKey(2).public_key()});
  Node b(stopped, 2, {TestKey(1).public_key()});
  a.transport->Dial(*b.transport->Listen("127.0.0.1:0"));
  ASSERT_TRUE(RunUntil(io, [&] {
    stopped.restart();
    stopped.poll();
    return !a.connected.empty() && !b.connected.empty();
  }));
  const ConnId id = a.connected.begin()->first;
  for (int i = 0; i < 15; ++i) a.transport->Send(id, Bytes(limits::kFrameBytesMax, 1));
  a.transport->Close(id);
  EXPECT_TRUE(RunUntil(io, [&] { return a.closed.size() == 1; }));
}

TEST(TransportEnd, AFullSendQueueClosesFromTheLoop) {
  Pair pair;
  for (int i = 0; i < 17; ++i) {
    pair.a.transport->Send(pair.at_a, Bytes(limits::kFrameBytesMax, 1));
  }
  EXPECT_TRUE(pair.a.closed.empty());
  ASSERT_TRUE(RunUntil(pair.io, [&] { return pair.a.closed.size() + pair.b.closed.size() == 2; }));
  EXPECT_EQ(pair.a.closed[pair.at_a], "the peer takes too slowly: send queue full");
}

TEST(TransportEnd, CallsForUnknownConnectionsAreIgnored) {
  Pair pair;
  pair.a.transport->Send(4711, Bytes{1});
  pair.a.transport->AllowLargeFrames(4711);
  pair.a.transport->Close(4711);
  RunFor(pair.io, 20);
  EXPECT_TRUE(pair.a.closed.empty());
}

TEST(TransportEnd, DestructionIsSilentHereAndAnEndThere) {
  Pair pair;
  pair.a.transport->Send(pair.at_a, Bytes(8192, 1));
  pair.a.transport->Dial(pair.address);
  pair.a.transport->Dial("localhost:1");
  pair.a.transport.reset();
  ASSERT_TRUE(RunUntil(pair.io, [&] { return pair.b.closed.size() == 1; }));
  RunFor(pair.io, 50);
  EXPECT_TRUE(pair.a.closed.empty());
  EXPECT_TRUE(pair.a.dial_failed.empty());
  EXPECT_EQ(pair.a.connected.size(), 1u);
}

TEST(TransportEnd, NothingIsLeftToRunAfterDestruction) {
  boost::asio::io_context io;
  Node a(io, 1, {TestKey(2).public_key()});
  Node b(io, 2, {TestKey(1).public_key()});
  a.transport->Dial(*b.transport->Listen("127.0.0.1:0"));
  ASSERT_TRUE(RunUntil(io, [&] { return a.connected.size() + b.connected.size() == 2; }));
  a.transport.reset();
  b.transport.reset();
  io.restart();
  io.run_for(std::chrono::seconds(5));
  EXPECT_TRUE(io.stopped());
}

TEST(TransportEnd, DestructionInsideACallback) {
  Pair pair;
  pair.b.on_received = [&](ConnId, const Bytes&) { pair.b.transport.reset(); };
  for (int i = 0; i < 10; ++i) pair.a.transport->Send(pair.at_a, Bytes{1});
  ASSERT_TRUE(RunUntil(pair.io, [&] { return pair.a.closed.size() == 1; }));
  EXPECT_EQ(pair.b.received.size(), 1u);
  EXPECT_TRUE(pair.b.closed.empty());
}

TEST(TransportEnd, TheLoopMayEndWithoutRunningAgain) {
  auto io = std::make_unique<boost::asio::io_context>();
  Node a(*io, 1, {TestKey(2).public_key()});
  Node b(*io, 2, {TestKey(1).public_key()});
  const std::string address = *b.transport->Listen("127.0.0.1:0");
  a.transport->Dial(address);
  ASSERT_TRUE(RunUntil(*io, [&] { return a.connected.size() + b.connected.size() == 2; }));
  a.transport->Dial(address);
  a.transport->Send(a.connected.begin()->first, Bytes(100, 1));
  a.transport.reset();
  b.transport.reset();
  io.reset();
  EXPECT_TRUE(a.closed.empty());
}

boost::asio::awaitable<void> Nothing() { co_return; }

TEST(TaskGroup, ForgetsTasksThatEndAndCancelsTheOthersOnce) {
  boost::asio::io_context io;
  TaskGroup tasks(io);
  int cancelled = 0;
  tasks.Spawn(Nothing(), [&] { ++cancelled; });
  EXPECT_EQ(tasks.running(), 1u);
  RunFor(io, 10);
  EXPECT_EQ(tasks.running(), 0u);
  tasks.Spawn(Nothing(), [&] { ++cancelled; });
  tasks.Cancel();
  tasks.Cancel();
  EXPECT_EQ(cancelled, 1);
  tasks.Spawn(Nothing(), [&] { ++cancelled; });
  RunFor(io, 10);
  EXPECT_EQ(tasks.running(), 0u);
  EXPECT_EQ(cancelled, 1);
}

}  // namespace
}  // namespace geflecht::net
