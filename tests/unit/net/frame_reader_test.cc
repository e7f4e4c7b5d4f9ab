#include "node/net/frame_reader.h"

#include <gtest/gtest.h>

#include "base/limits.h"
#include "base/rng.h"

namespace geflecht::net {
namespace {

Bytes Framed(const Bytes& frame) {
  Bytes out;
  AppendBe32(out, static_cast<std::uint32_t>(frame.size()));
  Append(out, frame);
  return out;
}

TEST(FrameReader, FindsTheSameFramesHoweverTheBytesAreCut) {
  const std::uint64_t seed = 20261;
  RecordProperty("seed", std::to_string(seed));
  SeededRandom random(seed);
  std::vector<Bytes> frames;
  Bytes stream;
  for (int i = 0; i < 40; ++i) {
    Bytes frame(1 + random.Below(300));
    random.Fill(frame);
    Append(stream, Framed(frame));
    frames.push_back(std::move(frame));
  }
  for (int round = 0; round < 200; ++round) {
    FrameReader reader;
    std::vector<Bytes> found;
    ByteView left(stream);
    const std::size_t step = round == 0 ? 1 : 1 + random.Below(500);
    while (!left.empty()) {
      ByteView part = left.first(std::min<std::size_t>(left.size(), step));
      left = left.subspan(part.size());
      while (true) {
        Result<std::optional<Bytes>> frame = reader.Take(part, 300);
        ASSERT_TRUE(frame);
        if (!frame->has_value()) break;
        found.push_back(**frame);
      }
      ASSERT_TRUE(part.empty());
    }
    ASSERT_EQ(found, frames) << "seed " << seed << " step " << step;
    ASSERT_TRUE(reader.between_frames());
  }
}

TEST(FrameReader, JudgesTheLengthBeforeAnythingElseArrives) {
  const Bytes zero{0, 0, 0, 0};
  const Bytes large{0, 0, 0x20, 1};
  const Bytes huge{0xFF, 0xFF, 0xFF, 0xFF};
  ByteView in(zero);
  EXPECT_EQ(FrameReader().Take(in, 8192).error().code, Code::kMalformed);
  for (const Bytes& length : {large, huge}) {
    FrameReader reader;
    in = length;
    const auto taken = reader.Take(in, 8192);
    ASSERT_FALSE(taken);
    EXPECT_EQ(taken.error().code, Code::kTooLarge);
    EXPECT_EQ(reader.reserved(), 0u);
  }
  in = large;
  EXPECT_TRUE(FrameReader().Take(in, 8193));
}

TEST(FrameReader, ReservesInProportionToWhatHasArrived) {
  FrameReader reader;
  Bytes announced;
  AppendBe32(announced, limits::kFrameBytesMax);
  ByteView in(announced);
  ASSERT_TRUE(reader.Take(in, limits::kFrameBytesMax));
  EXPECT_EQ(reader.reserved(), 0u);
  EXPECT_FALSE(reader.between_frames());
  const Bytes part(1000);
  for (std::size_t arrived = 1000; arrived + 1000 < limits::kFrameBytesMax; arrived += 1000) {
    in = part;
    ASSERT_TRUE(reader.Take(in, limits::kFrameBytesMax));
    ASSERT_LE(reader.reserved(), 2 * arrived);
  }
}

}  // namespace
}  // namespace geflecht::net
