// Single bits of a small bundle, flipped by somebody on the way: each one of the manifest and its
// signature, each third one of the files that the manifest guards.
#include <gtest/gtest.h>

#include <cstdio>

#include "circled.h"
#include "fixture.h"

namespace geflecht::audit {
namespace {

using namespace testing;

TEST(Flips, BitsOfEachFileAreNoticed) {
  const World world = WorldOfOne(1);
  Bundle bundle = OpenBundle(world);
  ASSERT_EQ(Verify(bundle, world.network()).exit_code, 2);
  std::size_t flips = 0;
  std::size_t noticed = 0;
  for (BundleFile& file : bundle) {
    // A hash does not tell bits apart. The manifest alone guards README.txt: one flip in each of
    // its blocks of 64 bytes is enough.
    const bool manifest = file.name == kManifestFile || file.name == kManifestSignatureFile;
    const std::size_t step = manifest ? 1 : file.name == kReadmeFile ? 509 : 3;
    for (std::size_t bit = 0; bit < 8 * file.content.size(); bit += step) {
      const auto mask = static_cast<std::uint8_t>(1 << bit % 8);
      file.content[bit / 8] ^= mask;
      const Report report = Verify(bundle, world.network());
      ++flips;
      if (report.verdict == Verdict::kInvalid && report.problem_count > 0) {
        ++noticed;
      } else {
        ADD_FAILURE() << file.name << " byte " << bit / 8 << " bit " << bit % 8;
      }
      file.content[bit / 8] ^= mask;
    }
  }
  std::printf("%zu single-bit flips, %zu noticed\n", flips, noticed);
  EXPECT_EQ(noticed, flips);
  EXPECT_EQ(Verify(bundle, world.network()).exit_code, 2);
}

TEST(Flips, BitsOfAClosedCircleAreNoticed) {
  const CircledWorld circled;
  ExportOptions options = circled.Along();
  options.open_spaces = {circled.circle};
  Bundle bundle = circled.world.Exported(options);
  const auto verified = [&] {
    return Verify(bundle, circled.world.network(),
                  {Mode::kFull, std::string(kNonce), nullptr});
  };
  ASSERT_EQ(verified().exit_code, 0);
  std::size_t flips = 0;
  for (BundleFile& file : bundle) {
    if (file.name.find(circled.circle.Hex()) == std::string::npos) continue;
    for (std::size_t bit = 0; bit < 8 * file.content.size(); bit += 101, ++flips) {
      const auto mask = static_cast<std::uint8_t>(1 << bit % 8);
      file.content[bit / 8] ^= mask;
      EXPECT_EQ(verified().verdict, Verdict::kInvalid) << file.name << " bit " << bit;
      file.content[bit / 8] ^= mask;
    }
  }
  EXPECT_GT(flips, 300u);
}

// A feed of the circle that is left out, its files with it, by an exporter who signs anew: somebody
// has named its entries.
TEST(Flips, AFeedOfAClosedCircleThatIsLeftOutIsMissed) {
  CircledWorld circled;
  ExportInput input = circled.world.Input();
  std::erase_if(input.feeds, [&](const ExportInput::Feed& feed) {
    return feed.key.space == circled.circle && feed.key.device == Device(2).public_key();
  });
  const auto bundle = Export(input, circled.Along(), Device(1));
  ASSERT_TRUE(bundle) << bundle.error().detail;
  const Report report = Verify(*bundle, circled.world.network(),
                               {Mode::kFull, std::string(kNonce), nullptr});
  EXPECT_EQ(report.verdict, Verdict::kInvalid) << Listed(report);
  EXPECT_EQ(CircledWorld::Of(report, circled.circle).open_points,
            std::vector<std::string>{"not-gathered"});
}

}  // namespace
}  // namespace geflecht::audit
