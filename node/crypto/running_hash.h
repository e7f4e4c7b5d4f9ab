// BLAKE2b-256 (RFC 7693, without key) of bytes that come one after the other.
#pragma once

#include <memory>

#include "base/bytes.h"
#include "node/crypto/hash.h"

namespace geflecht::crypto {

class RunningHash {
 public:
  RunningHash();
  ~RunningHash();
  RunningHash(RunningHash&& other) noexcept;
  RunningHash& operator=(RunningHash&& other) noexcept;

  void Add(ByteView more);
  // Of all that was added. Nothing may be added any more.
  Hash256 End();

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace geflecht::crypto
