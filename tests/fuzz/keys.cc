// Files with secrets and keys. First byte: 0 a key file, 1 bytes to exclusive-or into a whole key
// file, 2 what lies sealed in the keys file, 3 a recovery sheet, 4 an armoured signature, 5 a
// public key as PEM. No passphrase is tried: Argon2id costs 64 MiB.
#include "base/check.h"
#include "node/crypto/aead.h"
#include "node/crypto/kdf.h"
#include "node/crypto/key_file.h"
#include "node/crypto/recovery_sheet.h"
#include "node/runtime/keys_file.h"
#include "tests/fuzz/input.h"
#include "tests/fuzz/signer.h"
#include "tests/fuzz/targets.h"

namespace geflecht::fuzz {
namespace {

crypto::SecretBytes StorageKey() { return crypto::SecretBytes::Copy(Bytes(32, 7)); }

const Bytes& WholeKeyFile() {
  static const Bytes file = [] {
    SeededRandom random(1);
    auto wrapped = crypto::WrapStorageKey(StorageKey(), {}, {}, random);
    CHECK(wrapped.has_value());
    return *std::move(wrapped);
  }();
  return file;
}

void CheckKeyFile(ByteView file) {
  const auto needs = crypto::KeyFileNeedsPassphrase(file);
  const auto key = crypto::UnwrapStorageKey(file, {});
  if (!needs) CHECK(!key && key.error().code == Code::kMalformed);
  if (needs && *needs) CHECK(!key && key.error().code == Code::kWrongPassphrase);
  if (key) CHECK(key->size() == 32);
}

void CheckDamaged(ByteView mask) {
  Bytes file = WholeKeyFile();
  for (std::size_t i = 0; i < mask.size() && i < file.size(); ++i) file[i] ^= mask[i];
  CheckKeyFile(file);
  CHECK(crypto::UnwrapStorageKey(file, {}).has_value() == (file == WholeKeyFile()));
}

void CheckKeysFile(ByteView plain) {
  SeededRandom random(1);
  const std::string_view purpose = "geflecht-keys@v1";
  const Bytes file =
      crypto::Seal(crypto::DeriveKey(StorageKey(), purpose), AsBytes(purpose), plain, random);
  const auto keys = runtime::OpenDeviceKeys(file, StorageKey());
  if (!keys) return;
  const auto again =
      runtime::OpenDeviceKeys(runtime::SealDeviceKeys(*keys, StorageKey(), random), StorageKey());
  CHECK(again.has_value() && again->card == keys->card && again->life == keys->life);
  CHECK(again->device.public_key() == keys->card.device);
}

void CheckSheet(std::string_view text) {
  const auto code = crypto::ParseRecoveryCode(text);
  const auto sheet = crypto::ParseRecoverySheet(text);
  for (const auto* seed : {&code, &sheet}) {
    if (!*seed) continue;
    const auto again = crypto::ParseRecoveryCode(crypto::RecoveryCode(**seed));
    CHECK(again.has_value() && crypto::ConstantTimeEqual(again->view(), (*seed)->view()));
  }
}

void CheckArmor(std::string_view text) {
  const crypto::PublicKey& key = KnownKey(1).public_key();
  const auto signature = crypto::ParseSshsigArmor(text, key, "geflecht-bundle@v1");
  if (!signature) return;
  const std::string armor = crypto::SshsigArmor(key, "geflecht-bundle@v1", *signature);
  CHECK(*crypto::ParseSshsigArmor(armor, key, "geflecht-bundle@v1") == *signature);
}

void CheckPem(std::string_view text) {
  const auto key = crypto::ParsePublicKeyPem(text);
  if (key) CHECK(*crypto::ParsePublicKeyPem(crypto::PublicKeyPem(*key)) == *key);
}

}  // namespace

void Keys(ByteView input) {
  Input in(input);
  switch (in.Below(6)) {
    case 0:
      return CheckKeyFile(in.Rest());
    case 1:
      return CheckDamaged(in.Rest());
    case 2:
      return CheckKeysFile(in.Rest());
    case 3:
      return CheckSheet(AsText(in.Rest()));
    case 4:
      return CheckArmor(AsText(in.Rest()));
    default:
      return CheckPem(AsText(in.Rest()));
  }
}

}  // namespace geflecht::fuzz
