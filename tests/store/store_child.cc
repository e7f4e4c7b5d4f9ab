// A process for tests that kill it: store_child lock|open|write DIRECTORY.
// lock and open say "held" and wait; write says the number of each batch once it is acknowledged.
#include <unistd.h>

#include <cstdio>
#include <string>

#include "node/crypto/system_random.h"
#include "node/store/directory_lock.h"
#include "node/store/rocks/rocks_store.h"
#include "node/store/sealed_store.h"

namespace {

using namespace geflecht;
using namespace geflecht::store;

template <class T>
int Refused(const Result<T>& result) {
  std::printf("%s %s\n", CodeName(result.error().code).data(), result.error().detail.c_str());
  return 1;
}

int Held() {
  std::puts("held");
  std::fflush(stdout);
  for (;;) pause();
}

// Batch n puts n into every table, so that a batch that was torn apart shows.
int WriteUntilKilled(Store& store) {
  const Result<std::optional<Record>> last = store.Last(Table::kMeta, AsBytes("numbers"));
  if (!last) return Refused(last);
  for (std::uint64_t n = *last ? (*last)->order + 1 : 1;; ++n) {
    Batch batch;
    for (std::size_t table = 0; table < kTables; ++table) {
      batch.push_back({{static_cast<Table>(table), ToBytes("numbers"), n},
                       Bytes(1 + n * 37 % 3000, static_cast<std::uint8_t>(n))});
    }
    const Durability durability = n % 3 == 0 ? Durability::kSynced : Durability::kGrouped;
    if (const Result<void> written = store.Write(batch, durability); !written) {
      return Refused(written);
    }
    if (durability == Durability::kSynced) {
      std::printf("%llu\n", static_cast<unsigned long long>(n));
      std::fflush(stdout);
    }
  }
}

int Run(const std::string& task, const std::string& directory) {
  if (task == "lock") {
    const Result<DirectoryLock> lock = DirectoryLock::Take(directory);
    return lock ? Held() : Refused(lock);
  }
  Result<std::unique_ptr<Store>> store = OpenRocksStore(directory);
  if (!store) return Refused(store);
  if (task == "open") return Held();
  crypto::SystemRandom random;
  Result<std::unique_ptr<Store>> sealed =
      MakeSealedStore(*std::move(store), crypto::SecretBytes::Copy(Bytes(32, 1)), random);
  return sealed ? WriteUntilKilled(**sealed) : Refused(sealed);
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 3) return 2;
  return Run(argv[1], argv[2]);
}
