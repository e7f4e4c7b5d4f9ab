// What two branches prove: two signed entries of one feed at one position, the lower id first.
#include "node/log/fork.h"

#include <gtest/gtest.h>

#include <utility>

#include "fixture.h"

namespace geflecht::log {
namespace {

using namespace testing;

Entry At(std::int64_t time_s, std::uint64_t seq = 0) {
  Header header = ChangeHeader();
  header.seq = seq;
  header.prev = seq == 0 ? std::nullopt : std::optional(Filled<EntryId>(0x77));
  header.seen.clear();
  header.time_s = time_s;
  return Sign(std::move(header), Key(1));
}

struct ForkProof : ::testing::Test {
  void SetUp() override {
    if (b_.id < a_.id) std::swap(a_, b_);
  }
  Entry a_ = At(kNoon), b_ = At(kNoon + 3600);
};

TEST_F(ForkProof, TwoEntriesAtOnePositionTheLowerFirst) {
  const auto fork = CheckFork(Network(), RenderBranch({a_}), RenderBranch({b_}));
  ASSERT_TRUE(fork) << fork.error().detail;
  EXPECT_EQ(fork->lower, a_.id);
  EXPECT_EQ(fork->higher, b_.id);
  EXPECT_EQ(fork->seq, 0u);
  EXPECT_EQ(fork->feed, a_.header.feed());
}

TEST_F(ForkProof, NothingElseIsOne) {
  const std::string a = RenderBranch({a_}), b = RenderBranch({b_});
  EXPECT_FALSE(CheckFork(Network(), b, a)) << "the higher one first";
  EXPECT_FALSE(CheckFork(Network(), a, a)) << "one branch";
  EXPECT_FALSE(CheckFork(Filled<NetworkId>(0xab), a, b)) << "another network";
  EXPECT_FALSE(CheckFork(Network(), a, RenderBranch({At(kNoon, 1)}))) << "another position";
  EXPECT_FALSE(CheckFork(Network(), a, "")) << "no branch";
  EXPECT_FALSE(CheckFork(Network(), a, b + "\n")) << "more behind it";
  EXPECT_FALSE(CheckFork(Network(), a, b.substr(b.find("sig ")))) << "no entry";
  EXPECT_FALSE(CheckFork(Network(), a, b.substr(0, b.find("sig ")))) << "no signature";
  EXPECT_FALSE(CheckFork(Network(), FlipBit(a, 8 * a.size() - 8 * 8), b)) << "it does not hold";
}

}  // namespace
}  // namespace geflecht::log
