// Memory for secrets: locked, guarded, wiped, movable, and without any way to print or compare it.
#pragma once

#include <cstddef>
#include <span>

#include "base/bytes.h"
#include "base/rng.h"

namespace geflecht::crypto {

// Owns `size` bytes from sodium_malloc. Moving leaves the source empty. Not thread-safe.
class SecretBytes {
 public:
  SecretBytes() = default;
  explicit SecretBytes(std::size_t size);  // zero-filled
  SecretBytes(SecretBytes&& other) noexcept;
  SecretBytes& operator=(SecretBytes&& other) noexcept;
  SecretBytes(const SecretBytes&) = delete;
  SecretBytes& operator=(const SecretBytes&) = delete;
  ~SecretBytes();
  bool operator==(const SecretBytes&) const = delete;

  static SecretBytes Copy(ByteView from);
  static SecretBytes Generate(std::size_t size, Random& random);
  SecretBytes Clone() const { return Copy(view()); }

  std::size_t size() const { return size_; }
  bool empty() const { return size_ == 0; }
  ByteView view() const { return {data_, size_}; }
  std::span<std::uint8_t> mutable_view() { return {data_, size_}; }

 private:
  std::uint8_t* data_ = nullptr;
  std::size_t size_ = 0;
};

// True if both hold the same bytes; the time depends on the sizes only.
bool ConstantTimeEqual(ByteView a, ByteView b);

// Overwrites `bytes` in a way that the compiler keeps.
void Wipe(std::span<std::uint8_t> bytes);

}  // namespace geflecht::crypto
