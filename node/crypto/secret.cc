#include "node/crypto/secret.h"

#include <sodium.h>

#include <algorithm>
#include <utility>

#include "base/check.h"

namespace geflecht::crypto {

// sodium_malloc hands memory out even if it may not lock it (RLIMIT_MEMLOCK); core dumps leave it
// out all the same. sodium_init comes first because it fixes the page size that sodium_free relies
// on.
SecretBytes::SecretBytes(std::size_t size) : size_(size) {
  if (size == 0) return;
  CHECK(sodium_init() >= 0 && "libsodium does not start");
  data_ = static_cast<std::uint8_t*>(sodium_malloc(size));
  CHECK(data_ != nullptr && "no guarded memory left for a secret");
  std::fill_n(data_, size, std::uint8_t{0});
}

SecretBytes::SecretBytes(SecretBytes&& other) noexcept
    : data_(std::exchange(other.data_, nullptr)), size_(std::exchange(other.size_, 0)) {}

SecretBytes& SecretBytes::operator=(SecretBytes&& other) noexcept {
  if (this == &other) return *this;
  sodium_free(data_);
  data_ = std::exchange(other.data_, nullptr);
  size_ = std::exchange(other.size_, 0);
  return *this;
}

SecretBytes::~SecretBytes() { sodium_free(data_); }

SecretBytes SecretBytes::Copy(ByteView from) {
  SecretBytes copy(from.size());
  std::copy(from.begin(), from.end(), copy.data_);
  return copy;
}

SecretBytes SecretBytes::Generate(std::size_t size, Random& random) {
  SecretBytes secret(size);
  random.Fill(secret.mutable_view());
  return secret;
}

bool ConstantTimeEqual(ByteView a, ByteView b) {
  return a.size() == b.size() && (a.empty() || sodium_memcmp(a.data(), b.data(), a.size()) == 0);
}

void Wipe(std::span<std::uint8_t> bytes) { sodium_memzero(bytes.data(), bytes.size()); }

}  // namespace geflecht::crypto
