// When the store syncs, and what a failed sync does. This program replaces fdatasync.
#include <sys/syscall.h>
#include <unistd.h>

#include <atomic>
#include <cerrno>

#include "node/store/rocks/rocks_store.h"
#include "tests/store/places.h"

namespace {

std::atomic<int> syncs = 0;
std::atomic<int> failure = 0;  // the errno of every call, if not 0

}  // namespace

extern "C" int fdatasync(int fd) {
  ++syncs;
  if (failure != 0) {
    errno = failure;
    return -1;
  }
  return static_cast<int>(syscall(SYS_fdatasync, fd));
}

namespace geflecht::store {
namespace {

class RocksSync : public testing::Test {
 protected:
  void SetUp() override { store_ = Must(OpenRocksStore(directory_.path() / "store")); }
  void TearDown() override { failure = 0; }
  Result<void> Write(std::uint64_t n, Durability durability) {
    return store_->Write({Put(Table::kLog, "g", n, "value")}, durability);
  }

  TempDirectory directory_;
  std::unique_ptr<Store> store_;
};

TEST_F(RocksSync, SyncedWritesSyncAndGroupedOnesDoNot) {
  int before = syncs;
  Must(Write(1, Durability::kSynced));
  EXPECT_EQ(syncs, before + 1);
  before = syncs;
  for (std::uint64_t n = 2; n < 10; ++n) Must(Write(n, Durability::kGrouped));
  EXPECT_EQ(syncs, before);
  Must(store_->Sync());
  EXPECT_EQ(syncs, before + 1);
  Must(Write(10, Durability::kGrouped));
  Must(store_->Write({}, Durability::kSynced));
  EXPECT_EQ(syncs, before + 2);
}

TEST_F(RocksSync, AFailedSyncIsKIoAndIsNotRepeated) {
  for (const int number : {EIO, ENOSPC}) {
    Must(Write(1, Durability::kSynced));
    failure = number;
    EXPECT_EQ(Write(2, Durability::kSynced).error().code, Code::kIo);
    failure = 0;
    const int before = syncs;
    EXPECT_EQ(Write(3, Durability::kGrouped).error().code, Code::kIo);
    EXPECT_EQ(Write(3, Durability::kSynced).error().code, Code::kIo);
    EXPECT_EQ(store_->Sync().error().code, Code::kIo);
    EXPECT_EQ(store_->Expunge(Table::kLog, {ToBytes("g")}).error().code, Code::kIo);
    EXPECT_EQ(syncs, before);
    EXPECT_EQ(Read(*store_, Table::kLog, "g", 1), "value");
    store_.reset();
    SetUp();
    EXPECT_EQ(Read(*store_, Table::kLog, "g", 1), "value");
  }
}

TEST_F(RocksSync, AFailedSyncOfGroupedWritesIsKIo) {
  Must(Write(1, Durability::kGrouped));
  failure = EIO;
  EXPECT_EQ(store_->Sync().error().code, Code::kIo);
  failure = 0;
  EXPECT_EQ(Write(2, Durability::kSynced).error().code, Code::kIo);
}

}  // namespace
}  // namespace geflecht::store
