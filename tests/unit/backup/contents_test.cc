// What somebody could put into a backup who has the sheet, or a program with a fault.
#include "node/backup/contents.h"

#include <gtest/gtest.h>

#include <algorithm>

#include "tests/unit/backup/fixture.h"

namespace geflecht::backup {
namespace {

class BackupContents : public testing::Test {
 protected:
  // The first entry of a device that is not the charter.
  static constexpr std::size_t kFirst = 4;

  Result<Counts> Check() const { return Checked(Written(parts_), fixture_seed_); }
  void ExpectRefused(const char* hint) const {
    const auto checked = Check();
    ASSERT_FALSE(checked);
    EXPECT_EQ(checked.error().hint, hint) << checked.error().detail;
  }
  std::size_t LastEntry() const { return parts_.records.size() - 2; }
  codec::StoredEntry EntryAt(std::size_t record) const {
    const ByteView content = parts_.records[record].content;
    return *codec::DecodeStoredEntry(content.subspan(4, ReadBe32(content)));
  }
  ByteView BodyAt(std::size_t record) const {
    const ByteView content = parts_.records[record].content;
    return content.subspan(4 + ReadBe32(content));
  }

  Fixture fixture_;
  Parts parts_ = fixture_.MakeParts();
  const crypto::SecretBytes fixture_seed_ = fixture_.seed();
};

TEST_F(BackupContents, EntriesComeBackAsTheyWereStored) {
  const Bytes bytes = Written(parts_);
  auto reader = Reader::Open(SourceOf(bytes));
  ASSERT_TRUE(reader && reader->Unlock(fixture_seed_));
  auto contents = Contents::Read(*reader);
  ASSERT_TRUE(contents);
  EXPECT_EQ(contents->card(), fixture_.device().Card());
  EXPECT_EQ(contents->founding(), fixture_.device().replica->founding());
  for (std::size_t record = kFirst; record <= LastEntry(); ++record) {
    const auto next = contents->NextItem();
    ASSERT_TRUE(next && *next);
    EXPECT_EQ((*next)->item.stored, EntryAt(record));
    EXPECT_EQ((*next)->item.body.has_value(), !BodyAt(record).empty());
  }
  const auto end = contents->NextItem();
  EXPECT_TRUE(end && !*end);
  EXPECT_EQ(reader->bytes_read(), bytes.size());
}

TEST_F(BackupContents, EntriesOutOfOrderMissingOrTwice) {
  const auto whole = parts_.records;
  std::swap(parts_.records[LastEntry()], parts_.records[LastEntry() - 1]);
  ExpectRefused("hint.backup-damaged");
  parts_.records = whole;
  parts_.records.erase(parts_.records.end() - 2);
  ExpectRefused("hint.backup-damaged");
  parts_.records = whole;
  parts_.records.insert(parts_.records.end() - 1, whole[LastEntry()]);
  ExpectRefused("hint.backup-damaged");
  parts_.records = whole;
  parts_.records.pop_back();
  ExpectRefused("hint.backup-damaged");
  parts_.records = whole;
  parts_.records.push_back(whole.back());
  ExpectRefused("hint.backup-damaged");
}

TEST_F(BackupContents, ABodyOfAnotherEntry) {
  const auto with = [&](std::size_t record, ByteView body) {
    const Bytes stored = codec::EncodeStoredEntry(EntryAt(record));
    return EncodeItem(stored, body);
  };
  const ByteView body = BodyAt(LastEntry() - 1);
  ASSERT_FALSE(body.empty());
  parts_.records[LastEntry()].content = with(LastEntry(), Bytes(body.begin(), body.end()));
  ExpectRefused("hint.backup-not-genuine");
}

TEST_F(BackupContents, SignaturesThatAreMissingOrWrong) {
  const Bytes body(BodyAt(LastEntry()).begin(), BodyAt(LastEntry()).end());
  codec::StoredEntry stored = EntryAt(LastEntry());
  ASSERT_TRUE(stored.entry.signature);
  const auto signature = *stored.entry.signature;
  stored.entry.signature.reset();
  parts_.records[LastEntry()].content = EncodeItem(codec::EncodeStoredEntry(stored), body);
  ExpectRefused("hint.backup-not-genuine");
  stored.entry.signature = signature;
  stored.entry.signature->bytes[3] ^= 1;
  parts_.records[LastEntry()].content = EncodeItem(codec::EncodeStoredEntry(stored), body);
  ExpectRefused("hint.backup-not-genuine");
}

TEST_F(BackupContents, AnEntryWhosePastIsMissing) {
  // Without the one entry of the other device, which a later one has seen; counted as if whole.
  auto manifest = *ParseManifest(AsText(parts_.records[0].content));
  const std::size_t start = kFirst + manifest.spaces[0].entries;
  std::size_t gone = start;
  while (EntryAt(gone).entry.header.device == fixture_.device().key.public_key()) ++gone;
  ASSERT_LT(gone, LastEntry());
  --manifest.spaces[1].entries;
  parts_.records[0].content = ToBytes(RenderManifest(manifest));
  parts_.records.erase(parts_.records.begin() + static_cast<std::ptrdiff_t>(gone));
  Counts counts;
  for (std::size_t record = kFirst; record <= LastEntry(); ++record) {
    codec::StoredEntry stored = EntryAt(record);
    const Bytes body(BodyAt(record).begin(), BodyAt(record).end());
    if (record >= start) stored.arrival = record - start + 1;
    parts_.records[record].content = EncodeItem(codec::EncodeStoredEntry(stored), body);
    ++counts.entries;
    if (!body.empty()) ++counts.bodies;
  }
  parts_.records.back().content = EncodeEnd(counts);
  ExpectRefused("hint.backup-not-genuine");
}

TEST_F(BackupContents, EveryChangedByteOfEveryRecordIsRefusedOrMakesNoDifference) {
  SeededRandom random(5);
  const auto whole_counts = Check();
  ASSERT_TRUE(whole_counts);
  for (std::size_t record = 0; record < parts_.records.size(); ++record) {
    const Bytes whole = parts_.records[record].content;
    for (std::size_t at = 0; at < whole.size(); at += 1 + random.Below(16)) {
      parts_.records[record].content[at] ^= static_cast<std::uint8_t>(1U << random.Below(8));
      const auto checked = Check();
      if (checked) {
        EXPECT_EQ(*checked, *whole_counts) << record << ' ' << at;
      } else {
        EXPECT_FALSE(checked.error().hint.empty()) << checked.error().detail;
      }
      parts_.records[record].content = whole;
    }
  }
}

TEST_F(BackupContents, ManifestsThatSayNothingSensible) {
  const Manifest manifest = *ParseManifest(AsText(parts_.records[0].content));
  EXPECT_EQ(RenderManifest(manifest), AsText(parts_.records[0].content));
  for (const std::string text :
       {"", "geflecht-backup-manifest@v1\n", "geflecht-backup-manifest@v1\nnetwork x\n",
        "geflecht-backup-manifest@v1\nnetwork -\nspace 1 1\n",
        "geflecht-backup-manifest@v1\nnetwork -\nspace 00112233445566778899aabbccddeeff -1\n",
        "geflecht-backup-manifest@v1\nnetwork -\nspace 00112233445566778899aabbccddeeff 1 1\n"})
    EXPECT_EQ(HintOf(ParseManifest(text)), "hint.backup-damaged") << text;
}

}  // namespace
}  // namespace geflecht::backup
