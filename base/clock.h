// Time as an argument. Nothing below node/net and node/api reads a clock: it is handed a Time.
#pragma once

#include <cstdint>

namespace geflecht {

struct Time {
  std::int64_t mono_ms = 0;  // milliseconds since an arbitrary start, never goes back
  std::int64_t wall_ms = 0;  // milliseconds since 1970-01-01T00:00:00Z; a claim that orders nothing
};

class Clock {
 public:
  virtual ~Clock() = default;
  virtual Time Now() const = 0;
};

}  // namespace geflecht
