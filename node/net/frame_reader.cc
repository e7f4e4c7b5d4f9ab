#include "node/net/frame_reader.h"

#include <algorithm>
#include <string>
#include <utility>

namespace geflecht::net {

Result<std::optional<Bytes>> FrameReader::Take(ByteView& in, std::size_t bytes_max) {
  while (length_have_ < length_bytes_.size()) {
    if (in.empty()) return std::optional<Bytes>();
    length_bytes_[length_have_++] = in.front();
    in = in.subspan(1);
    if (length_have_ < length_bytes_.size()) continue;
    length_ = ReadBe32(length_bytes_);
    if (length_ == 0) return Fail(Code::kMalformed, "a frame of 0 bytes");
    if (length_ > bytes_max) {
      return Fail(Code::kTooLarge, "a frame of " + std::to_string(length_) + " bytes; at most " +
                                       std::to_string(bytes_max) + " are accepted");
    }
  }
  const std::size_t taken = std::min(length_ - frame_.size(), in.size());
  const std::size_t needed = frame_.size() + taken;
  if (needed > frame_.capacity()) frame_.reserve(std::min(length_, 2 * needed));
  Append(frame_, in.first(taken));
  in = in.subspan(taken);
  if (frame_.size() < length_) return std::optional<Bytes>();
  length_have_ = 0;
  return std::optional<Bytes>(std::exchange(frame_, Bytes()));
}

}  // namespace geflecht::net
