#include "node/crypto/kdf.h"

#include <sodium.h>

#include "base/check.h"

namespace geflecht::crypto {
namespace {

constexpr std::size_t kKeyBytes = 32;

// The length of the output is part of BLAKE2b's parameters, so keys and names of one input are
// unrelated.
void KeyedHash(const SecretBytes& key, ByteView data, std::span<std::uint8_t> out) {
  CHECK(key.size() == kKeyBytes);
  CHECK(crypto_generichash(out.data(), out.size(), data.data(), data.size(), key.view().data(),
                           key.size()) == 0);
}

}  // namespace

SecretBytes DeriveKey(const SecretBytes& key, std::string_view purpose) {
  SecretBytes derived(kKeyBytes);
  KeyedHash(key, AsBytes(purpose), derived.mutable_view());
  return derived;
}

Mac128 KeyedName(const SecretBytes& key, ByteView data) {
  Mac128 name;
  KeyedHash(key, data, name.bytes);
  return name;
}

}  // namespace geflecht::crypto
