// Randomness as an argument: the system's in the node, a seeded one in the simulator and in tests.
#pragma once

#include <cstdint>
#include <span>

#include "base/strong_id.h"

namespace geflecht {

class Random {
 public:
  virtual ~Random() = default;
  virtual void Fill(std::span<std::uint8_t> out) = 0;

  template <class Id>
  Id Make() {
    Id id;
    Fill(id.bytes);
    return id;
  }
  // A number below `bound`; `bound` > 0. The bias of at most bound / 2^64 is of no consequence
  // here.
  std::uint64_t Below(std::uint64_t bound) {
    std::uint8_t raw[8];
    Fill(raw);
    return ReadBe64(raw) % bound;
  }
};

// SplitMix64 (Steele, Lea, Flood: Fast Splittable Pseudorandom Number Generators, OOPSLA 2014).
// For tests and the simulator; never for keys, salts or nonces of a real node.
class SeededRandom final : public Random {
 public:
  explicit SeededRandom(std::uint64_t seed) : state_(seed) {}
  void Fill(std::span<std::uint8_t> out) override {
    for (std::size_t i = 0; i < out.size(); i += 8) {
      std::uint64_t z = state_ += 0x9E3779B97F4A7C15ull;
      z = (z ^ z >> 30) * 0xBF58476D1CE4E5B9ull;
      z = (z ^ z >> 27) * 0x94D049BB133111EBull;
      z ^= z >> 31;
      for (std::size_t j = i; j < out.size() && j < i + 8; ++j, z >>= 8)
        out[j] = static_cast<std::uint8_t>(z);
    }
  }

 private:
  std::uint64_t state_;
};

}  // namespace geflecht
