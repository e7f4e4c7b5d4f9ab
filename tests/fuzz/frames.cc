// Frames in a stream. First byte: how the stream is cut (0: all at once, else pieces of so many
// bytes), second byte: the limit. However it is cut, the same frames come out.
#include <algorithm>
#include <optional>
#include <vector>

#include "base/check.h"
#include "base/limits.h"
#include "node/net/frame_reader.h"
#include "tests/fuzz/input.h"
#include "tests/fuzz/targets.h"

namespace geflecht::fuzz {
namespace {

struct Reading {
  std::vector<Bytes> frames;
  std::optional<Code> error;
  bool between = true;
  bool operator==(const Reading&) const = default;
};

Reading ReadAll(ByteView stream, std::size_t piece, std::size_t bytes_max) {
  net::FrameReader reader;
  Reading reading;
  std::size_t since_frame = 0;
  while (!stream.empty()) {
    ByteView part = stream.first(std::min(piece, stream.size()));
    stream = stream.subspan(part.size());
    while (!part.empty()) {
      const std::size_t before = part.size();
      auto frame = reader.Take(part, bytes_max);
      since_frame += before - part.size();
      if (!frame) {
        reading.error = frame.error().code;
        return reading;
      }
      CHECK(reader.reserved() <= 2 * since_frame + 64);
      if (!*frame) continue;
      CHECK(!(*frame)->empty() && (*frame)->size() <= bytes_max);
      reading.frames.push_back(**std::move(frame));
      since_frame = 0;
    }
  }
  reading.between = reader.between_frames();
  return reading;
}

// What the bytes say, read without any state.
Reading Expected(ByteView stream, std::size_t bytes_max) {
  Reading reading;
  while (stream.size() >= 4) {
    const std::size_t size = ReadBe32(stream);
    if (size == 0 || size > bytes_max) {
      reading.error = size == 0 ? Code::kMalformed : Code::kTooLarge;
      return reading;
    }
    if (stream.size() < 4 + size) break;
    const ByteView frame = stream.subspan(4, size);
    reading.frames.emplace_back(frame.begin(), frame.end());
    stream = stream.subspan(4 + size);
  }
  reading.between = stream.empty();
  return reading;
}

}  // namespace

void Frames(ByteView input) {
  Input in(input);
  const std::size_t piece = in.Byte();
  const std::size_t bytes_max = in.Byte() % 2 == 0 ? 64 : limits::kFrameBytesMax;
  const ByteView stream = in.Rest();
  const Reading reading = ReadAll(stream, piece == 0 ? stream.size() + 1 : piece, bytes_max);
  CHECK(reading == Expected(stream, bytes_max));
}

}  // namespace geflecht::fuzz
