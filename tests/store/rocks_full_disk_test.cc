// A disk that is full: a small tmpfs, which needs the right to mount.
#include <sys/mount.h>
#include <unistd.h>

#include <fstream>

#include "node/store/rocks/rocks_options.h"
#include "node/store/rocks/rocks_store.h"
#include "tests/store/places.h"
#include "tests/store/raw_files.h"

namespace geflecht::store {
namespace {

class SmallDisk {
 public:
  explicit SmallDisk(const char* size = "size=24m")
      : mounted_(mount("tmpfs", directory_.path().c_str(), "tmpfs", 0, size) == 0) {}
  ~SmallDisk() {
    if (mounted_) umount2(directory_.path().c_str(), MNT_DETACH);
  }
  SmallDisk(const SmallDisk&) = delete;
  SmallDisk& operator=(const SmallDisk&) = delete;
  bool mounted() const { return mounted_; }
  const std::filesystem::path& path() const { return directory_.path(); }

 private:
  TempDirectory directory_;
  bool mounted_;
};

// Batch n puts n into two tables.
Result<void> WriteNumber(Store& store, std::uint64_t n) {
  const std::string value(2000, static_cast<char>(n));
  return store.Write({Put(Table::kLog, "g", n, value), Put(Table::kBodies, "g", n, value)},
                     Durability::kSynced);
}

// Writes number `n` as soon as the store takes it.
void WriteAgain(Store& store, std::uint64_t n) {
  Result<void> written;
  for (int tries = 0; tries < 300 && !(written = WriteNumber(store, n)); ++tries) {
    EXPECT_EQ(written.error().code, Code::kNoSpace) << written.error().detail;
    usleep(100'000);
  }
  ASSERT_TRUE(written) << written.error().detail;
}

void ExpectNumbersBelow(const Store& store, std::uint64_t end) {
  const auto log = ReadAll(store, Table::kLog, "g");
  EXPECT_EQ(log.size(), end);
  EXPECT_TRUE(log == ReadAll(store, Table::kBodies, "g")) << "a batch was written in part";
}

TEST(RocksFullDisk, StaysReadableAndWritesAgainWhenThereIsSpace) {
  const SmallDisk disk;
  if (!disk.mounted()) GTEST_SKIP() << "mounting a tmpfs is not permitted here";
  const std::filesystem::path ballast = disk.path() / "ballast";
  Spill(ballast, std::string(12 << 20, 'b'));
  std::uint64_t n = 0;
  {
    const std::unique_ptr<Store> store = Must(OpenRocksStore(disk.path() / "store"));
    Result<void> written;
    while ((written = WriteNumber(*store, n))) ASSERT_LT(++n, 10'000u);
    EXPECT_EQ(written.error().code, Code::kNoSpace) << written.error().detail;
    ExpectNumbersBelow(*store, n);
    EXPECT_EQ(WriteNumber(*store, n).error().code, Code::kNoSpace);
    ExpectNumbersBelow(*store, n);

    std::filesystem::remove(ballast);
    WriteAgain(*store, n);
    ExpectNumbersBelow(*store, ++n);
  }
  ExpectNumbersBelow(*Must(OpenRocksStore(disk.path() / "store")), n);
}

TEST(RocksFullDisk, OpeningAfterAFullDiskKeepsWhatWasAcknowledged) {
  const SmallDisk disk;
  if (!disk.mounted()) GTEST_SKIP() << "mounting a tmpfs is not permitted here";
  const std::filesystem::path ballast = disk.path() / "ballast";
  Spill(ballast, std::string(12 << 20, 'b'));
  std::uint64_t n = 0;
  {
    const std::unique_ptr<Store> store = Must(OpenRocksStore(disk.path() / "store"));
    while (WriteNumber(*store, n)) ASSERT_LT(++n, 10'000u);
  }
  std::filesystem::remove(ballast);
  const std::unique_ptr<Store> store = Must(OpenRocksStore(disk.path() / "store"));
  ExpectNumbersBelow(*store, n);
  Must(WriteNumber(*store, n));
  ExpectNumbersBelow(*store, n + 1);
}

void FillUp(const std::filesystem::path& ballast) {
  const std::string bytes(std::filesystem::space(ballast.parent_path()).available, 'b');
  std::ofstream(ballast, std::ios::app | std::ios::binary) << bytes;
}

// With nothing in memory when the space ends, as after a rewriting of the files.
TEST(RocksFullDisk, WritesAgainIfNothingWasInMemory) {
  const SmallDisk disk;
  if (!disk.mounted()) GTEST_SKIP() << "mounting a tmpfs is not permitted here";
  const std::filesystem::path ballast = disk.path() / "ballast";
  std::unique_ptr<Store> store = Must(OpenRocksStore(disk.path() / "store"));
  std::uint64_t n = 0;
  for (const bool anew : {false, true}) {
    Must(WriteNumber(*store, n++));
    Must(store->Expunge(Table::kLog, {}));
    if (anew) {
      store.reset();
      store = Must(OpenRocksStore(disk.path() / "store"));
    }
    FillUp(ballast);
    Result<void> written;
    while ((written = WriteNumber(*store, n))) ASSERT_LT(++n, 10'000u);
    EXPECT_EQ(written.error().code, Code::kNoSpace) << written.error().detail;
    std::filesystem::remove(ballast);
    WriteAgain(*store, n);
    ExpectNumbersBelow(*store, ++n);
  }
}

// The space ends while the log has room left, and a new log begins for all tables at once.
TEST(RocksFullDisk, WritesAgainIfAllWasFlushedInFrontOfTheWrite) {
  const SmallDisk disk("size=160m");
  if (!disk.mounted()) GTEST_SKIP() << "mounting a tmpfs is not permitted here";
  const std::filesystem::path ballast = disk.path() / "ballast";
  const std::unique_ptr<Store> store = Must(OpenRocksStore(disk.path() / "store"));
  const std::string value(3000, 'v');
  Batch batch;
  for (std::size_t table = 0; table < kTables; ++table)
    batch.push_back(Put(static_cast<Table>(table), "other", 0, value));
  const std::size_t size = kTables * value.size(), full_from = kLogBytesMax * 9 / 10;
  Result<void> written;
  for (std::size_t bytes = 0; bytes < kLogBytesMax * 2 && written; bytes += size) {
    if (bytes > full_from) FillUp(ballast);
    for (Change& change : batch) ++change.key.order;
    written = store->Write(batch, Durability::kSynced);
  }
  ASSERT_FALSE(written);
  EXPECT_EQ(written.error().code, Code::kNoSpace) << written.error().detail;
  std::filesystem::remove(ballast);
  WriteAgain(*store, 0);
  ExpectNumbersBelow(*store, 1);
}

}  // namespace
}  // namespace geflecht::store
