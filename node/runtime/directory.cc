#include "node/runtime/directory.h"

#include <sys/stat.h>

#include <cerrno>
#include <cstring>
#include <system_error>
#include <utility>

#include "node/backup/backup_key.h"
#include "node/crypto/recovery_sheet.h"
#include "node/log/name.h"
#include "node/store/files.h"
#include "node/store/rocks/rocks_store.h"
#include "node/store/sealed_store.h"

namespace geflecht::runtime {
namespace {

constexpr std::size_t kKeyFileBytesMax = 4096;
constexpr std::size_t kKeysBytesMax = 16 * 1024;
constexpr std::size_t kStorageKeyBytes = 32;
constexpr std::size_t kAnchorPathBytesMax = 4096;
constexpr unsigned kSecretMode = 0600;

// The path in DIR/anchor. A directory that lost the file gets the default.
Result<std::filesystem::path> AnchorPath(const Paths& paths, const log::DeviceId& device) {
  if (!std::filesystem::exists(paths.anchor())) return DefaultAnchorPath(device);
  ASSIGN(const Bytes text, store::ReadFile(paths.anchor(), kAnchorPathBytesMax));
  const std::string_view line = AsText(text);
  std::filesystem::path path(line.substr(0, line.find('\n')));
  if (!path.is_absolute())
    return Fail(Code::kUsage, paths.anchor().string() + " does not name an absolute path",
                "hint.anchor-path");
  return path;
}

}  // namespace

Result<void> MakeDirectory(const std::filesystem::path& path) {
  std::error_code error;
  std::filesystem::create_directories(path.parent_path(), error);
  if (::mkdir(path.c_str(), 0700) == 0 || errno == EEXIST)
    return store::SyncDirectory(path.has_parent_path() ? path.parent_path() : ".");
  const int reason = errno;
  const Code code = reason == EACCES || reason == EPERM || reason == EROFS ? Code::kNotPermitted
                    : reason == ENOSPC                                     ? Code::kNoSpace
                                                                           : Code::kIo;
  return Fail(code, "cannot make the directory: " + std::generic_category().message(reason));
}

crypto::SecretBytes NewStorageKey(Random& random) {
  return crypto::SecretBytes::Generate(kStorageKeyBytes, random);
}

Result<void> WriteKeyFiles(const Paths& paths, const DeviceKeys& keys,
                           const crypto::SecretBytes& storage_key,
                           const crypto::SecretBytes& passphrase, crypto::KeyFileCost cost,
                           Random& random) {
  ASSIGN(const Bytes key_file, crypto::WrapStorageKey(storage_key, passphrase, cost, random));
  const std::string anchor = DefaultAnchorPath(keys.card.device).string() + "\n";
  TRY(store::WriteFileAtomically(paths.anchor(), AsBytes(anchor), kSecretMode));
  TRY(store::WriteFileAtomically(paths.node_key(), key_file, kSecretMode));
  return store::WriteFileAtomically(paths.keys(), SealDeviceKeys(keys, storage_key, random),
                                    kSecretMode);
}

Result<void> CheckWhole(const Paths& paths) {
  std::error_code ignored;
  if (!std::filesystem::exists(paths.restore_mark(), ignored)) return {};
  return Fail(Code::kNotInitialised, "a restore broke off in " + paths.root.string(),
              "hint.restore-unfinished");
}

Result<log::Card> InitDevice(const Paths& paths, const std::string& organisation,
                             const crypto::SigningKey& root, const crypto::SecretBytes& passphrase,
                             crypto::KeyFileCost cost, Random& random) {
  const auto name = log::ToName(organisation);
  if (!name) return Fail(Code::kUsage, name.error().detail, "hint.organisation-name");
  TRY(CheckWhole(paths));
  TRY(MakeDirectory(paths.root));
  ASSIGN(const store::DirectoryLock lock, store::DirectoryLock::Take(paths.root));
  // The keys file is written last: a directory without it is not initialised.
  if (std::filesystem::exists(paths.keys()))
    return Fail(Code::kConflict, "the directory holds an organisation already",
                "hint.already-initialised");
  crypto::SigningKey device = crypto::SigningKey::Generate(random);
  crypto::SigningKey tls = crypto::SigningKey::Generate(random);
  log::Card card = log::SignCard(*name, root, device.public_key(), tls.public_key());

  const DeviceKeys keys{std::move(device), std::move(tls), random.Make<log::LifeId>(), card};
  const std::string backup_key =
      backup::RenderBackupKey(backup::MakeBackupKey(crypto::SecretBytes::Copy(root.seed())));
  TRY(store::WriteFileAtomically(paths.backup_key(), AsBytes(backup_key), kSecretMode));
  TRY(WriteKeyFiles(paths, keys, NewStorageKey(random), passphrase, cost, random));
  return card;
}

Result<NewOrganisation> Init(const Paths& paths, const std::string& organisation,
                             const crypto::SecretBytes& passphrase, crypto::KeyFileCost cost,
                             Random& random) {
  const crypto::SecretBytes root_seed = crypto::SecretBytes::Generate(kStorageKeyBytes, random);
  ASSIGN(log::Card card, InitDevice(paths, organisation, crypto::SigningKey::FromSeed(root_seed),
                                    passphrase, cost, random));
  return NewOrganisation{std::move(card), crypto::RecoveryCode(root_seed)};
}

Result<bool> NeedsPassphrase(const Paths& paths) {
  TRY(CheckWhole(paths));
  if (!std::filesystem::exists(paths.keys()))
    return Fail(Code::kNotInitialised, "there is no organisation in " + paths.root.string());
  ASSIGN(const Bytes file, store::ReadFile(paths.node_key(), kKeyFileBytesMax));
  return crypto::KeyFileNeedsPassphrase(file);
}

Result<OpenKeys> OpenKeyFiles(const Paths& paths, const crypto::SecretBytes& passphrase) {
  TRY(CheckWhole(paths));
  if (!std::filesystem::exists(paths.keys()))
    return Fail(Code::kNotInitialised, "there is no organisation in " + paths.root.string());
  ASSIGN(const Bytes key_file, store::ReadFile(paths.node_key(), kKeyFileBytesMax));
  ASSIGN(crypto::SecretBytes storage_key, crypto::UnwrapStorageKey(key_file, passphrase));
  ASSIGN(const Bytes sealed, store::ReadFile(paths.keys(), kKeysBytesMax));
  ASSIGN(DeviceKeys keys, OpenDeviceKeys(sealed, storage_key));
  ASSIGN(std::filesystem::path anchor, AnchorPath(paths, keys.card.device));
  return OpenKeys{std::move(storage_key), std::move(keys), AnchorFile(std::move(anchor))};
}

Result<OpenDirectory> Open(const Paths& paths, const crypto::SecretBytes& passphrase,
                           Random& random) {
  ASSIGN(OpenKeys opened, OpenKeyFiles(paths, passphrase));
  ASSIGN(auto rocks, store::OpenRocksStore(paths.store()));
  ASSIGN(auto sealed_store, store::MakeSealedStore(std::move(rocks), opened.storage_key, random));
  return OpenDirectory{std::move(opened.keys), std::move(sealed_store), std::move(opened.anchor)};
}

}  // namespace geflecht::runtime
