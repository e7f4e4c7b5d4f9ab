// Takes a fuzzer's bytes apart: choices from the front, and whatever is left. Never fails: at the
// end there are zeros and empty stretches.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>

#include "base/bytes.h"

namespace geflecht::fuzz {

class Input {
 public:
  explicit Input(ByteView bytes) : rest_(bytes) {}

  bool AtEnd() const { return rest_.empty(); }
  std::uint8_t Byte() {
    const ByteView byte = Take(1);
    return byte.empty() ? std::uint8_t{0} : byte[0];
  }
  std::uint16_t Word() { return static_cast<std::uint16_t>(Byte() << 8 | Byte()); }
  // Below `bound`, which is from 1 to 65536.
  std::size_t Below(std::size_t bound) { return (bound <= 256 ? Byte() : Word()) % bound; }
  // At most `size` bytes; valid as long as the input.
  ByteView Take(std::size_t size) {
    const ByteView taken = rest_.first(std::min(size, rest_.size()));
    rest_ = rest_.subspan(taken.size());
    return taken;
  }
  ByteView Rest() { return Take(rest_.size()); }

 private:
  ByteView rest_;
};

}  // namespace geflecht::fuzz
