// Ed25519 (RFC 8032) over the SSHSIG pre-image (OpenSSH, PROTOCOL.sshsig), so that one 64-byte
// signature verifies with libsodium, `openssl pkeyutl -rawin` and `ssh-keygen -Y verify`.
#pragma once

#include <string>
#include <string_view>

#include "base/result.h"
#include "base/strong_id.h"
#include "node/crypto/secret.h"

namespace geflecht::crypto {

using PublicKey = StrongId<struct PublicKeyTag, 32>;  // raw Ed25519 public key
using Signature = StrongId<struct SignatureTag, 64>;

// Move-only. Holds the secret in SecretBytes.
class SigningKey {
 public:
  static SigningKey Generate(Random& random);
  static SigningKey FromSeed(const SecretBytes& seed);  // `seed` holds 32 bytes

  const PublicKey& public_key() const { return public_key_; }
  // The 32-byte seed, for storage under another key.
  ByteView seed() const;

  // Signs the SSHSIG pre-image of `message` in `name_space` with hash sha512. Deterministic.
  Signature Sign(std::string_view name_space, ByteView message) const;

  // Signs `text` as it stands, which is how signed notes are signed (C2SP signed-note, type 0x01).
  // It does not begin with "SSHSIG" (CHECKed), so it is the pre-image of no other signature.
  Signature SignNote(std::string_view text) const;

 private:
  SigningKey() = default;
  SecretBytes secret_;  // libsodium's 64 bytes: seed, public key
  PublicKey public_key_;
};

// True if `signature` is a signature of `key` over the SSHSIG pre-image of `message`. Rejects
// non-canonical signatures and keys of small order, as libsodium does.
bool Verify(const PublicKey& key, std::string_view name_space, ByteView message,
            const Signature& signature);
// The same for SignNote.
bool VerifyNote(const PublicKey& key, std::string_view text, const Signature& signature);

// A key may enter the network only if it is canonical and of the prime order. Checked once, at
// admission.
bool IsAcceptableKey(const PublicKey& key);

// "SSHSIG" || string(name_space) || string("") || string("sha512") || string(SHA-512(message)).
Bytes SshsigPreimage(std::string_view name_space, ByteView message);

// The forms that foreign tools read: an armoured SSH signature, a SubjectPublicKeyInfo PEM
// (RFC 8410), an OpenSSH public key ("ssh-ed25519 AAAA...", without comment).
std::string SshsigArmor(const PublicKey& key, std::string_view name_space,
                        const Signature& signature);
// The signature in an armoured SSHSIG of hash sha512, if it names `key` and `name_space`.
Result<Signature> ParseSshsigArmor(std::string_view armor, const PublicKey& key,
                                   std::string_view name_space);
std::string PublicKeyPem(const PublicKey& key);
Result<PublicKey> ParsePublicKeyPem(std::string_view pem);
std::string OpenSshPublicKey(const PublicKey& key);

}  // namespace geflecht::crypto
