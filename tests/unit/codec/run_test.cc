#include <gtest/gtest.h>

#include "tests/unit/codec/samples.h"

namespace geflecht::codec {
namespace {

class RunCodec : public testing::Test {
 protected:
  SeededRandom random_{5};
  log::NetworkId network_ = random_.Make<log::NetworkId>();
  log::SpaceId space_ = random_.Make<log::SpaceId>();
};

TEST_F(RunCodec, PositionPrevAndBasisAreRecomputed) {
  for (const log::SpaceId& space : {space_, log::RootSpace(network_)}) {
    const log::Run entries = RandomFeed(network_, space, 40, random_);
    // Whole, and from a position inside the feed.
    for (const std::size_t from : {0u, 1u, 17u}) {
      log::FeedHead head;
      if (from != 0)
        head = log::HeadAfter(log::Run(entries.begin(), entries.begin() + std::ptrdiff_t(from)));
      const log::Run rest(entries.begin() + std::ptrdiff_t(from), entries.end());
      const codec::Run parts = PartsOf(head, rest, 99);
      EXPECT_EQ(parts.arrival, 99u);
      EXPECT_EQ(parts.first_seq, from);
      const auto decoded = DecodeFrame(EncodeFrame(parts));
      ASSERT_TRUE(decoded.has_value());
      auto back = CompleteRun(network_, space, head, std::get<codec::Run>(*decoded));
      ASSERT_TRUE(back.has_value()) << back.error().detail;
      ASSERT_EQ(back->size(), rest.size());
      for (std::size_t i = 0; i < rest.size(); ++i) {
        EXPECT_EQ((*back)[i].id, rest[i].id);
        EXPECT_EQ((*back)[i].header, rest[i].header);
      }
      EXPECT_TRUE(log::VerifyRun(network_, head, *back).has_value());
    }
  }
}

TEST_F(RunCodec, OnlyNeededSignaturesTravel) {
  const log::Run entries = RandomFeed(network_, space_, 10, random_);
  const codec::Run parts = PartsOf({}, entries, 1);
  for (std::size_t i = 0; i + 1 < parts.entries.size(); ++i)
    EXPECT_FALSE(parts.entries[i].signature.has_value());
  EXPECT_TRUE(parts.entries.back().signature.has_value());
}

TEST_F(RunCodec, ARunThatStartsElsewhereIsRefused) {
  const log::Run entries = RandomFeed(network_, space_, 3, random_);
  codec::Run parts = PartsOf({}, entries, 1);
  parts.first_seq = 1;
  EXPECT_FALSE(CompleteRun(network_, space_, {}, parts).has_value());
}

TEST_F(RunCodec, HeadersThatCannotBeValidAreRefused) {
  const codec::Run parts = PartsOf({}, RandomFeed(network_, space_, 3, random_), 1);
  const auto code = [&](const codec::Run& run) {
    const auto back = CompleteRun(network_, space_, {}, run);
    return back ? std::nullopt : std::optional(back.error().code);
  };
  EXPECT_EQ(code(parts), std::nullopt);
  codec::Run bad = parts;
  bad.entries[1].seen = {random_.Make<log::EntryId>()};
  bad.entries[1].seen.push_back(bad.entries[1].seen[0]);
  EXPECT_EQ(code(bad), Code::kMalformed) << "seen twice";
  bad = parts;
  bad.entries[0].basis.clear();
  EXPECT_EQ(code(bad), Code::kMalformed) << "no basis to take over";
  bad = parts;
  bad.entries[2].time_s += 1;
  EXPECT_EQ(code(bad), Code::kMalformed) << "time of a change";
  bad = parts;
  bad.entries.clear();
  EXPECT_EQ(code(bad), Code::kMalformed);
}

TEST_F(RunCodec, EveryChangedPartBreaksTheRun) {
  const codec::Run parts = PartsOf({}, RandomFeed(network_, space_, 4, random_), 1);
  for (std::size_t i = 0; i < parts.entries.size(); ++i) {
    codec::Run bad = parts;
    bad.entries[i].root.bytes[3] ^= 4;
    auto back = CompleteRun(network_, space_, {}, bad);
    ASSERT_TRUE(back.has_value());
    EXPECT_FALSE(log::VerifyRun(network_, {}, *back).has_value()) << i;
  }
  auto foreign = CompleteRun(random_.Make<log::NetworkId>(), space_, {}, parts);
  ASSERT_TRUE(foreign.has_value());
  EXPECT_FALSE(log::VerifyRun(network_, {}, *foreign).has_value());
}

}  // namespace
}  // namespace geflecht::codec
