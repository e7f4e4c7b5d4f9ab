// DIR/node.key: the storage key, wrapped under a passphrase by Argon2id (RFC 9106), or unwrapped
// for unattended nodes. Format: docs/formats/key_file.md. All of it but the ciphertext is
// associated data.
#pragma once

#include <cstdint>

#include "base/result.h"
#include "node/crypto/secret.h"

namespace geflecht::crypto {

struct KeyFileCost {
  std::uint32_t passes = 3;
  std::uint64_t memory_bytes = std::uint64_t{256} << 20;
};
// Bounds on reading: a file below is a downgrade, one above a way to exhaust the machine.
inline constexpr KeyFileCost kKeyFileCostMin{1, std::uint64_t{64} << 20};
inline constexpr KeyFileCost kKeyFileCostMax{10, std::uint64_t{2} << 30};

// The file's bytes. An empty `passphrase` stores the key as it is: the file mode is then the only
// guard.
Result<Bytes> WrapStorageKey(const SecretBytes& storage_key, const SecretBytes& passphrase,
                             KeyFileCost cost, Random& random);

// True if the file asks for a passphrase; kMalformed if it is no key file or damaged.
Result<bool> KeyFileNeedsPassphrase(ByteView file);

// kWrongPassphrase if it does not open, or if a passphrase is given for a file without one;
// kMalformed if the file is damaged or its parameters are out of bounds (seen before any memory is
// allocated); kTooLarge if the memory is not to be had.
Result<SecretBytes> UnwrapStorageKey(ByteView file, const SecretBytes& passphrase);

}  // namespace geflecht::crypto
