// DIR/keys: the device's secrets under the storage key (docs/formats/key_file.md).
#pragma once

#include <filesystem>

#include "node/crypto/secret.h"
#include "node/log/card.h"

namespace geflecht::runtime {

struct DeviceKeys {
  crypto::SigningKey device;
  crypto::SigningKey tls;
  log::LifeId life;
  log::Card card;
};

// What is sealed: both secrets, the life and the card. kCorruption if it does not hold.
crypto::SecretBytes PlainDeviceKeys(const DeviceKeys& keys);
Result<DeviceKeys> ParseDeviceKeys(ByteView plain);

Bytes SealDeviceKeys(const DeviceKeys& keys, const crypto::SecretBytes& storage_key,
                     Random& random);
// kVerification if the storage key does not open it; kCorruption if what is inside does not hold.
Result<DeviceKeys> OpenDeviceKeys(ByteView file, const crypto::SecretBytes& storage_key);

}  // namespace geflecht::runtime
