#include "node/crypto/sign.h"

#include <sodium.h>

#include "base/check.h"
#include "node/crypto/hash.h"
#include "node/crypto/ssh_string.h"

namespace geflecht::crypto {
namespace {

static_assert(PublicKey::kSize == crypto_sign_PUBLICKEYBYTES);
static_assert(Signature::kSize == crypto_sign_BYTES);

constexpr std::string_view kSshsigMagic = "SSHSIG";

}  // namespace

SigningKey SigningKey::Generate(Random& random) {
  return FromSeed(SecretBytes::Generate(crypto_sign_SEEDBYTES, random));
}

SigningKey SigningKey::FromSeed(const SecretBytes& seed) {
  CHECK(seed.size() == crypto_sign_SEEDBYTES);
  SigningKey key;
  key.secret_ = SecretBytes(crypto_sign_SECRETKEYBYTES);
  crypto_sign_seed_keypair(key.public_key_.bytes.data(), key.secret_.mutable_view().data(),
                           seed.view().data());
  return key;
}

ByteView SigningKey::seed() const { return secret_.view().first(crypto_sign_SEEDBYTES); }

Signature SigningKey::Sign(std::string_view name_space, ByteView message) const {
  CHECK(!secret_.empty());
  const Bytes preimage = SshsigPreimage(name_space, message);
  Signature signature;
  crypto_sign_detached(signature.bytes.data(), nullptr, preimage.data(), preimage.size(),
                       secret_.view().data());
  return signature;
}

Signature SigningKey::SignNote(std::string_view text) const {
  CHECK(!secret_.empty() && !text.starts_with(kSshsigMagic));
  const ByteView bytes = AsBytes(text);
  Signature signature;
  crypto_sign_detached(signature.bytes.data(), nullptr, bytes.data(), bytes.size(),
                       secret_.view().data());
  return signature;
}

bool Verify(const PublicKey& key, std::string_view name_space, ByteView message,
            const Signature& signature) {
  const Bytes preimage = SshsigPreimage(name_space, message);
  return crypto_sign_verify_detached(signature.bytes.data(), preimage.data(), preimage.size(),
                                     key.bytes.data()) == 0;
}

bool VerifyNote(const PublicKey& key, std::string_view text, const Signature& signature) {
  const ByteView bytes = AsBytes(text);
  return crypto_sign_verify_detached(signature.bytes.data(), bytes.data(), bytes.size(),
                                     key.bytes.data()) == 0;
}

bool IsAcceptableKey(const PublicKey& key) {
  return crypto_core_ed25519_is_valid_point(key.bytes.data()) == 1;
}

Bytes SshsigPreimage(std::string_view name_space, ByteView message) {
  Bytes preimage;
  preimage.reserve(128);
  Append(preimage, kSshsigMagic);
  AppendSshString(preimage, AsBytes(name_space));
  AppendSshString(preimage, {});
  AppendSshString(preimage, AsBytes("sha512"));
  AppendSshString(preimage, Sha512(message).view());
  return preimage;
}

}  // namespace geflecht::crypto
