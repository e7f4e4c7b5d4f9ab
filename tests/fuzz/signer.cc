#include "tests/fuzz/signer.h"

#include <map>

namespace geflecht::fuzz {

const crypto::SigningKey& KnownKey(std::uint8_t number) {
  static std::map<std::uint8_t, crypto::SigningKey> keys;
  const auto known = keys.find(number);
  if (known != keys.end()) return known->second;
  const Bytes seed(32, number);
  return keys.emplace(number, crypto::SigningKey::FromSeed(crypto::SecretBytes::Copy(seed)))
      .first->second;
}

}  // namespace geflecht::fuzz
