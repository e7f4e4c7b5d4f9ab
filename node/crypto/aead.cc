#include "node/crypto/aead.h"

#include <sodium.h>

#include <array>

#include "base/check.h"

namespace geflecht::crypto {
namespace {

static_assert(kAeadKeyBytes == crypto_aead_xchacha20poly1305_ietf_KEYBYTES);
static_assert(kAeadNonceBytes == crypto_aead_xchacha20poly1305_ietf_NPUBBYTES);
static_assert(kAeadOverheadBytes == kAeadNonceBytes + crypto_aead_xchacha20poly1305_ietf_ABYTES);

// Decrypts into `out`, which holds the size of `sealed` less the overhead.
Result<void> OpenInto(const SecretBytes& key, ByteView associated, ByteView sealed,
                      std::uint8_t* out) {
  const ByteView nonce = sealed.first(kAeadNonceBytes);
  const ByteView cipher = sealed.subspan(kAeadNonceBytes);
  if (crypto_aead_xchacha20poly1305_ietf_decrypt(
          out, nullptr, nullptr, cipher.data(), cipher.size(), associated.data(), associated.size(),
          nonce.data(), key.view().data()) != 0)
    return Fail(Code::kVerification, "sealed data does not open");
  return {};
}

Result<std::size_t> PlainSize(const SecretBytes& key, ByteView sealed) {
  CHECK(key.size() == kAeadKeyBytes);
  if (sealed.size() < kAeadOverheadBytes)
    return Fail(Code::kVerification, "sealed data is too short");
  return sealed.size() - kAeadOverheadBytes;
}

}  // namespace

Bytes Seal(const SecretBytes& key, ByteView associated, ByteView plaintext, Random& random) {
  std::array<std::uint8_t, kAeadNonceBytes> nonce;
  random.Fill(nonce);
  return SealWithNonce(key, nonce, associated, plaintext);
}

Bytes SealWithNonce(const SecretBytes& key, ByteView nonce, ByteView associated,
                    ByteView plaintext) {
  CHECK(key.size() == kAeadKeyBytes && nonce.size() == kAeadNonceBytes);
  Bytes sealed;
  sealed.reserve(plaintext.size() + kAeadOverheadBytes);
  sealed.assign(nonce.begin(), nonce.end());
  sealed.resize(plaintext.size() + kAeadOverheadBytes);
  crypto_aead_xchacha20poly1305_ietf_encrypt(
      sealed.data() + kAeadNonceBytes, nullptr, plaintext.data(), plaintext.size(),
      associated.data(), associated.size(), nullptr, sealed.data(), key.view().data());
  return sealed;
}

Result<Bytes> Open(const SecretBytes& key, ByteView associated, ByteView sealed) {
  ASSIGN(const std::size_t size, PlainSize(key, sealed));
  Bytes plain(size);
  TRY(OpenInto(key, associated, sealed, plain.data()));
  return plain;
}

Result<SecretBytes> OpenSecret(const SecretBytes& key, ByteView associated, ByteView sealed) {
  ASSIGN(const std::size_t size, PlainSize(key, sealed));
  SecretBytes plain(size);
  TRY(OpenInto(key, associated, sealed, plain.mutable_view().data()));
  return plain;
}

}  // namespace geflecht::crypto
