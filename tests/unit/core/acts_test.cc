// The record of administrative acts (docs/formats/acts.md).
#include "node/core/acts.h"

#include <gtest/gtest.h>

#include <memory>

#include "node/core/durations.h"

namespace geflecht::core {
namespace {

constexpr std::int64_t kNoonMs = 500'000 * kHourMs;
const std::string kId(64, 'a');

struct Record : testing::Test {
  void Write(Acts& acts) {
    ASSERT_TRUE(store->Write(acts.TakeChanges(), store::Durability::kSynced).has_value());
  }
  Acts Loaded() const {
    auto acts = Acts::Load(*store);
    EXPECT_TRUE(acts.has_value());
    return *std::move(acts);
  }
  std::vector<Act> Lines() const {
    auto lines = Acts::Read(*store);
    EXPECT_TRUE(lines.has_value());
    return *std::move(lines);
  }
  std::unique_ptr<store::Store> store = store::MakeMemoryStore();
};

TEST_F(Record, ALineHasTheHourAndIsWrittenOnceInIt) {
  Acts acts = Loaded();
  acts.Note("erase", kId, kNoonMs + 59 * 60'000);
  acts.Note("erase", kId, kNoonMs + 1);
  acts.Note("erase", "", kNoonMs + 1);
  acts.Note("erase", kId, kNoonMs + kHourMs);
  Write(acts);
  const auto lines = Lines();
  ASSERT_EQ(lines.size(), 3u);
  EXPECT_EQ(lines[0].hour_s, kNoonMs / 1000);
  EXPECT_EQ(lines[0].object, kId);
  EXPECT_EQ(lines[1].object, "");
  EXPECT_EQ(lines[2].hour_s, (kNoonMs + kHourMs) / 1000);
}

TEST_F(Record, GoesOnWhereAnotherProcessEnded) {
  Acts first = Loaded();
  first.Note("invite", "", kNoonMs);
  Write(first);
  Acts second = Loaded();
  second.Note("leave", "", kNoonMs);
  Write(second);
  const auto lines = Lines();
  ASSERT_EQ(lines.size(), 2u);
  EXPECT_TRUE(lines[1].follows);
  EXPECT_NE(lines[0].hash, lines[1].hash);
}

TEST_F(Record, AMissingOrOtherLineIsSeen) {
  Acts acts = Loaded();
  for (const char* name : {"erase", "backup", "import", "leave"}) acts.Note(name, "", kNoonMs);
  const store::Batch written = acts.TakeChanges();
  ASSERT_TRUE(store->Write(written, store::Durability::kSynced).has_value());
  const crypto::Hash256 noted = Lines().back().hash;
  // Without the second line.
  ASSERT_TRUE(store->Write({{written[1].key, std::nullopt}}, store::Durability::kSynced));
  auto lines = Lines();
  ASSERT_EQ(lines.size(), 3u);
  EXPECT_FALSE(lines[1].follows);
  // Another one in its place.
  Acts other;
  other.Note("erase", "", kNoonMs);
  other.Note("export-person", "", kNoonMs);
  store::Batch false_one = other.TakeChanges();
  ASSERT_TRUE(store->Write({{written[1].key, false_one[1].value}}, store::Durability::kSynced));
  lines = Lines();
  EXPECT_TRUE(lines[1].follows);
  EXPECT_FALSE(lines[2].follows);
  EXPECT_EQ(lines.back().hash, noted) << "a line names the one before it by what it was";
}

TEST_F(Record, LinesLeaveAfterAYearAndTheNewestStays) {
  Acts acts = Loaded();
  acts.Note("erase", kId, kNoonMs);
  acts.Note("backup", "", kNoonMs + kDayMs);
  acts.Note("import", "", kNoonMs + kActsKeptDays * kDayMs);
  Write(acts);
  EXPECT_EQ(Lines().size(), 3u);
  acts.Note("leave", "", kNoonMs + kActsKeptDays * kDayMs + kHourMs);
  Write(acts);
  auto lines = Lines();
  ASSERT_EQ(lines.size(), 3u);
  EXPECT_EQ(lines[0].name, "backup");
  // A clock that was set far ahead, in another process.
  Acts later = Loaded();
  later.Note("erase", "", kNoonMs + 4'000 * kDayMs);
  Write(later);
  lines = Lines();
  ASSERT_EQ(lines.size(), 1u);
  EXPECT_TRUE(lines[0].follows);
}

TEST_F(Record, DamageIsSaid) {
  Acts acts = Loaded();
  acts.Note("erase", kId, kNoonMs);
  store::Batch batch = acts.TakeChanges();
  for (const std::size_t size :
       {std::size_t{0}, std::size_t{31}, std::size_t{32}, std::size_t{40}}) {
    store::Batch cut = batch;
    cut[0].value->resize(size);
    ASSERT_TRUE(store->Write(cut, store::Durability::kSynced).has_value());
    EXPECT_EQ(Acts::Load(*store).error().code, Code::kCorruption) << size;
    EXPECT_EQ(Acts::Read(*store).error().code, Code::kCorruption) << size;
  }
}

}  // namespace
}  // namespace geflecht::core
