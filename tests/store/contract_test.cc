// What every Store promises (node/store/store.h).
#include <atomic>
#include <limits>
#include <thread>

#include "tests/store/places.h"

namespace geflecht::store {
namespace {

using Pairs = std::vector<std::pair<std::uint64_t, std::string>>;
constexpr std::uint64_t kMax = std::numeric_limits<std::uint64_t>::max();

class StoreContract : public testing::TestWithParam<std::string> {
 protected:
  void SetUp() override { Reopen(); }
  void Reopen() {
    store_.reset();
    store_ = Must(place_->Open());
  }
  void Write(const Batch& batch, Durability durability = Durability::kSynced) {
    Must(store_->Write(batch, durability));
  }

  std::unique_ptr<Place> place_ = MakePlace(GetParam());
  std::unique_ptr<Store> store_;
};

INSTANTIATE_TEST_SUITE_P(Kinds, StoreContract, testing::ValuesIn(PlaceKinds()),
                         [](const auto& kind) { return kind.param; });

TEST_P(StoreContract, ReadsItsOwnWritesGroupedOrSynced) {
  EXPECT_EQ(Read(*store_, Table::kLog, "g", 1), std::nullopt);
  Write({Put(Table::kLog, "g", 1, "one")}, Durability::kGrouped);
  EXPECT_EQ(Read(*store_, Table::kLog, "g", 1), "one");
  Write({Put(Table::kLog, "g", 1, "two")}, Durability::kSynced);
  EXPECT_EQ(Read(*store_, Table::kLog, "g", 1), "two");
  Must(store_->Sync());
}

TEST_P(StoreContract, TablesAndGroupsAndOrdersAreApart) {
  Write({Put(Table::kLog, "g", 1, "a"), Put(Table::kBodies, "g", 1, "b"),
         Put(Table::kLog, "h", 1, "c"), Put(Table::kLog, "g", 2, "d")});
  EXPECT_EQ(Read(*store_, Table::kLog, "g", 1), "a");
  EXPECT_EQ(Read(*store_, Table::kBodies, "g", 1), "b");
  EXPECT_EQ(Read(*store_, Table::kLog, "h", 1), "c");
  EXPECT_EQ(ReadAll(*store_, Table::kLog, "g"), (Pairs{{1, "a"}, {2, "d"}}));
  EXPECT_EQ(ReadAll(*store_, Table::kDrafts, "g"), Pairs{});
}

TEST_P(StoreContract, ScansAscendFromTheGivenOrderAndStopOnDemand) {
  Write({Put(Table::kIndex, "g", 256, "c"), Put(Table::kIndex, "g", kMax, "e"),
         Put(Table::kIndex, "g", 0, "a"), Put(Table::kIndex, "g", 255, "b"),
         Put(Table::kIndex, "g", 1ull << 40, "d")});
  EXPECT_EQ(ReadAll(*store_, Table::kIndex, "g"),
            (Pairs{{0, "a"}, {255, "b"}, {256, "c"}, {1ull << 40, "d"}, {kMax, "e"}}));
  EXPECT_EQ(ReadAll(*store_, Table::kIndex, "g", 256),
            (Pairs{{256, "c"}, {1ull << 40, "d"}, {kMax, "e"}}));
  EXPECT_EQ(ReadAll(*store_, Table::kIndex, "g", kMax), (Pairs{{kMax, "e"}}));
  int calls = 0;
  Must(store_->Scan(Table::kIndex, AsBytes("g"), 0, [&](const Record&) { return ++calls < 2; }));
  EXPECT_EQ(calls, 2);
}

TEST_P(StoreContract, AScanMayReadTheStore) {
  Write({Put(Table::kLog, "g", 1, "a"), Put(Table::kLog, "h", 1, "b")});
  std::string seen;
  Must(store_->Scan(Table::kLog, AsBytes("g"), 0, [&](const Record&) {
    seen += *Read(*store_, Table::kLog, "h", 1);
    seen += ReadAll(*store_, Table::kLog, "g").front().second;
    return true;
  }));
  EXPECT_EQ(seen, "ba");
}

TEST_P(StoreContract, LastIsTheGreatestOrderOfTheGroupOnly) {
  EXPECT_FALSE(Must(store_->Last(Table::kLog, AsBytes("g"))));
  Write({Put(Table::kLog, "g", 3, "three"), Put(Table::kLog, "g", 300, "last"),
         Put(Table::kLog, "f", 9, "other"), Put(Table::kLog, "h", 1, "other")});
  const std::optional<Record> last = Must(store_->Last(Table::kLog, AsBytes("g")));
  ASSERT_TRUE(last);
  EXPECT_EQ(last->order, 300u);
  EXPECT_EQ(ToText(last->value), "last");
  EXPECT_FALSE(Must(store_->Last(Table::kLog, AsBytes("gg"))));
  Write({Delete(Table::kLog, "g", 300)});
  EXPECT_EQ(Must(store_->Last(Table::kLog, AsBytes("g")))->order, 3u);
  Write({Put(Table::kLog, "g", kMax, "end")});
  EXPECT_EQ(Must(store_->Last(Table::kLog, AsBytes("g")))->order, kMax);
}

TEST_P(StoreContract, DeletingRemovesOneRecord) {
  Write({Put(Table::kLog, "g", 1, "a"), Put(Table::kLog, "g", 2, "b")});
  Write({Delete(Table::kLog, "g", 1), Delete(Table::kLog, "g", 77)});
  EXPECT_EQ(ReadAll(*store_, Table::kLog, "g"), (Pairs{{2, "b"}}));
  Write({Delete(Table::kLog, "g", 2)});
  EXPECT_EQ(ReadAll(*store_, Table::kLog, "g"), Pairs{});
  EXPECT_FALSE(Must(store_->Last(Table::kLog, AsBytes("g"))));
}

TEST_P(StoreContract, TheLaterChangeOfABatchWins) {
  Write({Put(Table::kLog, "g", 1, "a"), Put(Table::kLog, "g", 1, "b"),
         Put(Table::kLog, "g", 2, "c"), Delete(Table::kLog, "g", 2), Delete(Table::kLog, "g", 3),
         Put(Table::kLog, "g", 3, "d")});
  EXPECT_EQ(ReadAll(*store_, Table::kLog, "g"), (Pairs{{1, "b"}, {3, "d"}}));
}

TEST_P(StoreContract, GroupsThatBeginAlikeAreApart) {
  const std::string zeros(9, '\0');
  const std::vector<std::string> groups = {"",
                                           zeros.substr(0, 1),
                                           zeros,
                                           "a",
                                           "ab",
                                           "abc",
                                           std::string("a\0", 2) + zeros,
                                           std::string(16, '\xff'),
                                           std::string(17, '\xff'),
                                           std::string(300, 'x')};
  for (const std::string& group : groups) {
    Write({Put(Table::kMeta, group, 0, "first of " + group),
           Put(Table::kMeta, group, kMax, "last of " + group)},
          Durability::kGrouped);
  }
  for (const std::string& group : groups) {
    EXPECT_EQ(ReadAll(*store_, Table::kMeta, group),
              (Pairs{{0, "first of " + group}, {kMax, "last of " + group}}));
    EXPECT_EQ(Must(store_->Last(Table::kMeta, AsBytes(group)))->order, kMax);
  }
}

TEST_P(StoreContract, KeepsEmptyAndLargeAndBinaryValues) {
  Bytes large(1 << 20);
  SeededRandom(7).Fill(large);
  const std::string text = ToText(large);
  Write({Put(Table::kBodies, "g", 0, ""), Put(Table::kBodies, "g", 1, text),
         Put(Table::kBodies, "g", 2, std::string(3, '\0'))});
  Reopen();
  EXPECT_EQ(Read(*store_, Table::kBodies, "g", 0), "");
  EXPECT_TRUE(Read(*store_, Table::kBodies, "g", 1) == text);
  EXPECT_EQ(Read(*store_, Table::kBodies, "g", 2), std::string(3, '\0'));
}

TEST_P(StoreContract, HoldsManyGroups) {
  constexpr int kGroups = 5000;
  Batch batch;
  for (int i = 0; i < kGroups; ++i) {
    batch.push_back(Put(Table::kIndex, "group " + std::to_string(i), 5, std::to_string(i)));
  }
  Write(batch);
  Reopen();
  for (int i = 0; i < kGroups; ++i) {
    ASSERT_EQ(ReadAll(*store_, Table::kIndex, "group " + std::to_string(i)),
              (Pairs{{5, std::to_string(i)}}));
  }
}

TEST_P(StoreContract, ReopeningKeepsEverything) {
  Write({Put(Table::kMeta, "g", 1, "meta"), Put(Table::kLog, "g", 1, "log"),
         Put(Table::kBodies, "g", 1, "bodies"), Put(Table::kIndex, "g", 1, "index")});
  Write({Put(Table::kDrafts, "g", 1, "drafts")}, Durability::kGrouped);
  Write({Delete(Table::kIndex, "g", 1)}, Durability::kGrouped);
  for (int round = 0; round < 3; ++round) {
    Reopen();
    EXPECT_EQ(Read(*store_, Table::kMeta, "g", 1), "meta");
    EXPECT_EQ(Read(*store_, Table::kLog, "g", 1), "log");
    EXPECT_EQ(Read(*store_, Table::kBodies, "g", 1), "bodies");
    EXPECT_EQ(Read(*store_, Table::kIndex, "g", 1), std::nullopt);
    EXPECT_EQ(Read(*store_, Table::kDrafts, "g", 1), "drafts");
  }
}

TEST_P(StoreContract, ASealedStoreRefusesAnotherStorageKey) {
  Write({Put(Table::kMeta, "g", 1, "meta")});
  store_.reset();
  const Result<std::unique_ptr<Store>> other = place_->Open(2);
  if (GetParam().starts_with("Sealed")) {
    ASSERT_FALSE(other);
    EXPECT_EQ(other.error().code, Code::kVerification);
    EXPECT_NE(other.error().detail.find("another storage key"), std::string::npos);
    Reopen();
    EXPECT_EQ(Read(*store_, Table::kMeta, "g", 1), "meta");
  } else {
    EXPECT_TRUE(other);
  }
}

TEST_P(StoreContract, AnEmptyBatchIsFine) {
  Write({}, Durability::kGrouped);
  Write({}, Durability::kSynced);
}

TEST_P(StoreContract, ExpungingKeepsWhatWasNotDeleted) {
  Write({Put(Table::kBodies, "g", 1, "a"), Put(Table::kBodies, "g", 2, "b"),
         Put(Table::kBodies, "h", 1, "c"), Put(Table::kLog, "g", 1, "d")});
  Write({Delete(Table::kBodies, "g", 1)});
  Must(store_->Expunge(Table::kBodies, {ToBytes("g"), ToBytes("unknown")}));
  Reopen();
  EXPECT_EQ(ReadAll(*store_, Table::kBodies, "g"), (Pairs{{2, "b"}}));
  EXPECT_EQ(ReadAll(*store_, Table::kBodies, "h"), (Pairs{{1, "c"}}));
  EXPECT_EQ(ReadAll(*store_, Table::kLog, "g"), (Pairs{{1, "d"}}));
}

TEST_P(StoreContract, AReaderOnAnotherThreadSeesWholeBatches) {
  constexpr std::uint64_t kRecords = 8;
  std::atomic<bool> done = false;
  std::atomic<int> scans = 0;
  std::thread reader([&] {
    while (!done) {
      const Pairs seen = ReadAll(*store_, Table::kLog, "g");
      for (const auto& [order, value] : seen) EXPECT_EQ(value, seen.front().second);
      EXPECT_TRUE(seen.empty() || seen.size() == kRecords);
      ++scans;
    }
  });
  for (int round = 0; round < 200 || scans < 20; ++round) {
    Batch batch;
    for (std::uint64_t i = 0; i < kRecords; ++i) {
      batch.push_back(Put(Table::kLog, "g", i, "round " + std::to_string(round)));
    }
    Write(batch, Durability::kGrouped);
  }
  done = true;
  reader.join();
}

}  // namespace
}  // namespace geflecht::store
