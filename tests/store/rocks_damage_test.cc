// Flipped bits and torn ends in the files of a store.
#include "node/store/rocks/rocks_store.h"
#include "tests/store/places.h"
#include "tests/store/raw_files.h"

namespace geflecht::store {
namespace {

namespace fs = std::filesystem;

constexpr std::uint64_t kWrites = 200;
constexpr std::size_t kHeaderBytes = 7;
constexpr std::size_t kBlockBytes = 32 * 1024;

std::string ValueOf(std::uint64_t n) { return std::string(40 + n * 7 % 400, static_cast<char>(n)); }

// A closed store with kWrites synced records that are in the write-ahead log only.
void Fill(const fs::path& directory) {
  const std::unique_ptr<Store> store = Must(OpenRocksStore(directory));
  for (std::uint64_t n = 0; n < kWrites; ++n) {
    Must(store->Write({Put(Table::kLog, "g", n, ValueOf(n))}, Durability::kSynced));
  }
}

// How many of the records 0, 1, ... are there; anything but a prefix with right values fails.
std::size_t PrefixOf(const Store& store) {
  const auto records = ReadAll(store, Table::kLog, "g");
  for (std::size_t i = 0; i < records.size(); ++i) {
    EXPECT_EQ(records[i].first, i) << "a hole";
    EXPECT_TRUE(records[i].second == ValueOf(i)) << "wrong bytes";
  }
  return records.size();
}

// Opens a copy of `pristine` in which `name` holds `bytes`.
Result<std::unique_ptr<Store>> OpenWith(const fs::path& pristine, const fs::path& copy,
                                        const std::string& name, const std::string& bytes) {
  fs::remove_all(copy);
  fs::copy(pristine, copy);
  Spill(copy / name, bytes);
  return OpenRocksStore(copy);
}

std::string Flipped(std::string bytes, std::size_t position, unsigned bit) {
  bytes[position] = static_cast<char>(static_cast<unsigned char>(bytes[position]) ^ 1u << bit);
  return bytes;
}

// The positions of the record headers in a log.
std::vector<std::size_t> Headers(const std::string& log) {
  std::vector<std::size_t> out;
  for (std::size_t at = 0; at + kHeaderBytes <= log.size();) {
    const std::size_t left = kBlockBytes - at % kBlockBytes;
    if (left < kHeaderBytes) {
      at += left;
      continue;
    }
    out.push_back(at);
    const auto byte = [&](std::size_t i) { return static_cast<unsigned char>(log[at + i]); };
    at += kHeaderBytes + byte(4) + byte(5) * 256u;
  }
  return out;
}

class RocksDamage : public testing::Test {
 protected:
  void ExpectRefusedOrLastLost(const std::string& name, const std::string& bytes) {
    const Result<std::unique_ptr<Store>> store = OpenWith(pristine_, copy_, name, bytes);
    if (!store) {
      EXPECT_EQ(store.error().code, Code::kCorruption) << store.error().detail;
      ++refused_;
    } else {
      EXPECT_GE(PrefixOf(**store), kWrites - 1) << "synced writes were lost without a word";
    }
  }

  TempDirectory directory_;
  fs::path pristine_ = directory_.path() / "pristine";
  fs::path copy_ = directory_.path() / "copy";
  int refused_ = 0;
};

TEST_F(RocksDamage, AFlippedBitInTheWriteAheadLogIsRefused) {
  SeededRandom random(TestSeed());
  Fill(pristine_);
  const fs::path log = Largest(pristine_, ".log");
  const std::string bytes = Slurp(log);
  ASSERT_GT(bytes.size(), kBlockBytes);
  for (int i = 0; i < 60; ++i) {
    const std::size_t position = random.Below(bytes.size());
    const unsigned bit = static_cast<unsigned>(random.Below(8));
    SCOPED_TRACE(testing::Message() << "byte " << position << " bit " << bit);
    ExpectRefusedOrLastLost(log.filename(), Flipped(bytes, position, bit));
  }
  EXPECT_GE(refused_, 59);
}

// RocksDB takes a record of a recycled log for the end and drops what follows.
TEST_F(RocksDamage, ARecordThatLooksRecycledIsRefused) {
  Fill(pristine_);
  const fs::path log = Largest(pristine_, ".log");
  const std::string bytes = Slurp(log);
  const std::vector<std::size_t> headers = Headers(bytes);
  for (std::size_t record : {0u, 1u, 20u, 150u}) {
    SCOPED_TRACE(testing::Message() << "record " << record);
    ExpectRefusedOrLastLost(log.filename(), Flipped(bytes, headers[record] + 6, 2));
  }
  EXPECT_EQ(refused_, 4);
}

TEST_F(RocksDamage, AFlippedBitInALengthNearTheEndIsRefused) {
  Fill(pristine_);
  const fs::path log = Largest(pristine_, ".log");
  const std::string bytes = Slurp(log);
  std::vector<std::size_t> headers = Headers(bytes);
  ASSERT_GT(headers.size(), kWrites);
  // In the last block RocksDB alone takes these for a torn write and drops all that follows.
  for (std::size_t back : {1u, 2u, 10u, 25u}) {
    const std::size_t length_at = headers[headers.size() - back] + 4;
    for (unsigned bit = 0; bit < 16; bit += 3) {
      SCOPED_TRACE(testing::Message() << back << " from the end, bit " << bit);
      ExpectRefusedOrLastLost(log.filename(), Flipped(bytes, length_at + bit / 8, bit % 8));
    }
  }
  EXPECT_EQ(refused_, 24);
}

TEST_F(RocksDamage, ZeroedSectorsInTheWriteAheadLogAreRefused) {
  Fill(pristine_);
  const fs::path log = Largest(pristine_, ".log");
  const std::string bytes = Slurp(log);
  const std::vector<std::size_t> headers = Headers(bytes);
  for (const std::size_t record : {std::size_t{20}, headers.size() / 2, headers.size() - 20}) {
    std::string damaged = bytes;
    damaged.replace(headers[record], 512, 512, '\0');
    ExpectRefusedOrLastLost(log.filename(), damaged);
  }
  EXPECT_EQ(refused_, 3);
}

TEST_F(RocksDamage, ATornEndOfTheWriteAheadLogGivesTheWholeRecordsBeforeIt) {
  SeededRandom random(TestSeed());
  Fill(pristine_);
  const fs::path log = Largest(pristine_, ".log");
  const std::string bytes = Slurp(log);
  const std::vector<std::size_t> headers = Headers(bytes);
  std::vector<std::size_t> sizes = {bytes.size() - 1,   headers.back(),
                                    headers.back() + 3, headers.back() + kHeaderBytes,
                                    kBlockBytes,        kBlockBytes + 5};
  for (int i = 0; i < 15; ++i) sizes.push_back(random.Below(bytes.size()));
  for (const std::size_t size : sizes) {
    SCOPED_TRACE(testing::Message() << "cut to " << size << " of " << bytes.size());
    const std::unique_ptr<Store> store =
        Must(OpenWith(pristine_, copy_, log.filename(), bytes.substr(0, size)));
    // Each write is one record, or two around the border of a block.
    std::size_t whole = 0;
    for (std::size_t i = 1; i < headers.size(); ++i) whole += headers[i] <= size ? 1 : 0;
    const std::size_t got = PrefixOf(*store);
    EXPECT_LE(got, whole);
    EXPECT_GE(got + bytes.size() / kBlockBytes + 1, whole);
  }
}

TEST_F(RocksDamage, AFlippedBitInTheManifestIsRefusedOrHarmless) {
  SeededRandom random(TestSeed());
  Fill(pristine_);
  {
    const std::unique_ptr<Store> store = Must(OpenRocksStore(pristine_));
    Must(store->Expunge(Table::kLog, {ToBytes("g")}));  // from the log into a table file
  }
  std::string name = Slurp(pristine_ / "CURRENT");
  name.pop_back();
  const std::string bytes = Slurp(pristine_ / name);
  for (const std::size_t header : Headers(bytes)) {
    for (unsigned bit : {0u, 4u, 8u, 14u}) {
      SCOPED_TRACE(testing::Message() << "length at " << header + 4 << " bit " << bit);
      ExpectRefusedOrLastLost(name, Flipped(bytes, header + 4 + bit / 8, bit % 8));
    }
  }
  for (int i = 0; i < 40; ++i) {
    const std::size_t position = random.Below(bytes.size());
    const unsigned bit = static_cast<unsigned>(random.Below(8));
    SCOPED_TRACE(testing::Message() << "byte " << position << " bit " << bit);
    ExpectRefusedOrLastLost(name, Flipped(bytes, position, bit));
  }
  EXPECT_GT(refused_, 40);
}

TEST_F(RocksDamage, AFlippedBitInATableFileGivesNoWrongBytes) {
  SeededRandom random(TestSeed());
  Fill(pristine_);
  {
    const std::unique_ptr<Store> store = Must(OpenRocksStore(pristine_));
    Must(store->Expunge(Table::kLog, {ToBytes("g")}));
  }
  const fs::path table = Largest(pristine_, ".sst");
  const std::string bytes = Slurp(table);
  for (int i = 0; i < 40; ++i) {
    const std::size_t position = random.Below(bytes.size());
    SCOPED_TRACE(testing::Message() << "byte " << position << " of " << bytes.size());
    const Result<std::unique_ptr<Store>> store =
        OpenWith(pristine_, copy_, table.filename(),
                 Flipped(bytes, position, static_cast<unsigned>(random.Below(8))));
    if (!store) {
      EXPECT_EQ(store.error().code, Code::kCorruption) << store.error().detail;
      ++refused_;
      continue;
    }
    bool damaged = false;
    for (std::uint64_t n = 0; n < kWrites; ++n) {
      const Result<std::optional<Bytes>> value = (*store)->Get({Table::kLog, ToBytes("g"), n});
      if (value) {
        ASSERT_TRUE(*value) << "record " << n << " is missing without an error";
        ASSERT_EQ(ToText(**value), ValueOf(n));
      } else {
        EXPECT_EQ(value.error().code, Code::kCorruption) << value.error().detail;
        damaged = true;
      }
    }
    std::uint64_t next = 0;
    const Result<void> scanned =
        (*store)->Scan(Table::kLog, AsBytes("g"), 0, [&](const Record& record) {
          EXPECT_EQ(record.order, next);
          EXPECT_EQ(ToText(record.value), ValueOf(next++));
          return true;
        });
    if (scanned) {
      EXPECT_EQ(next, kWrites);
    } else {
      EXPECT_EQ(scanned.error().code, Code::kCorruption);
    }
    refused_ += damaged ? 1 : 0;
  }
  EXPECT_GT(refused_, 20) << "most of the file is data";
}

// How many of the records can be read; anything but right values fails.
std::size_t Readable(const Store& store) {
  std::size_t count = 0;
  for (std::uint64_t n = 0; n < kWrites; ++n) {
    const Result<std::optional<Bytes>> value = store.Get({Table::kLog, ToBytes("g"), n});
    if (!value || !*value) continue;
    EXPECT_EQ(ToText(**value), ValueOf(n));
    ++count;
  }
  return count;
}

TEST_F(RocksDamage, FlippedBitsInAnyFileAreRefusedOrHarmless) {
  SeededRandom random(TestSeed());
  Fill(pristine_);
  {
    const std::unique_ptr<Store> store = Must(OpenRocksStore(pristine_));
    Must(store->Expunge(Table::kLog, {ToBytes("g")}));
    Must(store->Write({Put(Table::kLog, "g", kWrites, "in the log")}, Durability::kSynced));
  }
  std::size_t files = 0;
  for (const auto& entry : fs::directory_iterator(pristine_)) {
    const std::string bytes = Slurp(entry.path());
    const std::string name = entry.path().filename();
    ++files;
    for (int i = 0; i < 12 && !bytes.empty(); ++i) {
      const std::size_t position = random.Below(bytes.size());
      const unsigned bit = static_cast<unsigned>(random.Below(8));
      SCOPED_TRACE(testing::Message() << name << " byte " << position << " bit " << bit);
      const auto store = OpenWith(pristine_, copy_, name, Flipped(bytes, position, bit));
      if (!store) continue;
      const Result<void> verified = (*store)->VerifyFiles();
      const std::size_t readable = Readable(**store);
      EXPECT_TRUE(readable == kWrites || !verified) << "lost without a word";
      EXPECT_TRUE(!verified || Read(**store, Table::kLog, "g", kWrites) == "in the log");
    }
  }
  EXPECT_GE(files, 5u) << "tables, log, catalogue, CURRENT, options";
}

TEST_F(RocksDamage, WhatIsIntactCanStillBeReadAndNothingIsChanged) {
  SeededRandom random(TestSeed());
  Fill(pristine_);
  const fs::path log = Largest(pristine_, ".log");
  const std::string bytes = Slurp(log);
  const std::string damaged = Flipped(bytes, bytes.size() / 2, 3);
  ASSERT_FALSE(OpenWith(pristine_, copy_, log.filename(), damaged));
  {
    const std::unique_ptr<Store> store = Must(OpenDamagedRocksStore(copy_));
    EXPECT_GE(Readable(*store), kWrites / 3);
    EXPECT_LT(Readable(*store), kWrites);
    EXPECT_FALSE(store->Write({Put(Table::kLog, "g", 0, "x")}, Durability::kSynced));
  }
  EXPECT_EQ(Slurp(copy_ / log.filename()), damaged);
  EXPECT_FALSE(OpenRocksStore(copy_)) << "looking does not heal";
}

TEST_F(RocksDamage, ADatabaseWithoutItsCatalogueCanBeReadFromACopy) {
  Fill(pristine_);
  std::string manifest = Slurp(pristine_ / "CURRENT");
  manifest.pop_back();
  Spill(pristine_ / manifest, "nothing of it is left");
  ASSERT_FALSE(OpenRocksStore(pristine_));
  ASSERT_FALSE(OpenDamagedRocksStore(pristine_));
  fs::copy(pristine_, copy_);
  Must(RebuildCatalogue(copy_));
  EXPECT_EQ(Readable(*Must(OpenDamagedRocksStore(copy_))), kWrites);
}

}  // namespace
}  // namespace geflecht::store
