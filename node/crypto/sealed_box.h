// Sealing to a public key: whoever seals needs no secret and cannot open again. libsodium's sealed
// boxes (X25519, XSalsa20-Poly1305, an ephemeral key for each box).
#pragma once

#include "base/result.h"
#include "base/strong_id.h"
#include "node/crypto/secret.h"

namespace geflecht::crypto {

using BoxKey = StrongId<struct BoxKeyTag, 32>;  // X25519 public key

inline constexpr std::size_t kBoxSecretBytes = 32;
inline constexpr std::size_t kBoxOverheadBytes = 48;

// The public key of a secret of kBoxSecretBytes.
BoxKey BoxKeyOf(const SecretBytes& secret);

// `plaintext` and kBoxOverheadBytes. kMalformed if `key` is no usable key.
Result<Bytes> SealTo(const BoxKey& key, ByteView plaintext);

// kVerification if the box was sealed to another key, or a single bit differs.
Result<SecretBytes> OpenBox(const SecretBytes& secret, ByteView box);

}  // namespace geflecht::crypto
