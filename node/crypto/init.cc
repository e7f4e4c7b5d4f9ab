#include "node/crypto/init.h"

#include <sodium.h>

#include "node/crypto/hash.h"
#include "node/crypto/sign.h"

namespace geflecht::crypto {
namespace {

// RFC 8032 section 7.1, test 1.
constexpr std::string_view kSeed =
    "9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60";
constexpr std::string_view kKey =
    "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a";
constexpr std::string_view kSignature =
    "e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e065224901555fb8821590a33bacc61e39701cf9b4"
    "6b"
    "d25bf5f0595bbe24655141438e7a100b";

// kKey plus the point of order 2, (0, -1): libsodium before 1.0.18-1+deb12u1 took it for a point of
// the prime order (CVE-2025-69277).
constexpr std::string_view kMixedOrderKey =
    "16a567fe7d4ef5482ab4012c369bf8c5f11e8d0c2559dcda50fde59708f8aee5";

Result<void> SelfTest() {
  if (sodium_init() < 0) return Fail(Code::kInternal, "libsodium does not start");
  const SigningKey key = SigningKey::FromSeed(SecretBytes::Copy(*FromHex(kSeed)));
  if (key.public_key().Hex() != kKey) return Fail(Code::kInternal, "Ed25519 gives a wrong key");
  const Bytes raw_signature = *FromHex(kSignature);
  if (crypto_sign_verify_detached(raw_signature.data(), nullptr, 0,
                                  key.public_key().bytes.data()) != 0)
    return Fail(Code::kInternal, "Ed25519 refuses a good signature");
  Signature signature = key.Sign("geflecht-self-test@v1", {});
  if (!Verify(key.public_key(), "geflecht-self-test@v1", {}, signature))
    return Fail(Code::kInternal, "Ed25519 refuses its own signature");
  signature.bytes[0] ^= 1;
  if (Verify(key.public_key(), "geflecht-self-test@v1", {}, signature))
    return Fail(Code::kInternal, "Ed25519 accepts a damaged signature");
  if (Sha256(AsBytes("abc")).Hex() !=
      "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad")
    return Fail(Code::kInternal, "SHA-256 gives a wrong value");
  if (!IsAcceptableKey(key.public_key()) ||
      IsAcceptableKey(*PublicKey::FromHexText(kMixedOrderKey)))
    return Fail(Code::kInternal,
                "libsodium misjudges the order of a key (CVE-2025-69277): update libsodium");
  return {};
}

}  // namespace

Result<void> Init() {
  static const Result<void> result = SelfTest();
  return result;
}

}  // namespace geflecht::crypto
