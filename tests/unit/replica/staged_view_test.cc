// StagedView against a map: what was put is read back at once, whatever is on the disk.
#include "node/store/staged_view.h"

#include <gtest/gtest.h>

#include <map>
#include <optional>
#include <string>

#include "base/rng.h"

namespace geflecht::store {
namespace {

using Model = std::map<Key, Bytes>;

void Compare(const StagedView& view, const Model& model, const Key& at) {
  const auto found = view.Get(at);
  ASSERT_TRUE(found.has_value());
  ASSERT_EQ(found->has_value(), model.contains(at));
  if (*found) {
    ASSERT_EQ(**found, model.at(at));
  }
  std::map<std::uint64_t, Bytes> expected, seen;
  std::optional<std::uint64_t> greatest, floor;
  for (const auto& [place, value] : model) {
    if (place.group != at.group) continue;
    greatest = place.order;
    if (place.order <= at.order) floor = place.order;
    if (place.order >= at.order) expected[place.order] = value;
  }
  const auto scanned = view.Scan(at.table, at.group, at.order, [&](const Record& record) {
    seen[record.order] = record.value;
    return true;
  });
  ASSERT_TRUE(scanned.has_value());
  ASSERT_EQ(seen, expected);
  const auto last = view.Last(at.table, at.group);
  ASSERT_TRUE(last.has_value());
  ASSERT_EQ(last->has_value(), greatest.has_value());
  if (greatest) {
    ASSERT_EQ((*last)->order, *greatest);
  }
  const auto below = view.Floor(at);
  ASSERT_TRUE(below.has_value());
  ASSERT_EQ(below->has_value(), floor.has_value());
  if (floor) {
    ASSERT_EQ((*below)->order, *floor);
    ASSERT_EQ((*below)->value, model.at({at.table, at.group, *floor}));
  }
}

TEST(StagedView, AgreesWithAModel) {
  for (std::uint64_t seed = 1; seed <= 40; ++seed) {
    SCOPED_TRACE("seed " + std::to_string(seed));
    SeededRandom random(seed);
    const auto base = MakeMemoryStore();
    StagedView view(*base);
    Model model;
    std::map<std::uint64_t, SharedBatch> under_way;
    std::uint64_t ticket = 0;
    const auto key = [&] {
      return Key{Table::kLog, {static_cast<std::uint8_t>(random.Below(2))}, random.Below(6)};
    };
    for (int step = 0; step < 300; ++step) {
      const Key at = key();
      switch (random.Below(7)) {
        case 0:
        case 1: {
          const Bytes value{static_cast<std::uint8_t>(random.Below(256))};
          view.Put(at, value);
          model[at] = value;
          break;
        }
        case 2:
          view.Delete(at);
          model.erase(at);
          break;
        case 3:
          ++ticket;
          under_way[ticket] = view.TakeBatch(ticket);
          break;
        case 4:  // written, and known to be, up to some ticket
          if (!under_way.empty()) {
            const std::uint64_t upto = under_way.begin()->first + random.Below(under_way.size());
            while (!under_way.empty() && under_way.begin()->first <= upto) {
              ASSERT_TRUE(base->Write(*under_way.begin()->second, Durability::kSynced).has_value());
              under_way.erase(under_way.begin());
            }
            view.Persisted(upto);
          }
          break;
        default:
          break;
      }
      Compare(view, model, at);
      if (testing::Test::HasFatalFailure()) return;
    }
  }
}

}  // namespace
}  // namespace geflecht::store
