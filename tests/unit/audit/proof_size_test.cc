// How much the receipt of one entry takes in a feed of a million, with no million of files.
#include <gtest/gtest.h>

#include "fixture.h"
#include "node/audit/proof_file.h"

namespace geflecht::audit {
namespace {

using namespace testing;

TEST(ProofSize, OfOneEntryAmongAMillionIsAtMost2500Bytes) {
  constexpr std::size_t kEntries = 1'000'000;
  constexpr std::size_t kCosigned = 3;  // by others, as C2SP has it
  std::vector<crypto::Hash256> leaves(kEntries);
  for (std::size_t i = 0; i < kEntries; ++i)
    for (std::size_t byte = 0; byte < 4; ++byte)
      leaves[i].bytes[byte] = static_cast<std::uint8_t>(i >> 8 * byte);
  const World world(3);
  const Checkpoint checkpoint = CheckpointOf(world.network(), world.FeedOf(1), leaves);
  EXPECT_EQ(checkpoint.size, kEntries);
  const std::string text = RenderCheckpoint(checkpoint);
  std::string note = SignCheckpoint(checkpoint, Device(1));
  for (std::uint8_t org = 2; org < 2 + kCosigned; ++org) note += SignNoteLine(text, Device(org));
  for (const std::size_t index : {std::size_t{0}, kEntries / 2 - 1, kEntries - 1}) {
    const auto path = InclusionPath(leaves, index);
    EXPECT_LE(path.size(), 20u);
    EXPECT_EQ(RootByPath(leaves[index], index, kEntries, path), checkpoint.root);
    const std::string proof = RenderProof(index, path, note);
    EXPECT_LE(proof.size(), 2'500u);
    RecordProperty("bytes_" + std::to_string(index), static_cast<int>(proof.size()));
    const auto parsed = ParseProof(proof, [](std::size_t, const std::string&) { ADD_FAILURE(); });
    ASSERT_TRUE(parsed);
    EXPECT_EQ(parsed->path, path);
  }
}

}  // namespace
}  // namespace geflecht::audit
