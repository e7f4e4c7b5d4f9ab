#include "node/runtime/repair.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <system_error>
#include <utility>

#include "node/core/holding.h"
#include "node/replica/records.h"
#include "node/replica/salvage.h"
#include "node/runtime/store_builder.h"
#include "node/store/errno_error.h"
#include "node/store/files.h"
#include "node/store/rocks/rocks_store.h"
#include "node/store/sealed_store.h"

namespace geflecht::runtime {
namespace {

namespace fs = std::filesystem;

// A folder that is not there before and not there afterwards.
class Scratch {
 public:
  explicit Scratch(fs::path path) : path_(std::move(path)) { Remove(); }
  ~Scratch() { Remove(); }
  Scratch(const Scratch&) = delete;
  Scratch& operator=(const Scratch&) = delete;
  const fs::path& path() const { return path_; }

 private:
  void Remove() {
    std::error_code ignored;
    fs::remove_all(path_, ignored);
  }
  fs::path path_;
};

// What is left of the store, or nothing if none of it can be read. `copy` is used if the catalogue
// itself is damaged.
std::unique_ptr<store::Store> OpenRemains(const Paths& paths, const Scratch& copy,
                                          const crypto::SecretBytes& storage_key, Random& random) {
  auto damaged = store::OpenDamagedRocksStore(paths.store());
  if (!damaged) {
    std::error_code failure;
    fs::copy(paths.store(), copy.path(), failure);
    if (failure || !store::RebuildCatalogue(copy.path())) return nullptr;
    damaged = store::OpenDamagedRocksStore(copy.path());
  }
  if (!damaged) return nullptr;
  return store::MakeSealedStoreUnchecked(*std::move(damaged), storage_key, random);
}

std::optional<log::Founding> ReadFounding(const store::Store& remains) {
  const auto text = remains.Get(replica::MetaKey("founding"));
  if (!text || !*text) return std::nullopt;
  auto founding = log::ParseFounding(AsText(**text));
  if (!founding) return std::nullopt;
  return *std::move(founding);
}

Result<log::Founding> ChooseFounding(const store::Store* remains,
                                     const std::optional<log::Founding>& given) {
  std::optional<log::Founding> found;
  if (remains != nullptr) found = ReadFounding(*remains);
  if (found && given && found->network() != given->network())
    return Fail(Code::kConflict, "the founding file is that of another network",
                "hint.founding-of-other-network");
  if (given) return *given;
  if (found) return *found;
  return Fail(Code::kIncomplete, "the founding cannot be read from the damaged store",
              "hint.founding-needed");
}

Result<replica::Salvaged> Build(store::Store& store, const store::Store* remains,
                                const DeviceKeys& keys, const log::Founding& founding, Time now,
                                Random& random) {
  ASSIGN(const auto builder, StoreBuilder::Begin(store, keys, founding, now, random));
  replica::Salvaged salvaged;
  if (remains != nullptr) {
    ASSIGN(salvaged, replica::Salvage(*remains, builder->replica(), now, builder->store_batch()));
  }
  // What is lost may be an erasure of what is left.
  TRY(store.Write({{replica::MetaKey("holding"), core::Holding::Restored(now.wall_ms).Encode()}},
                  store::Durability::kSynced));
  return salvaged;
}

Result<void> Rename(const fs::path& from, const fs::path& to) {
  if (std::rename(from.c_str(), to.c_str()) == 0) return {};
  return Fail(store::ErrnoError(errno, "rename of " + from.filename().string()));
}

// Puts `fresh` in the place of `place` and what was there to `aside`; at no time is there nothing,
// where the file system can exchange names.
Result<void> PutInPlace(const fs::path& fresh, const fs::path& place, const fs::path& aside) {
  std::error_code ignored;
  if (!fs::exists(place, ignored)) return Rename(fresh, place);
  if (renameat2(AT_FDCWD, fresh.c_str(), AT_FDCWD, place.c_str(), RENAME_EXCHANGE) == 0)
    return Rename(fresh, aside);
  TRY(Rename(place, aside));
  return Rename(fresh, place);
}

fs::path FreeName(const Paths& paths) {
  std::error_code ignored;
  for (int number = 1;; ++number) {
    fs::path name = paths.root / ("store.damaged-" + std::to_string(number));
    if (!fs::exists(name, ignored)) return name;
  }
}

}  // namespace

Result<Repaired> Repair(const Paths& paths, const crypto::SecretBytes& passphrase,
                        const std::optional<log::Founding>& founding, Time now, Random& random) {
  ASSIGN(const OpenKeys opened, OpenKeyFiles(paths, passphrase));
  const fs::path fresh = paths.root / "store.new";
  std::error_code failure;
  fs::remove_all(fresh, failure);
  if (failure) return Fail(store::ErrnoError(failure.value(), "removal of store.new"));
  replica::Salvaged salvaged;
  {
    const Scratch copy(paths.root / "store.salvage");
    const auto remains = OpenRemains(paths, copy, opened.storage_key, random);
    ASSIGN(const log::Founding chosen, ChooseFounding(remains.get(), founding));
    ASSIGN(auto rocks, store::OpenRocksStore(fresh));
    ASSIGN(const auto sealed, store::MakeSealedStore(std::move(rocks), opened.storage_key, random));
    ASSIGN(salvaged, Build(*sealed, remains.get(), opened.keys, chosen, now, random));
  }
  const fs::path aside = FreeName(paths);
  TRY(PutInPlace(fresh, paths.store(), aside));
  TRY(store::SyncDirectory(paths.root));
  return Repaired{fs::exists(aside, failure) ? aside.filename().string() : std::string(),
                  salvaged.entries, salvaged.lost};
}

}  // namespace geflecht::runtime
