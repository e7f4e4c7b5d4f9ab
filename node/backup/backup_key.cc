#include "node/backup/backup_key.h"

#include "node/crypto/base64.h"
#include "node/crypto/kdf.h"
#include "node/log/lines.h"

namespace geflecht::backup {
namespace {

constexpr std::string_view kKeyFormat = "geflecht-backup-key@v1";
constexpr std::string_view kSecretPurpose = "geflecht-backup@v1";
constexpr std::size_t kKeyTextBytesMax = 1024;

std::string KeyClaims(const BackupKey& key) {
  return std::string(kKeyFormat) + "\nroot " + key.root.Hex() + "\nkey " + key.key.Hex() + "\n";
}

}  // namespace

crypto::SecretBytes BackupSecret(const crypto::SecretBytes& root_seed) {
  return crypto::DeriveKey(root_seed, kSecretPurpose);
}

BackupKey MakeBackupKey(const crypto::SecretBytes& root_seed) {
  const crypto::SigningKey root = crypto::SigningKey::FromSeed(root_seed);
  BackupKey key{root.public_key(), crypto::BoxKeyOf(BackupSecret(root_seed)), {}};
  key.signature = root.Sign(kKeyFormat, AsBytes(KeyClaims(key)));
  return key;
}

std::string RenderBackupKey(const BackupKey& key) {
  return KeyClaims(key) + "signature " + crypto::ToBase64(key.signature.view()) + "\n";
}

Result<BackupKey> ParseBackupKey(std::string_view text, const crypto::PublicKey& root) {
  if (text.size() > kKeyTextBytesMax) return Fail(Code::kTooLarge, "a backup key is short");
  log::LineReader lines(text);
  BackupKey key;
  TRY(lines.Literal(kKeyFormat));
  ASSIGN(key.root, lines.Hex<crypto::PublicKey>("root"));
  ASSIGN(key.key, lines.Hex<crypto::BoxKey>("key"));
  ASSIGN(key.signature, log::ReadSignature(lines, "signature"));
  TRY(lines.End());
  if (key.root != root)
    return Fail(Code::kVerification, "the backup key is another organisation's");
  if (!crypto::Verify(root, kKeyFormat, AsBytes(KeyClaims(key)), key.signature))
    return Fail(Code::kVerification, "the signature of the backup key does not hold");
  return key;
}

}  // namespace geflecht::backup
