#include "cli/person_key.h"

#include <algorithm>
#include <system_error>
#include <utility>

#include "cli/files.h"
#include "cli/passphrase.h"
#include "cli/terminal.h"
#include "node/crypto/key_file.h"
#include "node/crypto/system_random.h"
#include "node/runtime/directory.h"
#include "node/store/files.h"

namespace geflecht::cli {
namespace {

constexpr std::string_view kEnding = ".key";
constexpr std::size_t kKeyFileBytesMax = 4096;
constexpr unsigned kSecretMode = 0600;

std::filesystem::path FileOf(const Session& session, std::string_view key) {
  return runtime::Paths(session.globals().dir).persons() / std::string(key).append(kEnding);
}

// The options as those of the directory's own passphrase.
Globals PersonGlobals(const Session& session) {
  Globals globals = session.globals();
  globals.passphrase_file.reset();
  if (session.arguments().Has("person-passphrase-file"))
    globals.passphrase_file = session.arguments().Text("person-passphrase-file");
  return globals;
}

Result<crypto::SecretBytes> NewPersonPassphrase(const Session& session) {
  if (session.arguments().Has("no-passphrase")) return crypto::SecretBytes();
  const Globals globals = PersonGlobals(session);
  if (!globals.passphrase_file && !HasTerminal())
    return Fail(Code::kUsage, "neither --person-passphrase-file nor --no-passphrase",
                "hint.person-passphrase");
  return NewPassphrase(globals);
}

}  // namespace

std::vector<std::string> PersonKeysHere(const Session& session) {
  std::vector<std::string> keys;
  std::error_code error;
  for (const auto& item : std::filesystem::directory_iterator(
           runtime::Paths(session.globals().dir).persons(), error)) {
    const std::string name = item.path().filename().string();
    if (!name.ends_with(kEnding)) continue;
    const std::string key = name.substr(0, name.size() - kEnding.size());
    if (crypto::PublicKey::FromHexText(key)) keys.push_back(key);
  }
  std::sort(keys.begin(), keys.end());
  return keys;
}

Result<crypto::SigningKey> MakePersonKey(Session& session) {
  ASSIGN(const crypto::SecretBytes passphrase, NewPersonPassphrase(session));
  crypto::SystemRandom random;
  crypto::SigningKey key = crypto::SigningKey::Generate(random);
  ASSIGN(const Bytes file, crypto::WrapStorageKey(crypto::SecretBytes::Copy(key.seed()), passphrase,
                                                  crypto::KeyFileCost{}, random));
  const std::filesystem::path path = FileOf(session, key.public_key().Hex());
  std::error_code error;
  std::filesystem::create_directories(path.parent_path(), error);
  std::filesystem::permissions(path.parent_path(), std::filesystem::perms::owner_all, error);
  TRY(store::WriteFileAtomically(path, file, kSecretMode));
  return key;
}

void DropPersonKey(const Session& session, const crypto::PublicKey& key) {
  std::error_code ignored;
  std::filesystem::remove(FileOf(session, key.Hex()), ignored);
}

Result<crypto::SigningKey> OpenPersonKey(Session& session, std::string_view key) {
  const std::filesystem::path path = FileOf(session, key);
  std::error_code error;
  if (!std::filesystem::exists(path, error))
    return Fail(Code::kNotFound, "the secret key is not in this directory",
                "hint.person-key-elsewhere");
  ASSIGN(const Bytes file, store::ReadFile(path, kKeyFileBytesMax));
  ASSIGN(const bool needed, crypto::KeyFileNeedsPassphrase(file));
  crypto::SecretBytes passphrase;
  if (needed) {
    const Globals globals = PersonGlobals(session);
    if (!globals.passphrase_file && !HasTerminal())
      return Fail(Code::kWrongPassphrase, "a passphrase is needed and there is no terminal",
                  "hint.person-passphrase-needed");
    ASSIGN(passphrase, Passphrase(globals));
  }
  ASSIGN(const crypto::SecretBytes seed, crypto::UnwrapStorageKey(file, passphrase));
  crypto::SigningKey opened = crypto::SigningKey::FromSeed(seed);
  if (opened.public_key().Hex() != key)
    return Fail(Code::kCorruption, "the key file holds another key");
  return opened;
}

}  // namespace geflecht::cli
