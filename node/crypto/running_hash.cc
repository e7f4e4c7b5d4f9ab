#include "node/crypto/running_hash.h"

#include <sodium.h>

#include "base/check.h"

namespace geflecht::crypto {

struct RunningHash::State {
  crypto_generichash_state state;
};

RunningHash::RunningHash() : state_(new State) {
  CHECK(crypto_generichash_init(&state_->state, nullptr, 0, Hash256::kSize) == 0);
}
RunningHash::~RunningHash() = default;
RunningHash::RunningHash(RunningHash&& other) noexcept = default;
RunningHash& RunningHash::operator=(RunningHash&& other) noexcept = default;

void RunningHash::Add(ByteView more) {
  CHECK(crypto_generichash_update(&state_->state, more.data(), more.size()) == 0);
}

Hash256 RunningHash::End() {
  Hash256 hash;
  CHECK(crypto_generichash_final(&state_->state, hash.bytes.data(), hash.bytes.size()) == 0);
  return hash;
}

}  // namespace geflecht::crypto
