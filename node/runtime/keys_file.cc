#include "node/runtime/keys_file.h"

#include <algorithm>
#include <utility>

#include "node/crypto/aead.h"
#include "node/crypto/kdf.h"

namespace geflecht::runtime {
namespace {

constexpr std::string_view kPurpose = "geflecht-keys@v1";
constexpr std::size_t kSeedBytes = 32;
constexpr std::size_t kFixedBytes = 2 * kSeedBytes + log::LifeId::kSize;

}  // namespace

crypto::SecretBytes PlainDeviceKeys(const DeviceKeys& keys) {
  const std::string card = log::RenderCard(keys.card);
  crypto::SecretBytes plain(kFixedBytes + card.size());
  auto out = plain.mutable_view().begin();
  const auto append = [&](ByteView part) { out = std::copy(part.begin(), part.end(), out); };
  append(keys.device.seed());
  append(keys.tls.seed());
  append(keys.life.view());
  append(AsBytes(card));
  return plain;
}

Result<DeviceKeys> ParseDeviceKeys(ByteView view) {
  if (view.size() < kFixedBytes) return Fail(Code::kCorruption, "the keys file is too short");
  ASSIGN(log::Card card, log::ParseCard(AsText(view.subspan(kFixedBytes))));
  DeviceKeys keys{
      crypto::SigningKey::FromSeed(crypto::SecretBytes::Copy(view.first(kSeedBytes))),
      crypto::SigningKey::FromSeed(crypto::SecretBytes::Copy(view.subspan(kSeedBytes, kSeedBytes))),
      *log::LifeId::From(view.subspan(2 * kSeedBytes, log::LifeId::kSize)), std::move(card)};
  if (keys.card.device != keys.device.public_key() || keys.card.tls_key != keys.tls.public_key())
    return Fail(Code::kCorruption, "the card in the keys file belongs to other keys");
  return keys;
}

Bytes SealDeviceKeys(const DeviceKeys& keys, const crypto::SecretBytes& storage_key,
                     Random& random) {
  return crypto::Seal(crypto::DeriveKey(storage_key, kPurpose), AsBytes(kPurpose),
                      PlainDeviceKeys(keys).view(), random);
}

Result<DeviceKeys> OpenDeviceKeys(ByteView file, const crypto::SecretBytes& storage_key) {
  ASSIGN(const crypto::SecretBytes plain,
         crypto::OpenSecret(crypto::DeriveKey(storage_key, kPurpose), AsBytes(kPurpose), file));
  return ParseDeviceKeys(plain.view());
}

}  // namespace geflecht::runtime
