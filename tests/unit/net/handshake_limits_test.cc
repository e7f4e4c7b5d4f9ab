#include "node/net/handshake_limits.h"

#include <gtest/gtest.h>

namespace geflecht::net {
namespace {

using boost::asio::ip::make_address;

TEST(HandshakeLimits, CountsEachAddressAndAll) {
  HandshakeLimits limits(3, 2);
  EXPECT_TRUE(limits.Enter(make_address("192.0.2.1")));
  EXPECT_TRUE(limits.Enter(make_address("192.0.2.1")));
  EXPECT_FALSE(limits.Enter(make_address("192.0.2.1")));
  EXPECT_TRUE(limits.Enter(make_address("192.0.2.2")));
  EXPECT_FALSE(limits.Enter(make_address("192.0.2.3")));
  EXPECT_EQ(limits.total(), 3u);
  limits.Leave(make_address("192.0.2.1"));
  EXPECT_TRUE(limits.Enter(make_address("192.0.2.3")));
}

TEST(HandshakeLimits, TakesANetworkOfIpv6AndMappedIpv4AsOneAddress) {
  HandshakeLimits limits(100, 1);
  EXPECT_TRUE(limits.Enter(make_address("2001:db8:0:1::1")));
  EXPECT_FALSE(limits.Enter(make_address("2001:db8:0:1:ffff::2")));
  EXPECT_TRUE(limits.Enter(make_address("2001:db8:0:2::1")));
  EXPECT_TRUE(limits.Enter(make_address("192.0.2.1")));
  EXPECT_FALSE(limits.Enter(make_address("::ffff:192.0.2.1")));
}

}  // namespace
}  // namespace geflecht::net
