#include "node/runtime/restore.h"

#include <sys/stat.h>

#include <cerrno>
#include <optional>
#include <system_error>
#include <utility>

#include "node/backup/contents.h"
#include "node/core/holding.h"
#include "node/replica/intake.h"
#include "node/replica/records.h"
#include "node/runtime/store_builder.h"
#include "node/store/errno_error.h"
#include "node/store/files.h"
#include "node/store/rocks/rocks_store.h"
#include "node/store/sealed_store.h"

namespace geflecht::runtime {
namespace {

constexpr std::string_view kMarkText =
    "A restore from a backup did not come to its end here. Repeat: geflecht backup restore FILE\n";

// What a restore puts into a directory; with ".tmp" what is left of writing it.
void RemoveRemains(const Paths& paths) {
  std::error_code ignored;
  // The mark goes last: without it the rest would be nobody's.
  for (const auto& path : {paths.store(), paths.keys(), paths.node_key(), paths.anchor(),
                           paths.backup_key(), paths.restore_mark()}) {
    std::filesystem::path temporary = path;
    temporary += ".tmp";
    std::filesystem::remove_all(temporary, ignored);
    std::filesystem::remove_all(path, ignored);
  }
}

// The directory that a restore works in. Unless it is kept, it is left as it was.
class Target {
 public:
  explicit Target(const Paths& paths) : paths_(paths) {}
  ~Target() {
    if (!lock_ || kept_) return;
    RemoveRemains(paths_);
    std::error_code ignored;
    std::filesystem::remove(LockFile(), ignored);
    if (made_) std::filesystem::remove(paths_.root, ignored);
  }
  Target(const Target&) = delete;
  Target& operator=(const Target&) = delete;

  Result<void> Begin() {
    std::error_code error;
    const bool unfinished = std::filesystem::exists(paths_.restore_mark(), error);
    if (!unfinished && !IsEmpty())
      return Fail(Code::kConflict, paths_.root.string() + " is not empty",
                  "hint.restore-not-empty");
    made_ = !std::filesystem::exists(paths_.root, error);
    TRY(MakeDirectory(paths_.root));
    // Another restore of this moment is not torn down.
    ASSIGN(store::DirectoryLock lock, store::DirectoryLock::Take(paths_.root));
    lock_.emplace(std::move(lock));
    if (unfinished) RemoveRemains(paths_);
    if (::chmod(paths_.root.c_str(), 0700) != 0)
      return Fail(store::ErrnoError(errno, "chmod of the directory"));
    return store::WriteFileAtomically(paths_.restore_mark(), AsBytes(kMarkText), 0600);
  }

  // All is on the disk.
  Result<void> Keep() {
    std::error_code error;
    TRY(store::SyncDirectory(paths_.root));
    std::filesystem::remove(paths_.restore_mark(), error);
    if (error) return Fail(store::ErrnoError(error.value(), "removal of the mark"));
    kept_ = true;
    return store::SyncDirectory(paths_.root);
  }

 private:
  std::filesystem::path LockFile() const { return paths_.root / "lock"; }
  // Nothing there, or no more than the lock of one who went no further.
  bool IsEmpty() const {
    std::error_code error;
    for (const auto& entry : std::filesystem::directory_iterator(paths_.root, error))
      if (entry.path() != LockFile()) return false;
    return !error || error == std::errc::no_such_file_or_directory;
  }

  const Paths& paths_;
  std::optional<store::DirectoryLock> lock_;
  bool made_ = false;
  bool kept_ = false;
};

Result<DeviceKeys> KeysFrom(const backup::Contents& contents, const crypto::SecretBytes& root_seed,
                            bool as_new_device, Random& random) {
  const log::Card& card = contents.card();
  if (as_new_device) {
    const crypto::SigningKey root = crypto::SigningKey::FromSeed(root_seed);
    crypto::SigningKey device = crypto::SigningKey::Generate(random);
    crypto::SigningKey tls = crypto::SigningKey::Generate(random);
    log::Card own = log::SignCard(card.organisation, root, device.public_key(), tls.public_key());
    return DeviceKeys{std::move(device), std::move(tls), random.Make<log::LifeId>(),
                      std::move(own)};
  }
  const auto plain = crypto::OpenBox(backup::BackupSecret(root_seed), contents.device_box());
  if (!plain) return backup::Damaged("the device's keys do not open");
  auto keys = ParseDeviceKeys(plain->view());
  if (!keys) return backup::Damaged("the device's keys: " + keys.error().detail);
  if (keys->card != card) return backup::Damaged("the device's keys are those of another card");
  return keys;
}

// Nothing that is written before may be written again under a new entry's position.
Result<void> EndLife(store::Store& store) {
  return store.Write({{replica::MetaKey("life-ended"), Bytes{1}}}, store::Durability::kSynced);
}

Result<replica::Salvaged> FillStore(store::Store& store, backup::Contents& contents,
                                    const DeviceKeys& keys, const RestoreOptions& options, Time now,
                                    Random& random) {
  if (!contents.founding()) {
    ASSIGN(const auto more, contents.NextItem());
    if (more) return backup::Damaged("an entry without a network");
    return replica::Salvaged{};
  }
  ASSIGN(const auto builder, StoreBuilder::Begin(store, keys, *contents.founding(), now, random));
  replica::Intake intake(builder->replica(), now, builder->store_batch());
  std::optional<log::SpaceId> space;
  const std::uint64_t total = contents.manifest().entries();
  for (;;) {
    ASSIGN(auto next, contents.NextItem());
    if (!next) break;
    if (space != next->space) TRY(intake.EndSpace());
    space = next->space;
    TRY(builder->replica().Hold(*space));
    if (!builder->replica().Knows(*space)) {
      intake.Miss(1);
      continue;
    }
    TRY(intake.Take(*space, std::move(next->item.stored), std::move(next->item.body)));
    options.passed(contents.counts().entries, total);
  }
  TRY(intake.EndSpace());
  return intake.result();
}

Bytes TimeRecord(std::int64_t wall_ms) {
  Bytes record;
  AppendBe64(record, static_cast<std::uint64_t>(wall_ms));
  return record;
}

}  // namespace

Result<Restored> Restore(const Paths& paths, backup::Reader& backup,
                         const crypto::SecretBytes& root_seed,
                         const crypto::SecretBytes& passphrase, const RestoreOptions& options,
                         Time now, Random& random) {
  TRY(backup.Unlock(root_seed));
  ASSIGN(backup::Contents contents, backup::Contents::Read(backup));
  ASSIGN(const DeviceKeys keys, KeysFrom(contents, root_seed, options.as_new_device, random));
  Target target(paths);
  TRY(target.Begin());
  const crypto::SecretBytes storage_key = NewStorageKey(random);
  replica::Salvaged filled;
  {
    ASSIGN(auto rocks, store::OpenRocksStore(paths.store()));
    ASSIGN(const auto sealed, store::MakeSealedStore(std::move(rocks), storage_key, random));
    ASSIGN(filled, FillStore(*sealed, contents, keys, options, now, random));
    constexpr std::int64_t kMs = 1000;
    TRY(sealed->Write({{replica::MetaKey("backup"), TimeRecord(backup.header().time_s * kMs)}},
                      store::Durability::kSynced));
    // Without a network there is nothing in it that anybody could have erased.
    if (contents.founding())
      TRY(sealed->Write(
          {{replica::MetaKey("holding"), core::Holding::Restored(now.wall_ms).Encode()}},
          store::Durability::kSynced));
    if (!options.as_new_device) TRY(EndLife(*sealed));
  }
  const std::string key_text = backup::RenderBackupKey(backup::MakeBackupKey(root_seed));
  TRY(store::WriteFileAtomically(paths.backup_key(), AsBytes(key_text), 0600));
  TRY(WriteKeyFiles(paths, keys, storage_key, passphrase, options.cost, random));
  TRY(target.Keep());
  return Restored{keys.card, contents.manifest().network, filled.entries, filled.lost};
}

}  // namespace geflecht::runtime
