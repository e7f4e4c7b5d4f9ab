// Every single bit of a small bundle, flipped by the exporter himself, who signs anew.
#include <gtest/gtest.h>

#include <cstdio>

#include "fixture.h"

namespace geflecht::audit {
namespace {

using namespace testing;

bool IsManifest(const BundleFile& file) {
  return file.name == kManifestFile || file.name == kManifestSignatureFile;
}

// The exporter can write whatever he wants into README.txt and into the time of the export, which
// prove nothing. Everything else is bound to keys that he does not have, or has one spelling.
TEST(Flips, ExporterWhoSignsAgainIsNoticed) {
  const World world = WorldOfOne(2);
  const Bundle bundle = OpenBundle(world);
  const auto info = ParseInfo(AsText(Find(const_cast<Bundle&>(bundle), kInfoFile)->content));
  ASSERT_TRUE(info);
  std::size_t flips = 0;
  std::size_t noticed = 0;
  for (std::size_t i = 0; i < bundle.size(); ++i) {
    const BundleFile& file = bundle[i];
    if (IsManifest(file) || file.name == kReadmeFile) continue;
    for (std::size_t bit = 0; bit < 8 * file.content.size(); bit += 3) {
      Bundle tampered = bundle;
      tampered[i].content[bit / 8] ^= static_cast<std::uint8_t>(1 << bit % 8);
      // A feed gets a new checkpoint, so that it is not the checkpoint that gives the flip away.
      tampered = file.name.ends_with(".log") ? Resealed(std::move(tampered), world.network())
                                             : WithManifest(std::move(tampered));
      const Report report = Verify(tampered, world.network());
      ASSERT_FALSE(Has(report, "manifest-hash") || Has(report, "manifest-signature"));
      if (file.name == kInfoFile && report.exit_code == 2) {
        auto other = ParseInfo(AsText(Find(tampered, kInfoFile)->content));
        ASSERT_TRUE(other);
        EXPECT_NE(other->exported_s, info->exported_s);
        other->exported_s = info->exported_s;
        EXPECT_EQ(*other, *info);
        continue;
      }
      ++flips;
      if (report.verdict == Verdict::kInvalid) {
        ++noticed;
      } else {
        ADD_FAILURE() << file.name << " byte " << bit / 8 << " bit " << bit % 8;
      }
    }
  }
  std::printf("%zu flips under a new signature of the exporter, %zu noticed\n", flips, noticed);
  EXPECT_EQ(noticed, flips);
}

}  // namespace
}  // namespace geflecht::audit
