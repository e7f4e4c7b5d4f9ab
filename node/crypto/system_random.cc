#include "node/crypto/system_random.h"

#include <sodium.h>

namespace geflecht::crypto {

void SystemRandom::Fill(std::span<std::uint8_t> out) {
  if (!out.empty()) randombytes_buf(out.data(), out.size());
}

}  // namespace geflecht::crypto
