// The store when the power goes: what is there afterwards is a prefix of the batches and holds all
// that was synced. GEFLECHT_ROUNDS sets the number of rounds.
#include <algorithm>
#include <cstdio>
#include <memory>

#include "node/store/rocks/rocks_store.h"
#include "tests/store/lossy_disk.h"
#include "tests/store/places.h"
#include "tests/store/power_rounds.h"

namespace geflecht::store {
namespace {

constexpr std::uint64_t kDraftsKept = 40;
constexpr int kRoundsOfAStore = 20;
constexpr int kMoreRounds = 200, kRoundsUntilName = 5;

std::size_t SizeOf(std::uint64_t n) {
  return n % 50 == 0 ? 90'000 : 1 + static_cast<std::size_t>(n * 37 % 3000);
}

// Batch n: n into every table, the number of the last batch into one record, a delete.
Batch BatchOf(std::uint64_t n) {
  const std::string value(SizeOf(n), static_cast<char>(n));
  Batch batch;
  for (std::size_t table = 0; table < kTables; ++table)
    batch.push_back(Put(static_cast<Table>(table), "numbers", n, value));
  batch.push_back(Put(Table::kMeta, "last", 0, std::to_string(n)));
  if (n > kDraftsKept) batch.push_back(Delete(Table::kDrafts, "numbers", n - kDraftsKept));
  return batch;
}

// The number of the last batch; fails unless exactly the batches up to it are there.
std::uint64_t LastOf(const Store& store) {
  const auto numbers = ReadAll(store, Table::kMeta, "numbers");
  for (std::size_t i = 0; i < numbers.size(); ++i) {
    EXPECT_EQ(numbers[i].first, i + 1) << "a hole";
    EXPECT_EQ(numbers[i].second.size(), SizeOf(i + 1));
  }
  for (const Table table : {Table::kLog, Table::kBodies, Table::kIndex})
    EXPECT_TRUE(ReadAll(store, table, "numbers") == numbers) << "a batch was torn apart";
  const std::uint64_t last = numbers.size();
  EXPECT_EQ(Read(store, Table::kMeta, "last", 0).value_or("0"), std::to_string(last));
  const auto drafts = ReadAll(store, Table::kDrafts, "numbers");
  EXPECT_EQ(drafts.size(), std::min(last, kDraftsKept)) << "deleted records are back, or too few";
  return last;
}

struct Rounds {
  std::uint64_t written = 0;  // handed to the store, in all
  std::uint64_t synced = 0;
};

// Writes until the power goes; `all` follows what is promised.
void WriteUntilItGoes(Store& store, LossyDisk& disk, SeededRandom& random, Rounds& all) {
  for (std::uint64_t left = 30 + random.Below(300); left > 0 && !disk.gone(); --left) {
    const std::uint64_t n = ++all.written;
    const bool synced = random.Below(5) == 0;
    Must(store.Write(BatchOf(n), synced ? Durability::kSynced : Durability::kGrouped));
    if (synced && !disk.gone()) all.synced = n;
    if (random.Below(40) == 0) {
      Must(store.Sync());
      if (!disk.gone()) all.synced = n;
    }
    if (random.Below(150) == 0) {
      Must(store.Expunge(Table::kDrafts, {ToBytes("numbers")}));
      if (!disk.gone()) all.synced = n;
    }
  }
}

struct Totals {
  std::uint64_t written = 0;
  std::uint64_t lost = 0;  // of those that were not synced
  std::uint64_t bytes_lost = 0;
  std::uint64_t names_lost = 0;
};

void RunRounds(SeededRandom& random, int rounds, Totals& totals) {
  PowerRounds power(random, 1'000);
  Rounds all;
  for (int round = 0; round < rounds && !testing::Test::HasFailure(); ++round) {
    SCOPED_TRACE(round);
    power.Run([&](const std::filesystem::path& root, LossyDisk& disk) {
      const std::unique_ptr<Store> store = Must(OpenRocksStore(root / "store"));
      const std::uint64_t last = LastOf(*store);
      EXPECT_GE(last, all.synced) << "synced batches are gone";
      EXPECT_LE(last, all.written);
      totals.lost += all.written - last;
      all.written = last;
      // Whoever opened the store shows to others what it found there.
      if (!disk.gone()) all.synced = last;
      WriteUntilItGoes(*store, disk, random, all);
    });
  }
  totals.written += all.written;
  totals.bytes_lost += power.bytes_lost();
  totals.names_lost += power.names_lost();
}

TEST(PowerLoss, WhatIsThereIsAPrefixOfTheBatchesAndHoldsAllThatWasSynced) {
  SeededRandom random(TestSeed());
  Totals totals;
  const int rounds = RoundsOr(15);
  // Each round reads all that the store holds: a fresh one after a while.
  for (int left = rounds; left > 0; left -= kRoundsOfAStore)
    RunRounds(random, std::min(left, kRoundsOfAStore), totals);
  // A name is at risk for a few calls only: few rounds may meet none.
  for (int more = 0; more < kMoreRounds && totals.names_lost == 0; more += kRoundsUntilName)
    RunRounds(random, kRoundsUntilName, totals);
  std::printf(
      "%d rounds: %llu batches at the end, %llu batches were not synced and lost; %llu bytes "
      "and %llu names dropped\n",
      rounds, static_cast<unsigned long long>(totals.written),
      static_cast<unsigned long long>(totals.lost),
      static_cast<unsigned long long>(totals.bytes_lost),
      static_cast<unsigned long long>(totals.names_lost));
  EXPECT_GT(totals.bytes_lost, 0u);
  EXPECT_GT(totals.names_lost, 0u);
}

// Opening writes a manifest and points CURRENT to it: at whichever of these calls the power goes,
// whichever of the names survive, the store opens.
TEST(PowerLoss, AStoreThatIsBeingOpenedOpensAgain) {
  constexpr std::uint64_t kCallsOfOpening = 80, kSeeds = 6;
  TempDirectory directory;
  const std::filesystem::path made = directory.path() / "made", root = directory.path() / "root",
                              survivor = directory.path() / "survivor";
  std::filesystem::create_directory(made);
  Must(OpenRocksStore(made / "store"));
  std::uint64_t names_lost = 0;
  for (std::uint64_t calls = 0; calls < kCallsOfOpening && !HasFailure(); ++calls) {
    for (std::uint64_t seed = 0; seed < kSeeds; ++seed) {
      std::filesystem::copy(made, root, std::filesystem::copy_options::recursive);
      {
        LossyDisk disk(root, survivor, seed, calls);
        Must(OpenRocksStore(root / "store"));
        disk.CutPower();
        names_lost += disk.names_lost();
      }
      const auto opened = OpenRocksStore(survivor / "store");
      EXPECT_TRUE(opened.has_value())
          << "call " << calls << ", seed " << seed << ": " << opened.error().detail;
      std::filesystem::remove_all(root);
      std::filesystem::remove_all(survivor);
    }
  }
  EXPECT_GT(names_lost, 0u);
}

}  // namespace
}  // namespace geflecht::store
