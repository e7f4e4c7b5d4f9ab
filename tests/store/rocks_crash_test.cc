// kill -9 while writing.
#include <unistd.h>

#include "node/store/rocks/rocks_store.h"
#include "node/store/sealed_store.h"
#include "tests/store/child.h"
#include "tests/store/places.h"

namespace geflecht::store {
namespace {

TEST(RocksCrash, NothingAcknowledgedIsLostAndNoBatchIsTornByKill) {
  SeededRandom random(TestSeed());
  const TempDirectory directory(/*on_disk=*/true);
  const std::filesystem::path path = directory.path() / "store";
  std::uint64_t acknowledged = 0;
  for (int round = 0; round < 20; ++round) {
    Child writer("write", path);
    // In some rounds the store is still being created or recovered when the process dies.
    if (round % 5 == 4) usleep(static_cast<useconds_t>(random.Below(20'000)));
    for (std::uint64_t lines = round % 5 == 4 ? 0 : 1 + random.Below(60); lines > 0; --lines) {
      const std::optional<std::string> line = writer.Line();
      ASSERT_TRUE(line);
      acknowledged = std::stoull(*line);
    }
    writer.Kill();
    while (const std::optional<std::string> line = writer.Line()) acknowledged = std::stoull(*line);

    const std::unique_ptr<Store> store =
        Must(MakeSealedStore(Must(OpenRocksStore(path)), StorageKey(1), random));
    const auto numbers = ReadAll(*store, Table::kMeta, "numbers");
    ASSERT_GE(numbers.size(), acknowledged) << "round " << round;
    for (std::size_t i = 0; i < numbers.size(); ++i) {
      ASSERT_EQ(numbers[i].first, i + 1) << "a hole";
      ASSERT_EQ(numbers[i].second, std::string(1 + (i + 1) * 37 % 3000, static_cast<char>(i + 1)));
    }
    for (std::size_t table = 1; table < kTables; ++table) {
      ASSERT_TRUE(ReadAll(*store, static_cast<Table>(table), "numbers") == numbers)
          << "a batch was torn apart";
    }
  }
  EXPECT_GT(acknowledged, 0u);
}

}  // namespace
}  // namespace geflecht::store
