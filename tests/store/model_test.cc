// Random changes, compared with a std::map.
#include <limits>
#include <map>

#include "tests/store/places.h"

namespace geflecht::store {
namespace {

using Model = std::map<Key, Bytes>;

Key RandomKey(Random& random) {
  static const std::vector<std::string> kGroups = {"", "a", "aa", std::string(1, '\0'),
                                                   std::string(8, '\xff')};
  static constexpr std::uint64_t kOrders[] = {
      0, 1, 255, 256, 1ull << 32, std::numeric_limits<std::uint64_t>::max()};
  return {static_cast<Table>(random.Below(kTables)), ToBytes(kGroups[random.Below(kGroups.size())]),
          kOrders[random.Below(std::size(kOrders))]};
}

Batch RandomBatch(Random& random, Model& model) {
  Batch batch(random.Below(9));
  for (Change& change : batch) {
    change.key = RandomKey(random);
    if (random.Below(3) == 0) {
      model.erase(change.key);
      continue;
    }
    change.value = Bytes(random.Below(random.Below(50) == 0 ? 20'000 : 40));
    random.Fill(*change.value);
    model[change.key] = *change.value;
  }
  return batch;
}

// What the model says about the records of a group from `key.order` on.
std::vector<std::pair<std::uint64_t, Bytes>> Expected(const Model& model, const Key& key) {
  std::vector<std::pair<std::uint64_t, Bytes>> out;
  for (auto it = model.lower_bound(key);
       it != model.end() && it->first.table == key.table && it->first.group == key.group; ++it) {
    out.emplace_back(it->first.order, it->second);
  }
  return out;
}

void Compare(const Store& store, const Model& model, const Key& key) {
  const std::optional<Bytes> value = Must(store.Get(key));
  const auto found = model.find(key);
  ASSERT_EQ(value.has_value(), found != model.end());
  if (value) {
    ASSERT_EQ(*value, found->second);
  }

  std::vector<std::pair<std::uint64_t, Bytes>> scanned;
  Must(store.Scan(key.table, key.group, key.order, [&](const Record& record) {
    scanned.emplace_back(record.order, record.value);
    return true;
  }));
  ASSERT_EQ(scanned, Expected(model, key));

  const auto group = Expected(model, {key.table, key.group, 0});
  const std::optional<Record> last = Must(store.Last(key.table, key.group));
  ASSERT_EQ(last.has_value(), !group.empty());
  if (last) {
    ASSERT_EQ(std::pair(last->order, last->value), group.back());
  }
}

class StoreModel : public testing::TestWithParam<std::string> {};
INSTANTIATE_TEST_SUITE_P(Kinds, StoreModel, testing::ValuesIn(PlaceKinds()),
                         [](const auto& kind) { return kind.param; });

TEST_P(StoreModel, BehavesLikeAMap) {
  SeededRandom random(TestSeed());
  const std::unique_ptr<Place> place = MakePlace(GetParam());
  std::unique_ptr<Store> store = Must(place->Open());
  Model model;
  for (int step = 0; step < 2000; ++step) {
    const Durability durability =
        random.Below(50) == 0 ? Durability::kSynced : Durability::kGrouped;
    Must(store->Write(RandomBatch(random, model), durability));
    Compare(*store, model, RandomKey(random));
    if (testing::Test::HasFatalFailure()) FAIL() << "step " << step;
    if (random.Below(200) == 0) {
      const Key key = RandomKey(random);
      Must(store->Expunge(key.table, {key.group}));
    }
    if (random.Below(200) == 0) {
      store.reset();
      store = Must(place->Open());
    }
  }
}

}  // namespace
}  // namespace geflecht::store
