#include "node/audit/export.h"

#include <gtest/gtest.h>

#include "base/limits.h"
#include "fixture.h"

namespace geflecht::audit {
namespace {

using namespace testing;

TEST(Export, VerifiesAndSaysWhatItHolds) {
  const World world = MergedWorld();
  const Report report = Verify(world.Exported(), world.network());
  EXPECT_EQ(report.verdict, Verdict::kIncomplete) << Listed(report);
  EXPECT_EQ(report.exit_code, 2);
  EXPECT_EQ(report.problem_count, 0u);
  EXPECT_EQ(report.network_name, "Hilfenetz \"Nord\"");
  EXPECT_EQ(report.exporter, Device(1).public_key());
  EXPECT_EQ(report.members.size(), 3u);
  EXPECT_EQ(report.counters, (Counters{4, 7, 7, 1, 10, 0}));
  ASSERT_EQ(report.spaces.size(), 2u);
  for (const Coverage& space : report.spaces) {
    EXPECT_EQ(space.open_points, std::vector<std::string>{"not-sealed"});
    EXPECT_EQ(space.counters,
              (space.root ? Counters{1, 1, 1, 1, 0, 0} : Counters{3, 6, 6, 0, 10, 0}));
  }
}

TEST(Export, IsTheSameForTheSameInput) {
  const World world = MergedWorld();
  EXPECT_EQ(world.Exported(), world.Exported());
  ExportInput reversed = world.Input();
  std::reverse(reversed.feeds.begin(), reversed.feeds.end());
  const auto bundle = Export(reversed, ExportedAt(log::testing::kNoon + 60), Device(1));
  ASSERT_TRUE(bundle);
  EXPECT_EQ(*bundle, world.Exported());
}

TEST(Export, FeedOfTheCharterMayBeGivenOrNot) {
  const World world = MergedWorld();
  ExportInput input = world.Input();
  const log::Entry& charter = world.founding().charter;
  input.feeds.push_back({charter.header.feed(), {charter}, {world.founding().body}});
  const auto bundle = Export(input, ExportedAt(log::testing::kNoon + 60), Device(1));
  ASSERT_TRUE(bundle);
  EXPECT_EQ(*bundle, world.Exported());
}

TEST(Export, NetworkWithoutDocumentsVerifies) {
  const World world(1);
  const Report report = Verify(world.Exported(), world.network());
  EXPECT_EQ(report.verdict, Verdict::kIncomplete) << Listed(report);
  EXPECT_EQ(report.counters.entries, 1u);
}

TEST(Export, OpensAndWithholds) {
  World world = MergedWorld();
  const log::EntryId entry = world.At(world.FeedOf(1)).entries[0].id;
  const std::string file = BodiesFileName(world.FeedOf(1));

  Bundle closed = world.Exported();
  EXPECT_EQ(Text(closed, file).find("offen"), std::string::npos);
  EXPECT_EQ(Text(closed, file).find("\"value\""), std::string::npos);

  ExportOptions options;
  ASSERT_TRUE(AddOpen(options, entry.Hex()));
  Bundle one = world.Exported(options);
  Report report = Verify(one, world.network());
  EXPECT_EQ(report.verdict, Verdict::kIncomplete) << Listed(report);
  EXPECT_EQ(report.counters.opened, 3u);
  EXPECT_EQ(report.counters.withheld, 8u);
  const std::string line = Text(one, file).substr(0, Text(one, file).find('\n'));
  EXPECT_NE(line.find(R"("name":"structure","base64":"Af8A")"), std::string::npos) << line;
  EXPECT_NE(line.find(R"("name":"content","value":"Tür \"1\"\n\t\u0001 offen")"), std::string::npos)
      << line;

  ASSERT_TRUE(AddOpen(options, world.space().Hex()));
  report = Verify(world.Exported(options), world.network());
  EXPECT_EQ(report.verdict, Verdict::kIncomplete) << Listed(report);
  EXPECT_EQ(report.counters.opened, 11u);
  EXPECT_EQ(report.counters.withheld, 0u);
}

TEST(Export, WhatIsNotThereCannotBeOpened) {
  const World world = MergedWorld();
  ExportOptions options;
  EXPECT_EQ(AddOpen(options, "Q").error().code, Code::kUsage);
  EXPECT_EQ(AddOpen(options, std::string(64, 'A')).error().code, Code::kUsage);
  ASSERT_TRUE(AddOpen(options, std::string(64, 'a')));
  EXPECT_EQ(Export(world.Input(), options, Device(1)).error().code, Code::kNotFound);
  options = {};
  ASSERT_TRUE(AddOpen(options, std::string(32, 'a')));
  EXPECT_EQ(Export(world.Input(), options, Device(1)).error().code, Code::kNotFound);
}

TEST(Export, BodyThatIsNotHeldIsCountedAsMissing) {
  World world = MergedWorld();
  world.At(world.FeedOf(1)).bodies[0].reset();
  const Report report = Verify(world.Exported(), world.network());
  EXPECT_EQ(report.verdict, Verdict::kIncomplete) << Listed(report);
  EXPECT_EQ(report.counters.bodies_missing, 1u);
  EXPECT_EQ(report.counters.withheld, 10u);
}

TEST(Export, CoveredEntriesNeedNoSignatureOfTheirOwn) {
  World world(1);
  for (int i = 0; i < 300; ++i) world.Change(1);
  auto& entries = world.At(world.FeedOf(1)).entries;
  for (std::size_t i = 0; i < entries.size(); ++i)
    if (i != 255 && i + 1 != entries.size()) entries[i].signature.reset();
  Report report = Verify(world.Exported(), world.network());
  EXPECT_EQ(report.verdict, Verdict::kIncomplete) << Listed(report);
  EXPECT_EQ(report.counters.signatures, 3u);
  world.At(world.FeedOf(1)).entries[255].signature.reset();
  report = Verify(world.Exported(), world.network());
  ExpectInvalid(report, "run-too-long", FeedFileName(world.FeedOf(1)));
}

TEST(Export, DamagedInputIsRefused) {
  const World world = MergedWorld();
  const auto refused = [&](const std::function<void(ExportInput&)>& damage, Code code) {
    ExportInput input = world.Input();
    damage(input);
    const auto bundle = Export(input, {}, Device(1));
    ASSERT_FALSE(bundle);
    EXPECT_EQ(bundle.error().code, code) << bundle.error().detail;
  };
  refused([](ExportInput& in) { in.feeds[0].entries.back().signature.reset(); }, Code::kCorruption);
  refused([](ExportInput& in) { in.feeds[0].bodies.pop_back(); }, Code::kCorruption);
  refused([](ExportInput& in) { in.feeds[0].bodies[1] = log::Body{}; }, Code::kCorruption);
  refused([](ExportInput& in) { std::swap(in.feeds[0].key, in.feeds[1].key); }, Code::kCorruption);
  refused([](ExportInput& in) { in.feeds.push_back(in.feeds[0]); }, Code::kCorruption);
  refused([](ExportInput& in) { in.feeds.push_back({}); }, Code::kCorruption);
  refused([](ExportInput& in) { in.founding.signatures.clear(); }, Code::kCorruption);
  refused(
      [](ExportInput& in) {
        in.feeds[0].entries.erase(in.feeds[0].entries.begin());
        in.feeds[0].bodies.erase(in.feeds[0].bodies.begin());
      },
      Code::kCorruption);
}

TEST(Export, OnlyAMembersDeviceExports) {
  const World world = MergedWorld();
  EXPECT_EQ(Export(world.Input(), {}, Key(99)).error().code, Code::kNotPermitted);
  EXPECT_EQ(Export(world.Input(), ExportedAt(-1), Device(1)).error().code, Code::kUsage);
}

}  // namespace
}  // namespace geflecht::audit
