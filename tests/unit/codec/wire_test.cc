#include <gtest/gtest.h>

#include <cstdio>

#include "base/limits.h"
#include "tests/unit/codec/samples.h"

namespace geflecht::codec {
namespace {

constexpr std::uint64_t kSeed = 20'250'101;

TEST(Wire, EveryMessageComesBackAsItWas) {
  std::printf("seed %llu\n", static_cast<unsigned long long>(kSeed));
  SeededRandom random(kSeed);
  for (int round = 0; round < 300; ++round)
    for (std::size_t type = 0; type < kTypes; ++type) {
      const Message message = RandomMessage(type, random);
      const Bytes frame = EncodeFrame(message);
      EXPECT_EQ(frame[0], type + 1);
      const auto back = DecodeFrame(frame);
      ASSERT_TRUE(back.has_value()) << type << ": " << back.error().detail;
      ASSERT_TRUE(*back == message) << type;
      const auto* run = std::get_if<codec::Run>(&message);
      const auto* bodies = std::get_if<Bodies>(&message);
      EXPECT_TRUE(run == nullptr || FrameSize(*run) == frame.size());
      EXPECT_TRUE(bodies == nullptr || FrameSize(*bodies) == frame.size());
      const auto* erasures = std::get_if<Erasures>(&message);
      EXPECT_TRUE(erasures == nullptr || FrameSize(*erasures) == frame.size());
    }
}

TEST(Wire, DamagedFramesNeverCrash) {
  std::printf("seed %llu\n", static_cast<unsigned long long>(kSeed + 1));
  SeededRandom random(kSeed + 1);
  std::size_t refused = 0;
  for (int round = 0; round < 3000; ++round) {
    Bytes frame = EncodeFrame(RandomMessage(random.Below(kTypes), random));
    if (random.Below(3) == 0) frame.resize(random.Below(frame.size() + 1));
    for (std::uint64_t i = random.Below(4); i > 0 && !frame.empty(); --i)
      frame[random.Below(frame.size())] ^= static_cast<std::uint8_t>(1u << random.Below(8));
    const auto message = DecodeFrame(frame);
    if (!message) {
      ++refused;
      EXPECT_TRUE(message.error().code == Code::kMalformed ||
                  message.error().code == Code::kTooLarge);
      continue;
    }
    // What is accepted can be said again.
    const auto again = DecodeFrame(EncodeFrame(*message));
    ASSERT_TRUE(again.has_value());
    EXPECT_TRUE(*again == *message);
  }
  EXPECT_GT(refused, 500u);
}

TEST(Wire, RandomBytesNeverCrash) {
  std::printf("seed %llu\n", static_cast<unsigned long long>(kSeed + 2));
  SeededRandom random(kSeed + 2);
  for (int round = 0; round < 20'000; ++round) {
    Bytes frame(random.Below(80));
    random.Fill(frame);
    if (!frame.empty()) frame[0] = static_cast<std::uint8_t>(1 + random.Below(kTypes));
    static_cast<void>(DecodeFrame(frame));
  }
}

TEST(Wire, UnknownFieldsAreIgnored) {
  Bytes frame = EncodeFrame(Ping{7, true});
  Append(frame, Bytes{0x7a, 0x03, 'n', 'e', 'w'});  // field 15, 3 bytes
  const auto message = DecodeFrame(frame);
  ASSERT_TRUE(message.has_value());
  EXPECT_TRUE(*message == Message(Ping{7, true}));
}

TEST(Wire, PrefixesAreFirstBytes) {
  SeededRandom random(1);
  const log::FeedKey feed{random.Make<log::SpaceId>(), random.Make<log::DeviceId>(),
                          random.Make<log::LifeId>()};
  EXPECT_EQ(PrefixOf(feed.space).Hex(), feed.space.Hex().substr(0, 16));
  EXPECT_EQ(PrefixOf(feed).Hex(),
            crypto::Sha256({feed.space.view(), feed.device.view(), feed.life.view()})
                .Hex()
                .substr(0, 16));
  const auto fingerprint = random.Make<log::Fingerprint>();
  EXPECT_EQ(ShortOf(fingerprint).Hex(), fingerprint.Hex().substr(0, 32));
}

}  // namespace
}  // namespace geflecht::codec
