#include "node/net/address.h"

#include <gtest/gtest.h>

namespace geflecht::net {
namespace {

TEST(Address, ReadsNamesAndBothKindsOfNumbers) {
  EXPECT_EQ(*ParseAddress("node.example:7400"), (HostPort{"node.example", 7400}));
  EXPECT_EQ(*ParseAddress("127.0.0.1:0"), (HostPort{"127.0.0.1", 0}));
  EXPECT_EQ(*ParseAddress("[::1]:65535"), (HostPort{"::1", 65535}));
  EXPECT_EQ(*ParseAddress("[fe80::1%eth0]:1"), (HostPort{"fe80::1%eth0", 1}));
}

TEST(Address, RefusesEverythingElse) {
  const std::string long_name(254, 'a');
  for (const std::string& text :
       {std::string(""), std::string(":"), std::string("host"), std::string("host:"),
        std::string(":1"), std::string("host:65536"), std::string("host:-1"),
        std::string("host:+1"), std::string("host: 1"), std::string("host:1 "),
        std::string("host:0x1"), std::string("::1:7400"), std::string("[]:1"),
        std::string("[host]:1"), std::string("[::1]"), std::string("ho st:1"),
        std::string("ho\nst:1"), std::string("ho/st:1"), long_name + ":1"}) {
    const Result<HostPort> parsed = ParseAddress(text);
    ASSERT_FALSE(parsed) << text;
    EXPECT_EQ(parsed.error().code, Code::kUsage) << text;
  }
}

TEST(Address, FormatsWhatItReads) {
  for (const std::string text : {"node.example:7400", "127.0.0.1:0", "[::1]:65535"}) {
    EXPECT_EQ(FormatAddress(*ParseAddress(text)), text);
  }
}

}  // namespace
}  // namespace geflecht::net
