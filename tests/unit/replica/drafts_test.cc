// Open changes: durable, restored, cut.
#include <gtest/gtest.h>

#include "tests/unit/replica/network.h"

namespace geflecht::replica {
namespace {

TEST(Drafts, AreDurableAndCutAfterARestart) {
  Network net(1);
  const crdt::DocumentId id = net[0].MakeNote("abc");
  ASSERT_TRUE(net[0].Type(id, 3, "def").has_value());
  EXPECT_TRUE(net[0].replica->HasDraft(id));
  const std::uint64_t before = net[0].Log().last_arrival();
  net[0].Load(net.founding);
  EXPECT_EQ(net[0].replica->NextCutMs(), 0);
  EXPECT_EQ(net[0].Text(id), "abcdef");
  ASSERT_TRUE(net[0].replica->CutDue({0, 0}).has_value());
  net[0].Write();
  EXPECT_FALSE(net[0].replica->HasDraft(id));
  EXPECT_EQ(net[0].Log().last_arrival(), before + 1);
  net[0].Load(net.founding);
  EXPECT_EQ(net[0].Text(id), "abcdef");
  EXPECT_FALSE(net[0].replica->NextCutMs().has_value());
}

TEST(Drafts, AreCutInFrontOfAChangeOfAnotherDevice) {
  Network net(2);
  const crdt::DocumentId id = net[0].MakeNote("abc");
  Bring(net[0], net[1]);
  ASSERT_TRUE(net[1].Type(id, 0, "1").has_value());
  ASSERT_TRUE(net[1].replica->CutAll({}).has_value());
  net[1].Write();
  ASSERT_TRUE(net[0].Type(id, 3, "9").has_value());
  Bring(net[1], net[0]);
  EXPECT_FALSE(net[0].replica->HasDraft(id));
  Bring(net[0], net[1]);
  EXPECT_EQ(net[0].Text(id), "1abc9");
  EXPECT_EQ(net[1].Text(id), "1abc9");
}

TEST(Drafts, AreCutAfterIdlenessAgeAndManyEdits) {
  Network net(1);
  const crdt::DocumentId id = net[0].MakeNote("a");
  ASSERT_TRUE(net[0].Type(id, 0, "b", 10'000).has_value());
  EXPECT_EQ(net[0].replica->NextCutMs(), 10'000 + limits::kCutIdleMs);
  for (std::int64_t ms = 11'000; ms < 41'000; ms += 1'000)
    ASSERT_TRUE(net[0].Type(id, 0, "b", ms).has_value());
  EXPECT_EQ(net[0].replica->NextCutMs(), 10'000 + limits::kCutAgeMs);
  ASSERT_TRUE(net[0].replica->CutDue({39'999, 0}).has_value());
  EXPECT_TRUE(net[0].replica->HasDraft(id));
  ASSERT_TRUE(net[0].replica->CutDue({40'000, 0}).has_value());
  EXPECT_FALSE(net[0].replica->HasDraft(id));
  const auto edits = [](crdt::Transaction& edit) -> Result<void> {
    for (std::size_t i = 0; i < limits::kEditsPerChangeMax; ++i)
      TRY(edit.Set("/title", static_cast<std::int64_t>(i)));
    return {};
  };
  ASSERT_TRUE(net[0].replica->Edit(id, edits, {50'000, 0}).has_value());
  EXPECT_FALSE(net[0].replica->HasDraft(id));
}

TEST(Drafts, TooLargeEditIsRefusedAndTheDraftStays) {
  Network net(1);
  const crdt::DocumentId id = net[0].MakeNote("abc");
  ASSERT_TRUE(net[0].Type(id, 3, "d").has_value());
  const std::string large(limits::kFieldBytesMax + 1, 'x');
  const auto refused = net[0].Type(id, 0, large);
  ASSERT_FALSE(refused.has_value());
  EXPECT_EQ(refused.error().code, Code::kTooLarge);
  EXPECT_EQ(net[0].Text(id), "abcd");
  EXPECT_TRUE(net[0].replica->HasDraft(id));
  ASSERT_TRUE(net[0].replica->CutAll({}).has_value());
  net[0].Write();
  EXPECT_EQ(net[0].Text(id), "abcd");
}

TEST(Drafts, RefusedEditLeavesNothing) {
  Network net(1);
  const crdt::DocumentId id = net[0].MakeNote("abc");
  EXPECT_FALSE(net[0].Type(id, 99, "x").has_value());
  EXPECT_FALSE(net[0].replica->HasDraft(id));
  EXPECT_EQ(net[0].Text(id), "abc");
}

}  // namespace
}  // namespace geflecht::replica
