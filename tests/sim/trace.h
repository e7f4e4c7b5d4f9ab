// What one run shares: the digest of everything that happened, the counts, and the end by a
// finding.
#pragma once

#include <cstdint>
#include <stdexcept>
#include <string>

#include "base/bytes.h"
#include "tests/sim/counts.h"

namespace geflecht::sim {

// A finding: an invariant does not hold. Ends the run.
class Finding : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

// A CHECK of the node did not hold (check_failed.cc).
class CheckFailure : public Finding {
 public:
  using Finding::Finding;
};

inline void Require(bool holds, const std::string& otherwise) {
  if (!holds) throw Finding(otherwise);
}

// FNV-1a (Fowler, Noll, Vo), 64 bits.
class Trace {
 public:
  void Note(std::int64_t at_ms, std::uint64_t site, char what, ByteView bytes = {}) {
    Mix(static_cast<std::uint64_t>(at_ms));
    Mix(site);
    Mix(static_cast<std::uint64_t>(what));
    for (const std::uint8_t byte : bytes) digest_ = (digest_ ^ byte) * kPrime;
  }
  std::uint64_t digest() const { return digest_; }

  Counts counts;
  // Bytes that one attacker made one node hold.
  std::size_t most_per_attacker = 0;

 private:
  static constexpr std::uint64_t kPrime = 0x100000001B3ull;
  void Mix(std::uint64_t value) {
    for (int i = 0; i < 8; ++i, value >>= 8) digest_ = (digest_ ^ (value & 0xFF)) * kPrime;
  }
  std::uint64_t digest_ = 0xCBF29CE484222325ull;
};

}  // namespace geflecht::sim
