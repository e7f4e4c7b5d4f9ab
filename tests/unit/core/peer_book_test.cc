#include "node/core/peer_book.h"

#include <gtest/gtest.h>

#include <set>

#include "base/limits.h"

namespace geflecht::core {
namespace {

constexpr char kAddress[] = "a.example:1";

TEST(PeerBook, BacksOffWithinBoundsAndWithJitter) {
  std::set<std::int64_t> first_delays;
  for (std::uint64_t seed = 1; seed <= 50; ++seed) {
    SeededRandom random(seed);
    PeerBook book(random);
    book.Want(kAddress, true, 0);
    EXPECT_EQ(book.NextDueMs(), 0);
    std::int64_t now = 0;
    std::int64_t delay = limits::kBackoffMsMin;
    for (int failure = 0; failure < 30; ++failure) {
      ASSERT_EQ(book.TakeDue(now).size(), 1u);
      EXPECT_TRUE(book.TakeDue(now).empty()) << "dialled twice at once";
      book.OnLost(kAddress, now, Error{Code::kUnreachable, "refused", {}});
      const std::int64_t waits = *book.NextDueMs() - now;
      EXPECT_GE(waits, delay * 3 / 4) << "seed " << seed << ", failure " << failure;
      EXPECT_LE(waits, delay * 5 / 4) << "seed " << seed << ", failure " << failure;
      if (failure == 0) first_delays.insert(waits);
      EXPECT_TRUE(book.TakeDue(now + waits - 1).empty());
      now += waits;
      delay = std::min(2 * delay, limits::kBackoffMsMax);
    }
  }
  EXPECT_GT(first_delays.size(), 10u);
}

TEST(PeerBook, EstablishedConnectionStartsAgainWithTheShortestDelay) {
  SeededRandom random(1);
  PeerBook book(random);
  book.Want(kAddress, true, 0);
  for (int i = 0; i < 8; ++i) {
    book.TakeDue(1'000'000'000);
    book.OnLost(kAddress, 0, std::nullopt);
  }
  EXPECT_GT(*book.NextDueMs(), 60'000);
  book.TakeDue(1'000'000'000);
  book.OnConnected(kAddress);
  book.OnEstablished(kAddress, {});
  EXPECT_FALSE(book.NextDueMs().has_value());
  book.OnLost(kAddress, 0, std::nullopt);
  EXPECT_LE(*book.NextDueMs(), limits::kBackoffMsMin * 5 / 4);
}

TEST(PeerBook, AddressThatIsNotKeptIsTriedOnce) {
  SeededRandom random(1);
  PeerBook book(random);
  book.Want(kAddress, false, 0);
  EXPECT_EQ(book.TakeDue(0).size(), 1u);
  book.OnLost(kAddress, 0, std::nullopt);
  EXPECT_FALSE(book.NextDueMs().has_value());
  book.Want(kAddress, false, 5);
  EXPECT_EQ(book.TakeDue(5).size(), 1u);
}

TEST(PeerBook, DuplicateRestsUntilTheDeviceIsGone) {
  SeededRandom random(1);
  PeerBook book(random);
  const log::DeviceId device = random.Make<log::DeviceId>();
  book.Want(kAddress, true, 0);
  book.TakeDue(0);
  book.OnConnected(kAddress);
  book.OnEstablished(kAddress, device);
  book.OnDuplicate(kAddress);
  EXPECT_FALSE(book.NextDueMs().has_value());
  book.OnDeviceGone(random.Make<log::DeviceId>(), 10);
  EXPECT_FALSE(book.NextDueMs().has_value());
  book.OnDeviceGone(device, 10);
  EXPECT_TRUE(book.NextDueMs().has_value());
}

}  // namespace
}  // namespace geflecht::core
