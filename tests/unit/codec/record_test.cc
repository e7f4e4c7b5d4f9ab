#include <gtest/gtest.h>

#include "proto/codec/record_codec.h"
#include "tests/unit/codec/samples.h"

namespace geflecht::codec {
namespace {

class Records : public testing::Test {
 protected:
  StoredEntry Sample(std::size_t seq) {
    const log::Run run =
        RandomFeed(random_.Make<log::NetworkId>(), random_.Make<log::SpaceId>(), seq + 1, random_);
    StoredEntry stored{run.back(), static_cast<std::uint32_t>(seq % 3), 7 + seq, seq % 2 == 0,
                       std::nullopt};
    if (seq % 2 == 0) stored.document = random_.Make<crdt::DocumentId>();
    return stored;
  }
  SeededRandom random_{6};
};

TEST_F(Records, EntriesComeBack) {
  for (std::size_t seq = 0; seq < 20; ++seq) {
    const StoredEntry stored = Sample(seq);
    const auto back = DecodeStoredEntry(EncodeStoredEntry(stored));
    ASSERT_TRUE(back.has_value()) << back.error().detail;
    EXPECT_EQ(*back, stored);
  }
}

TEST_F(Records, TheFoundingCharterComesBack) {
  log::Header header;
  header.device = random_.Make<log::DeviceId>();
  header.life = random_.Make<log::LifeId>();
  header.kind = "charter";
  header.fields = 1;
  const StoredEntry stored{log::Entry::Of(header), 0, 1, true, std::nullopt};
  const auto back = DecodeStoredEntry(EncodeStoredEntry(stored));
  ASSERT_TRUE(back.has_value()) << back.error().detail;
  EXPECT_EQ(*back, stored);
}

TEST_F(Records, ADamagedEntryIsCorruptionOrTheSameEntry) {
  const StoredEntry stored = Sample(5);
  const Bytes bytes = EncodeStoredEntry(stored);
  std::size_t detected = 0;
  for (std::size_t i = 0; i < bytes.size(); ++i)
    for (int bit = 0; bit < 8; ++bit) {
      Bytes damaged = bytes;
      damaged[i] ^= static_cast<std::uint8_t>(1 << bit);
      const auto back = DecodeStoredEntry(damaged);
      if (back) {
        // Outside of what the id covers: signature, arrival, flags.
        EXPECT_EQ(back->entry.id, stored.entry.id);
        EXPECT_EQ(back->entry.header, stored.entry.header);
      } else {
        EXPECT_EQ(back.error().code, Code::kCorruption);
        ++detected;
      }
    }
  EXPECT_GT(detected, bytes.size() * 8 / 2);
  for (std::size_t size = 0; size < bytes.size(); ++size) {
    const auto back = DecodeStoredEntry(ByteView(bytes).first(size));
    EXPECT_TRUE(!back || back->entry.id == stored.entry.id);
  }
}

TEST_F(Records, BodiesComeBack) {
  for (int i = 0; i < 50; ++i) {
    const log::Body body = RandomBody(random_);
    const auto back = DecodeBody(EncodeBody(body));
    ASSERT_TRUE(back.has_value());
    EXPECT_EQ(*back, body);
  }
  EXPECT_EQ(DecodeBody(Bytes{0x0a}).error().code, Code::kCorruption);
}

TEST_F(Records, FeedsComeBack) {
  StoredFeed feed;
  feed.key = {random_.Make<log::SpaceId>(), random_.Make<log::DeviceId>(),
              random_.Make<log::LifeId>()};
  EXPECT_EQ(*DecodeStoredFeed(EncodeStoredFeed(feed)), feed);
  feed.head = {8, random_.Make<log::EntryId>(), {random_.Make<log::EntryId>()}};
  EXPECT_EQ(*DecodeStoredFeed(EncodeStoredFeed(feed)), feed);
  feed.head.head.reset();
  EXPECT_EQ(DecodeStoredFeed(EncodeStoredFeed(feed)).error().code, Code::kCorruption);
}

TEST_F(Records, PositionsIdsAndDocumentsComeBack) {
  const Position position{
      {random_.Make<log::SpaceId>(), random_.Make<log::DeviceId>(), random_.Make<log::LifeId>()},
      12};
  EXPECT_EQ(*DecodePosition(EncodePosition(position)), position);
  EXPECT_EQ(DecodePosition(Bytes(5, 0xff)).error().code, Code::kCorruption);
  std::vector<log::EntryId> ids;
  for (int i = 0; i < 300; ++i) ids.push_back(random_.Make<log::EntryId>());
  EXPECT_EQ(*DecodeIds(EncodeIds(ids)), ids);
  Bytes cut = EncodeIds(ids);
  cut.pop_back();
  EXPECT_EQ(DecodeIds(cut).error().code, Code::kCorruption);
  const StoredDocument document{random_.Make<crdt::DocumentId>(), "contact", 3,
                                random_.Make<log::SpaceId>()};
  EXPECT_EQ(*DecodeStoredDocument(EncodeStoredDocument(document)), document);
  const LastChange last{random_.Make<log::EntryId>(), 77};
  EXPECT_EQ(*DecodeLastChange(EncodeLastChange(last)), last);
  EXPECT_EQ(DecodeLastChange({}).error().code, Code::kCorruption);
  const DocumentFile file{
      Bytes{0, 1, 0xff}, {{random_.Make<crdt::ChangeId>(), "malformed"}}, {7, 70}};
  EXPECT_EQ(*DecodeDocumentFile(EncodeDocumentFile(file)), file);
  EXPECT_EQ(DecodeDocumentFile(Bytes(5, 0xff)).error().code, Code::kCorruption);
  const std::map<std::string, std::uint64_t> counts{{"contact", 1'000'000}, {"note", 1}};
  EXPECT_EQ(*DecodeDocumentCounts(EncodeDocumentCounts(counts)), counts);
  Bytes twice = EncodeDocumentCounts({{"note", 1}});
  twice.insert(twice.end(), twice.begin(), twice.end());
  EXPECT_EQ(DecodeDocumentCounts(twice).error().code, Code::kCorruption);
}

}  // namespace
}  // namespace geflecht::codec
