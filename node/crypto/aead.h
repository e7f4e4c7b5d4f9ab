// XChaCha20-Poly1305 (draft-irtf-cfrg-xchacha-03; RFC 8439 for the cipher) with random 24-byte
// nonces.
#pragma once

#include "base/result.h"
#include "node/crypto/secret.h"

namespace geflecht::crypto {

inline constexpr std::size_t kAeadKeyBytes = 32;
inline constexpr std::size_t kAeadNonceBytes = 24;
inline constexpr std::size_t kAeadOverheadBytes = kAeadNonceBytes + 16;  // in front, tag behind

// nonce || ciphertext || tag. `key` holds 32 bytes.
Bytes Seal(const SecretBytes& key, ByteView associated, ByteView plaintext, Random& random);

// The same with a nonce of kAeadNonceBytes that the caller has drawn at random for this call alone.
Bytes SealWithNonce(const SecretBytes& key, ByteView nonce, ByteView associated,
                    ByteView plaintext);

// The plaintext, or kVerification if key, associated data or a single bit differ.
Result<Bytes> Open(const SecretBytes& key, ByteView associated, ByteView sealed);
Result<SecretBytes> OpenSecret(const SecretBytes& key, ByteView associated, ByteView sealed);

}  // namespace geflecht::crypto
