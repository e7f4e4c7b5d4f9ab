#include "node/backup/stream.h"

#include <gtest/gtest.h>

#include <algorithm>

#include "tests/unit/backup/fixture.h"

namespace geflecht::backup {
namespace {

class BackupStream : public testing::Test {
 protected:
  Fixture fixture_;
  const Bytes bytes_ = Written(fixture_.MakeParts());
  const crypto::SecretBytes seed_ = fixture_.seed();
};

// Where each sealed chunk begins, with its length in front, and where the end mark stands.
std::vector<std::size_t> ChunksOf(ByteView bytes) {
  std::vector<std::size_t> at = {kHeaderBytes + crypto::StreamStart::kSize};
  while (const std::size_t size = ReadBe32(bytes.subspan(at.back())))
    at.push_back(at.back() + 4 + size);
  return at;
}

// `bytes` with a checksum that fits again, as somebody makes it who changed the file on purpose.
Bytes SummedAgain(Bytes bytes) {
  bytes.resize(bytes.size() - crypto::Hash256::kSize);
  crypto::RunningHash hash;
  hash.Add(bytes);
  Append(bytes, hash.End().view());
  return bytes;
}

TEST_F(BackupStream, WhatWasWrittenIsReadWithAndWithoutTheSheet) {
  const auto counts = Checked(bytes_, seed_);
  ASSERT_TRUE(counts) << counts.error().detail;
  EXPECT_GE(counts->entries, 4u);
  EXPECT_GE(counts->bodies, 4u);
  EXPECT_TRUE(Skimmed(bytes_));
}

TEST_F(BackupStream, NothingOfItCanBeReadInTheFile) {
  for (const std::string text : {"first", "second", "Device", "structure", "geflecht-entry"})
    EXPECT_EQ(AsText(bytes_).find(text), std::string_view::npos) << text;
}

TEST_F(BackupStream, AnotherSheetIsSaidToBeAnother) {
  const auto refused = Checked(bytes_, fixture_.other_seed());
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, Code::kVerification);
  EXPECT_EQ(refused.error().hint, "hint.backup-other-sheet");
}

TEST_F(BackupStream, EveryTruncationIsFound) {
  for (std::size_t size = 0; size < bytes_.size(); ++size) {
    const ByteView cut = ByteView(bytes_).first(size);
    const auto checked = Checked(cut, seed_);
    ASSERT_EQ(HintOf(checked), "hint.backup-cut") << size;
    ASSERT_EQ(checked.error().code, Code::kCorruption) << size;
    ASSERT_EQ(HintOf(Skimmed(cut)), "hint.backup-cut") << size;
  }
}

TEST_F(BackupStream, EveryChangedByteIsFound) {
  SeededRandom random(11);
  Bytes changed = bytes_;
  for (std::size_t at = 0; at < bytes_.size(); ++at) {
    changed[at] ^= static_cast<std::uint8_t>(1 + random.Below(255));
    const auto checked = Checked(changed, seed_);
    ASSERT_FALSE(checked) << at;
    ASSERT_FALSE(checked.error().hint.empty()) << at;
    ASSERT_FALSE(Skimmed(changed)) << at;
    changed[at] = bytes_[at];
  }
}

TEST_F(BackupStream, WhatStandsBehindTheEndIsFound) {
  Bytes longer = bytes_;
  longer.push_back(0);
  EXPECT_EQ(HintOf(Checked(longer, seed_)), "hint.backup-damaged");
  EXPECT_EQ(HintOf(Skimmed(longer)), "hint.backup-damaged");
}

TEST_F(BackupStream, ForeignFilesAndOtherVersionsAreNamed) {
  EXPECT_EQ(HintOf(Skimmed(AsBytes("PK\3\4 something else"))), "hint.backup-foreign");
  EXPECT_EQ(HintOf(Skimmed(Bytes(100'000, 'x'))), "hint.backup-foreign");
  Bytes newer = bytes_;
  newer[std::string_view("geflecht-backup@v").size()] = '2';
  EXPECT_EQ(HintOf(Skimmed(newer)), "hint.backup-version");
  EXPECT_EQ(HintOf(Checked(newer, seed_)), "hint.backup-version");
}

// A holder of the file who does not have the sheet, and makes the checksum fit.
TEST_F(BackupStream, ChunksCannotBeMovedRepeatedLeftOutOrCutOff) {
  Parts parts = fixture_.MakeParts();
  const Record filler{'x', Bytes(kChunkBytes, 7)};  // each fills a chunk
  parts.records.insert(parts.records.begin() + 1, 3, filler);
  const Bytes bytes = Written(parts);
  ASSERT_TRUE(Checked(bytes, seed_)) << "records in lower case are left out";
  const std::vector<std::size_t> at = ChunksOf(bytes);
  ASSERT_GE(at.size(), 5u);
  const auto part = [&](std::size_t from, std::size_t to) {
    return Bytes(bytes.begin() + static_cast<std::ptrdiff_t>(from),
                 bytes.begin() + static_cast<std::ptrdiff_t>(to));
  };
  const auto expect_refused = [&](const std::vector<Bytes>& pieces, const char* what) {
    Bytes changed;
    for (const Bytes& piece : pieces) Append(changed, piece);
    changed = SummedAgain(std::move(changed));
    EXPECT_TRUE(Skimmed(changed)) << what << ": only the sheet can tell";
    const auto checked = Checked(changed, seed_);
    ASSERT_FALSE(checked) << what;
    EXPECT_EQ(checked.error().hint, "hint.backup-damaged") << what;
  };
  const std::size_t end = bytes.size();
  expect_refused({part(0, at[1]), part(at[2], at[3]), part(at[1], at[2]), part(at[3], end)},
                 "moved");
  expect_refused({part(0, at[2]), part(at[1], at[2]), part(at[2], end)}, "repeated");
  expect_refused({part(0, at[1]), part(at[2], end)}, "left out");
  expect_refused({part(0, at[3]), part(at.back(), end)}, "cut off");
  expect_refused({part(0, at.back()), part(at[at.size() - 2], end)}, "behind the last one");
}

TEST_F(BackupStream, AnUnknownRecordThatMatters) {
  Parts parts = fixture_.MakeParts();
  parts.records.insert(parts.records.begin() + 4, Record{'X', ToBytes("new")});
  const auto refused = Checked(Written(parts), seed_);
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, Code::kFormatVersion);
  EXPECT_EQ(refused.error().hint, "hint.backup-version");
}

// Everybody who reads DIR/backup-key can seal to it; only the organisation's devices can sign.
TEST_F(BackupStream, ABackupThatAnotherDeviceMadeUpIsRefused) {
  Parts parts = fixture_.MakeParts();
  SeededRandom random(3);
  const auto stranger = crypto::SigningKey::Generate(random);
  parts.header = *MakeHeader(MakeBackupKey(seed_), parts.stream_key, 0, stranger);
  EXPECT_EQ(HintOf(Checked(Written(parts), seed_)), "hint.backup-damaged");
}

TEST_F(BackupStream, TheBackupKeyIsTheOrganisations) {
  const BackupKey key = MakeBackupKey(seed_);
  const std::string text = RenderBackupKey(key);
  const auto parsed = ParseBackupKey(text, key.root);
  ASSERT_TRUE(parsed);
  EXPECT_EQ(*parsed, key);
  EXPECT_FALSE(ParseBackupKey(text, MakeBackupKey(fixture_.other_seed()).root));
  for (std::size_t at = 0; at < text.size(); ++at) {
    std::string changed = text;
    changed[at] = changed[at] == 'a' ? 'b' : 'a';
    EXPECT_FALSE(ParseBackupKey(changed, key.root)) << at;
    EXPECT_FALSE(ParseBackupKey(text.substr(0, at), key.root)) << at;
  }
}

}  // namespace
}  // namespace geflecht::backup
