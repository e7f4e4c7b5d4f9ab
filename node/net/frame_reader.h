// Frames in a stream of bytes: 4 bytes length, most significant first, then so many bytes, of which
// the first is the frame's type (docs/formats/wire.md). Pure.
#pragma once

#include <array>
#include <cstddef>
#include <optional>

#include "base/bytes.h"
#include "base/result.h"

namespace geflecht::net {

class FrameReader {
 public:
  // Takes bytes off the front of `in` until a frame is whole: returns it, or nothing when `in` is
  // used up first. A length of 0 or above `bytes_max` is kMalformed or kTooLarge as soon as it is
  // there; the reader is of no use afterwards. Never reserves more than twice what has arrived.
  Result<std::optional<Bytes>> Take(ByteView& in, std::size_t bytes_max);

  // Whether the stream may end here: no frame has begun.
  bool between_frames() const { return length_have_ == 0; }
  // Bytes of memory held for the frame that has begun.
  std::size_t reserved() const { return frame_.capacity(); }

 private:
  std::array<std::uint8_t, 4> length_bytes_{};
  std::size_t length_have_ = 0;
  std::size_t length_ = 0;
  Bytes frame_;
};

}  // namespace geflecht::net
