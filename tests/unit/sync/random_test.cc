#include <gtest/gtest.h>

#include <cstdio>
#include <cstdlib>

#include "tests/unit/sync/net.h"

namespace geflecht::sync {
namespace {

// Nodes write, links come and go at any message; when everybody meets, all hold the same.
void Round(std::uint64_t seed) {
  SCOPED_TRACE("seed " + std::to_string(seed));
  SeededRandom choice(seed);
  Net net(2 + choice.Below(3), seed, 1 + choice.Below(2));
  net.admissions_wait = choice.Below(2) == 0;
  const auto pick = [&] { return choice.Below(net.nodes.size()); };
  for (int step = 0; step < 400; ++step) {
    const std::uint64_t what = choice.Below(100);
    if (what < 10) {
      net.Write(pick(), net.spaces[choice.Below(net.spaces.size())], 1 + choice.Below(6),
                choice.Below(20) == 0 ? 300'000 : choice.Below(200));
    } else if (what < 14) {
      const std::size_t a = pick();
      const std::size_t b = pick();
      if (a != b) net.Connect(a, b);
    } else if (what < 17 && !net.links.empty()) {
      net.Disconnect(choice.Below(net.links.size()));
    } else if (what < 18) {
      net.nodes[pick()]->NewLife();
    } else {
      net.Step();
    }
  }
  for (std::size_t i = 0; i < net.links.size(); ++i) {
    for (const Net::End& end : net.links[i].ends)
      ASSERT_FALSE(end.closed.has_value()) << end.closed->reason;
    net.Disconnect(i);
  }
  net.RunUntilQuiet();
  net.links.clear();
  for (std::size_t i = 1; i < net.nodes.size(); ++i) net.Connect(i - 1, i);
  net.RunFor(10'000);
  EXPECT_TRUE(net.AllHoldTheSame());
  for (const Net::Link& link : net.links)
    for (const Net::End& end : link.ends) {
      EXPECT_FALSE(end.closed.has_value()) << end.closed->reason;
      EXPECT_TRUE(end.session->AllEqual());
      EXPECT_EQ(end.in_flight, 0u);
    }
}

TEST(SessionAtRandom, NodesThatMeetHoldTheSame) {
  const char* given = std::getenv("GEFLECHT_SEED");
  const std::uint64_t first = given != nullptr ? std::strtoull(given, nullptr, 10) : 1;
  const std::uint64_t rounds = given != nullptr ? 1 : 40;
  std::printf("seeds %llu to %llu\n", static_cast<unsigned long long>(first),
              static_cast<unsigned long long>(first + rounds - 1));
  for (std::uint64_t seed = first; seed < first + rounds; ++seed) {
    Round(seed);
    if (HasFailure()) return;
  }
}

}  // namespace
}  // namespace geflecht::sync
