// Subkeys and opaque names from one key: keyed BLAKE2b (RFC 7693).
#pragma once

#include <string_view>

#include "base/strong_id.h"
#include "node/crypto/secret.h"

namespace geflecht::crypto {

using Mac128 = StrongId<struct Mac128Tag, 16>;

// 32 bytes from `key` (32 bytes) for `purpose`; different purposes give unrelated keys.
SecretBytes DeriveKey(const SecretBytes& key, std::string_view purpose);

// BLAKE2b-128 of `data` under `key`: a name that tells nothing to whoever lacks the key.
Mac128 KeyedName(const SecretBytes& key, ByteView data);

}  // namespace geflecht::crypto
