// What lies in the raw files of a store.
#include <functional>

#include "node/crypto/kdf.h"
#include "node/store/rocks/rocks_store.h"
#include "node/store/sealed_store.h"
#include "tests/store/places.h"
#include "tests/store/raw_files.h"

namespace geflecht::store {
namespace {

constexpr std::string_view kValue = "PLANTED-VALUE-of-a-document";
constexpr std::string_view kGroup = "PLANTED-GROUP-of-an-address";

std::unique_ptr<Store> OpenAt(const TempDirectory& directory, bool sealed, Random& random) {
  std::unique_ptr<Store> store = Must(OpenRocksStore(directory.path()));
  if (!sealed) return store;
  return Must(MakeSealedStore(std::move(store), StorageKey(1), random));
}

// Files that hold the planted value or group name: in the write-ahead log, and after a flush.
std::pair<std::size_t, std::size_t> Leaks(bool sealed) {
  const TempDirectory directory;
  SeededRandom random(1);
  std::size_t values = 0;
  std::size_t groups = 0;
  std::unique_ptr<Store> store = OpenAt(directory, sealed, random);
  for (std::size_t table = 0; table < kTables; ++table) {
    for (std::uint64_t i = 0; i < 50; ++i) {
      Must(store->Write({Put(static_cast<Table>(table), kGroup, i, kValue)}, Durability::kSynced));
    }
  }
  const auto count = [&] {
    values += FilesWith(directory.path(), std::string(kValue)).size();
    groups += FilesWith(directory.path(), std::string(kGroup)).size();
  };
  count();
  for (std::size_t table = 0; table < kTables; ++table) {
    Must(store->Expunge(static_cast<Table>(table), {ToBytes(kGroup)}));
  }
  count();
  store.reset();
  store = OpenAt(directory, sealed, random);
  count();
  EXPECT_EQ(Read(*store, Table::kBodies, kGroup, 3), kValue);
  return {values, groups};
}

TEST(RocksErasure, NoFileOfASealedStoreHoldsPlaintextOrGroupNames) {
  EXPECT_EQ(Leaks(true), (std::pair<std::size_t, std::size_t>{0, 0}));
}

TEST(RocksErasure, TheSearchFindsThemInAnUnsealedStore) {
  const auto [values, groups] = Leaks(false);
  EXPECT_GE(values, 11u);  // the log once, five tables twice
  EXPECT_GE(groups, 11u);
}

// Plants values, deletes and replaces them, expunges. `settle` runs in between.
void ExpectExpunged(const std::function<void(std::unique_ptr<Store>&)>& settle) {
  const TempDirectory directory;
  SeededRandom random(1);
  std::unique_ptr<Store> store = OpenAt(directory, false, random);
  Batch batch;
  for (std::uint64_t i = 0; i < 500; ++i) batch.push_back(Put(Table::kBodies, "g", i, "filler"));
  batch.push_back(Put(Table::kBodies, "g", 600, "VALUE-THAT-IS-DELETED"));
  batch.push_back(Put(Table::kBodies, "g", 601, "VALUE-THAT-IS-REPLACED"));
  batch.push_back(Put(Table::kLog, "g", 1, "VALUE-THAT-STAYS"));
  Must(store->Write(batch, Durability::kSynced));
  settle(store);
  if (!store) store = OpenAt(directory, false, random);
  Must(store->Write({Delete(Table::kBodies, "g", 600), Put(Table::kBodies, "g", 601, "new")},
                    Durability::kSynced));
  EXPECT_FALSE(FilesWith(directory.path(), "VALUE-THAT-IS-DELETED").empty());
  Must(store->Expunge(Table::kBodies, {ToBytes("g")}));
  EXPECT_EQ(FilesWith(directory.path(), "VALUE-THAT-IS-DELETED"), std::vector<std::string>{});
  EXPECT_EQ(FilesWith(directory.path(), "VALUE-THAT-IS-REPLACED"), std::vector<std::string>{});
  EXPECT_FALSE(FilesWith(directory.path(), "VALUE-THAT-STAYS").empty());
  EXPECT_EQ(Read(*store, Table::kBodies, "g", 601), "new");
}

TEST(RocksErasure, ExpungingReachesTheWriteAheadLog) {
  ExpectExpunged([](std::unique_ptr<Store>&) {});
}

TEST(RocksErasure, ExpungingReachesTheFirstLevel) {
  ExpectExpunged([](std::unique_ptr<Store>& store) { store.reset(); });  // opening again flushes
}

TEST(RocksErasure, ExpungingReachesTheLowestLevel) {
  ExpectExpunged(
      [](std::unique_ptr<Store>& store) { Must(store->Expunge(Table::kBodies, {ToBytes("g")})); });
}

TEST(RocksErasure, ARecordMovedToAnotherPlaceDoesNotOpen) {
  const TempDirectory directory;
  SeededRandom random(1);
  {
    const std::unique_ptr<Store> store = OpenAt(directory, true, random);
    Must(store->Write({Put(Table::kLog, "g", 1, "a"), Put(Table::kLog, "g", 2, "b")},
                      Durability::kSynced));
    Must(store->Expunge(Table::kLog, {ToBytes("g")}));
  }
  // Copies the sealed bytes of order 1 to order 2 below the seal.
  std::unique_ptr<Store> inner = Must(OpenRocksStore(directory.path()));
  const Bytes name{static_cast<std::uint8_t>(Table::kLog), 'g'};
  const crypto::SecretBytes name_key = crypto::DeriveKey(StorageKey(1), "geflecht-store-names@v1");
  const crypto::Mac128 hidden = crypto::KeyedName(name_key, name);
  const Bytes group(hidden.bytes.begin(), hidden.bytes.end());
  const std::optional<Bytes> one = Must(inner->Get({Table::kLog, group, 1}));
  ASSERT_TRUE(one);
  Must(inner->Write({{{Table::kLog, group, 2}, *one}}, Durability::kSynced));
  const std::unique_ptr<Store> store =
      Must(MakeSealedStore(std::move(inner), StorageKey(1), random));
  EXPECT_EQ(Read(*store, Table::kLog, "g", 1), "a");
  EXPECT_EQ(store->Get({Table::kLog, ToBytes("g"), 2}).error().code, Code::kCorruption);
  EXPECT_EQ(store->Last(Table::kLog, AsBytes("g")).error().code, Code::kCorruption);
  const auto all = [](const Record&) { return true; };
  EXPECT_EQ(store->Scan(Table::kLog, AsBytes("g"), 0, all).error().code, Code::kCorruption);
}

}  // namespace
}  // namespace geflecht::store
