// Bundles with closed circles, and without.
#include <gtest/gtest.h>

#include "node/audit/report.h"
#include "tests/unit/audit/circled.h"

namespace geflecht::audit {
namespace {

using namespace testing;

using Points = std::vector<std::string>;

std::vector<std::string> Reasons(const Report& report) {
  std::vector<std::string> reasons;
  for (const Problem& problem : report.problems) reasons.push_back(problem.reason);
  return reasons;
}

TEST(Circles, AreCompleteOnceTheirMembersHaveGathered) {
  const CircledWorld circled;
  const Report report = circled.Verified(circled.Along());
  EXPECT_EQ(report.verdict, Verdict::kComplete) << Listed(report);
  const Coverage& circle = CircledWorld::Of(report, circled.circle);
  EXPECT_EQ(circle.name, "Kreis <b>");
  EXPECT_EQ(circle.counters.entries, 6u);
  EXPECT_EQ(circle.counters.feeds, 3u);
  EXPECT_TRUE(circle.sealed_s.has_value());
}

TEST(Circles, AreNotCoveredUnlessTheyAreNamed) {
  CircledWorld circled;
  ExportOptions options = circled.Along();
  options.spaces = {circled.world.space()};
  const Bundle bundle = circled.world.Exported(options);
  circled.world.GoTo(circled.circle);
  for (const std::uint8_t org : Orgs{1, 2, 3})
    for (const log::Entry& entry : circled.world.At(circled.world.FeedOf(org)).entries)
      for (const BundleFile& file : bundle) {
        EXPECT_EQ(file.name.find(circled.circle.Hex()), std::string::npos) << file.name;
        EXPECT_EQ(AsText(file.content).find(entry.id.Hex()), std::string::npos) << file.name;
        if (entry.header.fields == 0) continue;
        EXPECT_EQ(AsText(file.content).find(entry.header.root.Hex()), std::string::npos);
      }
  const Report report = circled.Verified(options);
  EXPECT_EQ(report.exit_code, 2) << Listed(report);
  const Coverage& circle = CircledWorld::Of(report, circled.circle);
  EXPECT_EQ(circle.open_points, Points{"not-covered"});
  EXPECT_EQ(circle.counters, Counters());
  for (const Coverage& other : report.spaces)
    EXPECT_EQ(other.open_points, other.space == circled.circle ? Points{"not-covered"} : Points());
}

TEST(Circles, TheirMembersAloneAreAwaited) {
  const CircledWorld circled(/*gathered=*/false);
  const Report report = circled.Verified(circled.Along());
  EXPECT_EQ(report.exit_code, 2) << Listed(report);
  const Coverage& circle = CircledWorld::Of(report, circled.circle);
  EXPECT_EQ(circle.open_points, Points{"not-gathered"});
  // Neither the third, which has left, nor the fourth, which only reads.
  EXPECT_EQ(circle.missing,
            (std::vector<Missing>{{"Verein 2 e. V.", Device(2).public_key()}}));
}

TEST(Circles, WithoutAMemberAreNeverComplete) {
  CircledWorld circled;
  circled.Decide(circled.circle.Hex(), CircledWorld::Lines({1, 2}, "-member", ""), {1, 2});
  circled.council.Seal({1, 2, 3, 4});
  for (const std::uint8_t org : Orgs{1, 2, 3, 4}) circled.Gather(org);
  ExportOptions options = ExportedAt(log::testing::kNoon + 60);
  const auto refused = Export(circled.world.Input(), circled.Along(), Device(1));
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().hint, "hint.space-not-exported");
  options.spaces = {circled.circle};
  const auto bundle = Export(circled.world.Input(), options, Device(4));  // may still read
  ASSERT_TRUE(bundle) << bundle.error().detail;
  const Report report = Verify(*bundle, circled.world.network(), {});
  EXPECT_EQ(CircledWorld::Of(report, circled.circle).open_points, Points{"not-gathered"});
}

TEST(Circles, GoAlongOnlyWithWhoReadsThem) {
  const CircledWorld circled;
  ExportOptions options = circled.Along();
  for (const std::uint8_t org : Orgs{1, 2, 4})
    EXPECT_TRUE(Export(circled.world.Input(), options, Device(org))) << int{org};
  const auto left = Export(circled.world.Input(), options, Device(3));
  ASSERT_FALSE(left);
  EXPECT_EQ(left.error().code, Code::kNotPermitted);
  EXPECT_EQ(left.error().hint, "hint.space-not-exported");
  options.time_s = 2'000'000'000;  // behind the observer's last day
  EXPECT_FALSE(Export(circled.world.Input(), options, Device(4)));
  EXPECT_TRUE(Export(circled.world.Input(), options, Device(2)));
  options.spaces = {Filled<log::SpaceId>(0x77)};
  EXPECT_EQ(Export(circled.world.Input(), options, Device(1)).error().code, Code::kNotFound);
  options.spaces = {};
  options.open_spaces = {circled.circle};
  EXPECT_EQ(Export(circled.world.Input(), options, Device(1)).error().hint,
            "hint.space-not-along");
}

TEST(Circles, WhoHasNoSeatWritesNothingThere) {
  for (const std::uint8_t org : Orgs{3, 4}) {
    CircledWorld circled;
    circled.world.GoTo(circled.circle);
    circled.Write(org);
    const Report report = circled.Verified(circled.Along());
    EXPECT_EQ(Reasons(report), Points{"not-entitled"}) << int{org} << Listed(report);
  }
}

TEST(Circles, HoldNoKindsOfTheRootSpace) {
  for (const char* const kind : {"proposal", "seal", "vote"}) {
    CircledWorld circled;
    circled.world.GoTo(circled.circle);
    circled.world.Change(1, {}, [&](log::Header& header) {
      circled.Rely(header);
      header.kind = kind;
    });
    EXPECT_EQ(Reasons(circled.Verified(circled.Along())), Points{"kind"}) << kind;
  }
}

TEST(Circles, AFeedOfASpaceThatNobodyFoundedIsRefused) {
  CircledWorld circled;
  const log::SpaceId strange = Filled<log::SpaceId>(0x77);
  circled.world.GoTo(strange);
  circled.Write(1);
  const Report report = circled.Verified(circled.Along());
  EXPECT_EQ(Reasons(report), Points{"space"}) << Listed(report);
}

TEST(Circles, EntriesOfAnotherSpaceAreNoCausesThere) {
  CircledWorld circled;
  const log::EntryId outside = circled.Write(2);
  circled.world.GoTo(circled.circle);
  circled.Write(1, {outside});
  EXPECT_EQ(Reasons(circled.Verified(circled.Along())), Points{"seen-missing"});
}

TEST(Circles, OneEntryGoesOutWithAProof) {
  CircledWorld circled;
  circled.world.GoTo(circled.circle);
  ExportOptions options = circled.Along();
  options.level = Level::kReceipt;
  options.entry = circled.world.At(circled.world.FeedOf(2)).entries[0].id;
  options.open_entries = {*options.entry};
  Report report = circled.Verified(options);
  EXPECT_EQ(report.problems, std::vector<Problem>()) << Listed(report);
  EXPECT_EQ(CircledWorld::Of(report, circled.circle).counters.opened, 2u);
  options.spaces = {};
  EXPECT_EQ(Export(circled.world.Input(), options, Device(1)).error().code, Code::kNotFound);
  options = circled.Along();
  options.level = Level::kReceipt;
  options.entry = circled.Write(4);
  report = circled.Verified(options);
  EXPECT_EQ(Reasons(report), Points{"not-entitled"}) << Listed(report);
}

TEST(Circles, OfAPartHoldsTheBodiesOfTheNamedSpacesOnly) {
  const CircledWorld circled;
  ExportOptions options = circled.Along();
  options.level = Level::kScope;
  const Bundle bundle = circled.world.Exported(options);
  std::size_t inside = 0, outside = 0;
  for (const BundleFile& file : bundle) {
    if (file.name.starts_with("bodies/" + circled.circle.Hex())) ++inside;
    if (file.name.starts_with("bodies/" + circled.world.space().Hex())) ++outside;
  }
  EXPECT_EQ(inside, 3u);
  EXPECT_EQ(outside, 0u);
  const Report report = circled.Verified(options);
  EXPECT_EQ(CircledWorld::Of(report, circled.circle).open_points, Points{"scope"})
      << Listed(report);
}

TEST(Circles, AreNamedInTheReport) {
  const CircledWorld circled;
  const Report report = circled.Verified(circled.Along());
  const std::string text = RenderText(report, i18n::Lang::kEn);
  EXPECT_NE(text.find("Kreis <b>"), std::string::npos);
  EXPECT_NE(text.find("all members of the space have named"), std::string::npos) << text;
}

}  // namespace
}  // namespace geflecht::audit
