// Connections on which a stranger asks to join.
#include <gtest/gtest.h>

#include <future>

#include "node/net/transport.h"
#include "tests/unit/net/loop.h"
#include "tests/unit/net/raw_client.h"

namespace geflecht::net {
namespace {

struct Strangers : testing::Test {
  Strangers() : inviter(io, 1, {}), stranger(io, 2, {}) {
    address = *inviter.transport->Listen("127.0.0.1:0");
    inviter.takes_newcomers = true;
  }
  ~Strangers() override {
    inviter.transport.reset();
    stranger.transport.reset();
    RunFor(io, 200);
  }
  boost::asio::io_context io;
  Node inviter, stranger;
  std::string address;
};

TEST_F(Strangers, BothEndsGetTheSameBindingAndEachConnectionAnother) {
  stranger.transport->DialToJoin(address, inviter.key.public_key());
  stranger.transport->DialToJoin(address, inviter.key.public_key());
  ASSERT_TRUE(
      RunUntil(io, [&] { return inviter.joining.size() == 2 && stranger.joining.size() == 2; }));
  EXPECT_TRUE(inviter.connected.empty());
  EXPECT_TRUE(stranger.connected.empty());
  EXPECT_EQ(inviter.judged + stranger.judged, 0u) << "nobody is taken for a member";
  std::set<crypto::ChannelBinding> at_inviter, at_stranger;
  for (const auto& [id, item] : inviter.joining) {
    EXPECT_EQ(item.first.tls_key, stranger.key.public_key());
    EXPECT_TRUE(item.first.incoming);
    at_inviter.insert(item.second);
  }
  for (const auto& [id, item] : stranger.joining) at_stranger.insert(item.second);
  EXPECT_EQ(at_inviter, at_stranger);
  EXPECT_EQ(at_inviter.size(), 2u);
}

TEST_F(Strangers, NobodyIsHeardWithoutAnInvitation) {
  inviter.takes_newcomers = false;
  stranger.transport->DialToJoin(address, inviter.key.public_key());
  ASSERT_TRUE(RunUntil(io, [&] { return stranger.dial_failed.size() == 1; }));
  EXPECT_TRUE(inviter.joining.empty());
  EXPECT_TRUE(stranger.joining.empty());
}

TEST_F(Strangers, AnotherListenerIsNotSpokenTo) {
  stranger.transport->DialToJoin(address, TestKey(3).public_key());
  ASSERT_TRUE(RunUntil(io, [&] { return stranger.dial_failed.size() == 1; }));
  EXPECT_EQ(stranger.dial_failed[0].code, Code::kVerification);
  EXPECT_TRUE(stranger.joining.empty());
}

TEST_F(Strangers, AnInvitationOpensNothingElse) {
  stranger.peers = {inviter.key.public_key()};
  stranger.transport->Dial(address);
  ASSERT_TRUE(RunUntil(io, [&] { return inviter.refused.size() == 1; }));
  EXPECT_TRUE(inviter.connected.empty());
  EXPECT_TRUE(inviter.joining.empty());
  EXPECT_TRUE(inviter.received.empty());
}

TEST_F(Strangers, FramesStaySmall) {
  inviter.on_received = [](ConnId, const Bytes&) { ADD_FAILURE() << "a frame of 9 KiB came in"; };
  stranger.transport->DialToJoin(address, inviter.key.public_key());
  ASSERT_TRUE(RunUntil(io, [&] { return !stranger.joining.empty() && !inviter.joining.empty(); }));
  stranger.transport->Send(stranger.joining.begin()->first, Bytes(9 * 1024, 1));
  EXPECT_TRUE(RunUntil(io, [&] { return inviter.closed.size() == 1; }));
}

TEST_F(Strangers, WithoutACertificateOrWithAnotherNameThereIsNoConnection) {
  const auto attempt = [&](const RawOptions& options) {
    const std::size_t before = inviter.refused.size();
    auto outcome =
        std::async(std::launch::async, [&] { return RawTls(PortOf(address), options, Bytes{1}); });
    EXPECT_TRUE(RunUntil(io, [&] {
      return inviter.refused.size() > before &&
             outcome.wait_for(std::chrono::seconds(0)) == std::future_status::ready;
    }));
    EXPECT_TRUE(outcome.get().data.empty());
  };
  RawOptions none;
  none.alpn = "geflecht-join/1";
  attempt(none);
  RawOptions other;
  other.key = &stranger.key;
  other.alpn = "geflecht-join/2";
  attempt(other);
  RawOptions old;
  old.key = &stranger.key;
  old.alpn = "geflecht-join/1";
  old.version_max = TLS1_2_VERSION;
  attempt(old);
  EXPECT_TRUE(inviter.joining.empty());
}

}  // namespace
}  // namespace geflecht::net
