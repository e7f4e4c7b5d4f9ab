#include "node/crypto/sealed_box.h"

#include <sodium.h>

#include "base/check.h"

namespace geflecht::crypto {

static_assert(BoxKey::kSize == crypto_box_PUBLICKEYBYTES);
static_assert(kBoxSecretBytes == crypto_box_SECRETKEYBYTES);
static_assert(kBoxOverheadBytes == crypto_box_SEALBYTES);

BoxKey BoxKeyOf(const SecretBytes& secret) {
  CHECK(secret.size() == kBoxSecretBytes);
  BoxKey key;
  CHECK(crypto_scalarmult_base(key.bytes.data(), secret.view().data()) == 0);
  return key;
}

Result<Bytes> SealTo(const BoxKey& key, ByteView plaintext) {
  Bytes box(plaintext.size() + kBoxOverheadBytes);
  if (crypto_box_seal(box.data(), plaintext.data(), plaintext.size(), key.bytes.data()) != 0)
    return Fail(Code::kMalformed, "nothing can be sealed to this key");
  return box;
}

Result<SecretBytes> OpenBox(const SecretBytes& secret, ByteView box) {
  CHECK(secret.size() == kBoxSecretBytes);
  if (box.size() < kBoxOverheadBytes) return Fail(Code::kVerification, "a box is too short");
  SecretBytes plain(box.size() - kBoxOverheadBytes);
  const BoxKey key = BoxKeyOf(secret);
  if (crypto_box_seal_open(plain.mutable_view().data(), box.data(), box.size(), key.bytes.data(),
                           secret.view().data()) != 0)
    return Fail(Code::kVerification, "a box does not open");
  return plain;
}

}  // namespace geflecht::crypto
