// Forked feeds from the export to the verdict.
#include <gtest/gtest.h>

#include "fixture.h"
#include "node/audit/checkpoint_file.h"

namespace geflecht::audit {
namespace {

using namespace testing;

class ForkedFeed : public ::testing::Test {
 protected:
  log::FeedKey key() const { return world_.FeedOf(1); }
  ExportInput::Feed& feed() { return world_.At(key()); }

  // Appends an entry that stands on entry `on` of the feed, or on none.
  log::EntryId ChangeOn(std::optional<std::size_t> on) {
    std::optional<log::Entry> before;
    if (on) before = feed().entries.at(*on);
    return world_.Change(1, {}, [&](log::Header& header) {
      header.seq = before ? before->header.seq + 1 : 0;
      header.prev.reset();
      if (before) header.prev = before->id;
    });
  }
  void ExpectForked(std::size_t forks) {
    const Report report = Verify(world_.Exported(), world_.network());
    EXPECT_EQ(report.verdict, Verdict::kForked) << Listed(report);
    EXPECT_EQ(report.exit_code, 3);
    EXPECT_EQ(Reasons(report), std::vector<std::string>(forks, "fork")) << Listed(report);
    EXPECT_EQ(report.counters.entries, feed().entries.size() + 1);
    EXPECT_EQ(report.counters.withheld, 2 * feed().entries.size());
    EXPECT_EQ(report.counters.bodies_missing, 0u);
  }
  void ExpectRefused() {
    const auto bundle = Export(world_.Input(), {}, Device(1));
    ASSERT_FALSE(bundle);
    EXPECT_EQ(bundle.error().code, Code::kCorruption) << bundle.error().detail;
  }

  World world_;
};

TEST_F(ForkedFeed, TwoBranchesAreExportedAndProven) {
  for (int i = 0; i < 4; ++i) world_.Change(1);  // 0 to 3
  ChangeOn(1);                                   // 4
  ChangeOn(4);
  ExpectForked(1);
  // Covered entries need no signature of their own, on either branch.
  feed().entries[4].signature.reset();
  feed().entries[0].signature.reset();
  ExpectForked(1);
}

TEST_F(ForkedFeed, TwoBeginningsAreExportedAndProven) {
  world_.Change(1);
  world_.Change(1);
  ChangeOn({});
  ExpectForked(1);
}

TEST_F(ForkedFeed, BranchLongerThanTheFirstIsExported) {
  world_.Change(1);
  world_.Change(1);
  ChangeOn(0);
  ChangeOn(2);
  ChangeOn(3);
  ExpectForked(1);
}

TEST_F(ForkedFeed, ThirdBranchMayStandAnywhereInFront) {
  for (const std::size_t on : {0u, 3u, 4u}) {  // where the second stands, far behind it, on it
    SCOPED_TRACE(on);
    world_ = World();
    for (int i = 0; i < 5; ++i) world_.Change(1);  // 0 to 4
    ChangeOn(0);                                   // 5
    ChangeOn(5);                                   // 6
    ChangeOn(on == 4 ? 5 : on);                    // 7
    ExpectForked(2);
  }
}

TEST_F(ForkedFeed, CheckpointIsOfTheFirstBranch) {
  for (int i = 0; i < 3; ++i) world_.Change(1);
  Bundle before = world_.Exported();
  ChangeOn(0);
  ChangeOn(3);
  Bundle bundle = world_.Exported();
  const std::string name = CheckpointFileName(key());
  EXPECT_EQ(Text(bundle, name), Text(before, name));
  EXPECT_NE(Text(bundle, name).find("\n3\n"), std::string::npos) << Text(bundle, name);
  // One of all entries, or of the other branch, is refused.
  std::vector<crypto::Hash256> leaves;
  for (const log::Entry& entry : feed().entries) leaves.push_back({entry.id.bytes});
  for (const auto& other : {leaves, std::vector{leaves[0], leaves[3], leaves[4]}}) {
    SetText(bundle, name, SignCheckpoint(CheckpointOf(world_.network(), key(), other), Device(1)));
    const Report report = Verify(WithManifest(bundle), world_.network());
    EXPECT_EQ(report.exit_code, 3) << Listed(report);
    EXPECT_TRUE(Has(report, "checkpoint", name)) << Listed(report);
  }
}

TEST_F(ForkedFeed, BranchWithoutASignatureAtItsEndIsRefused) {
  for (int i = 0; i < 3; ++i) world_.Change(1);  // 0 to 2
  ChangeOn(0);                                   // 3
  ChangeOn(3);                                   // 4
  ChangeOn(1);                                   // 5
  ExpectForked(2);
  for (const std::size_t end : {2u, 4u, 5u}) {
    SCOPED_TRACE(end);
    const auto signature = std::exchange(feed().entries[end].signature, {});
    ExpectRefused();
    feed().entries[end].signature = signature;
  }
  ExpectForked(2);
}

TEST_F(ForkedFeed, BranchOnNothingIsRefused) {
  const auto changed = [&](const World::Edit& edit) {
    world_ = World();
    for (int i = 0; i < 3; ++i) world_.Change(1);
    world_.Change(1, {}, edit);
    ExpectRefused();
  };
  changed([](log::Header& header) { header.prev = Filled<log::EntryId>(0x44); });
  changed([&](log::Header& header) {  // a position that is not behind what it stands on
    header.prev = feed().entries[0].id;
    header.seq = 2;
  });
  changed([&](log::Header& header) { header.prev = world_.founding().charter.id; });
}

TEST_F(ForkedFeed, BranchInFrontOfWhatItStandsOnIsRefused) {
  for (int i = 0; i < 3; ++i) world_.Change(1);  // 0 to 2
  ChangeOn(1);
  ExpectForked(1);
  std::rotate(feed().entries.begin() + 1, feed().entries.begin() + 3, feed().entries.end());
  std::rotate(feed().bodies.begin() + 1, feed().bodies.begin() + 3, feed().bodies.end());
  ExpectRefused();
}

TEST_F(ForkedFeed, EntryThatIsThereTwiceIsRefused) {
  for (int i = 0; i < 3; ++i) world_.Change(1);
  ChangeOn(0);
  feed().entries.push_back(feed().entries[1]);
  feed().bodies.push_back(feed().bodies[1]);
  ExpectRefused();
}

}  // namespace
}  // namespace geflecht::audit
