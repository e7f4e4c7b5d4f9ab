// The operating system's randomness, through libsodium.
#pragma once

#include "base/rng.h"

namespace geflecht::crypto {

class SystemRandom final : public Random {
 public:
  void Fill(std::span<std::uint8_t> out) override;
};

}  // namespace geflecht::crypto
