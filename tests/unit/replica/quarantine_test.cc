// Runs that stand only if somebody entitled refers to them.
#include "node/replica/quarantine.h"

#include <gtest/gtest.h>

#include "base/rng.h"
#include "proto/codec/wire_codec.h"

namespace geflecht::replica {
namespace {

struct QuarantineRuns : testing::Test {
  crypto::SigningKey Key(std::uint8_t number) {
    return crypto::SigningKey::FromSeed(crypto::SecretBytes::Copy(Bytes(32, number)));
  }
  // The next `count` entries of the device's feed, and the run that carries them.
  std::pair<Quarantine::Item, log::Run> Next(std::uint8_t device, std::size_t count = 1) {
    const crypto::SigningKey key = Key(device);
    log::FeedHead& head = heads[device];
    log::Run run;
    const log::FeedHead before = head;
    for (std::size_t i = 0; i < count; ++i) {
      log::Header header;
      header.net = net;
      header.space = log::NetworkSpace(net);
      header.device = key.public_key();
      header.seq = head.next_seq;
      header.prev = head.head;
      header.basis = {basis};
      header.kind = "change";
      header.root = log::BodyRoot({});
      run.push_back(log::Sign(header, key));
      head = {header.seq + 1, run.back().id, header.basis};
    }
    return {{log::NetworkSpace(net), codec::PartsOf(before, run, 0), {}}, run};
  }
  log::FeedKey Feed(std::uint8_t device) {
    return {log::NetworkSpace(net), Key(device).public_key(), {}};
  }
  SeededRandom random{1};
  log::NetworkId net = random.Make<log::NetworkId>();
  log::EntryId basis = random.Make<log::EntryId>();
  std::map<std::uint8_t, log::FeedHead> heads;
};

TEST_F(QuarantineRuns, ComeOutWithWhatIsInFrontOfThem) {
  Quarantine quarantine;
  auto [a, a_run] = Next(1, 2);
  auto [b, b_run] = Next(1);
  auto [c, c_run] = Next(1);
  auto [other, other_run] = Next(2);
  for (auto* pair : {&a, &b, &c, &other}) pair->from = Key(9).public_key();
  EXPECT_TRUE(quarantine.Add(a, a_run));
  const auto head = quarantine.HeadBehind(Feed(1), codec::ShortOf(a_run[1].id));
  ASSERT_TRUE(head);
  EXPECT_EQ(head->head, a_run[1].id);
  EXPECT_EQ(head->next_seq, 2u);
  EXPECT_FALSE(quarantine.HeadBehind(Feed(1), codec::ShortOf(a_run[0].id)));
  EXPECT_FALSE(quarantine.HeadBehind(Feed(2), codec::ShortOf(a_run[1].id)));
  EXPECT_TRUE(quarantine.Add(b, b_run));
  EXPECT_TRUE(quarantine.Add(c, c_run));
  EXPECT_TRUE(quarantine.Add(other, other_run));
  EXPECT_EQ(quarantine.entries(), 5u);
  const auto items = quarantine.TakePast(codec::ShortOf(b_run[0].id));
  ASSERT_EQ(items.size(), 2u);
  EXPECT_EQ(items[0].run, a.run);
  EXPECT_EQ(items[1].run, b.run);
  EXPECT_EQ(quarantine.entries(), 2u);
  EXPECT_TRUE(quarantine.TakePast(codec::ShortOf(a_run[0].id)).empty());
  EXPECT_EQ(quarantine.TakePast(codec::ShortOf(c_run[0].id)).size(), 1u);
}

TEST_F(QuarantineRuns, OfADeviceComeOutTogether) {
  Quarantine quarantine;
  for (int i = 0; i < 3; ++i) {
    auto [item, run] = Next(1);
    EXPECT_TRUE(quarantine.Add(item, run));
    EXPECT_TRUE(quarantine.Add(item, run));
  }
  auto [other, run] = Next(2);
  EXPECT_TRUE(quarantine.Add(other, run));
  EXPECT_EQ(quarantine.Devices().size(), 2u);
  const auto items = quarantine.TakeOf(Key(1).public_key());
  ASSERT_EQ(items.size(), 3u);
  EXPECT_EQ(items[0].run.first_seq, 0u);
  EXPECT_EQ(items[2].run.first_seq, 2u);
  EXPECT_EQ(quarantine.Devices(), std::vector{Key(2).public_key()});
}

TEST_F(QuarantineRuns, ADeviceHasABoundedRoom) {
  auto [a, a_run] = Next(1);
  Quarantine quarantine(2 * codec::MemoryOf(a.run));
  EXPECT_TRUE(quarantine.Add(a, a_run));
  auto [b, b_run] = Next(1);
  EXPECT_TRUE(quarantine.Add(b, b_run));
  auto [c, c_run] = Next(1);
  EXPECT_FALSE(quarantine.Add(c, c_run));
  EXPECT_EQ(quarantine.entries(), 2u);
  auto [other, other_run] = Next(2);
  EXPECT_TRUE(quarantine.Add(other, other_run));
  quarantine.TakeOf(Key(1).public_key());
  EXPECT_TRUE(quarantine.Add(c, c_run));
}

}  // namespace
}  // namespace geflecht::replica
