#include "node/runtime/system_clock.h"

#include <chrono>

namespace geflecht::runtime {

Time SystemClock::Now() const {
  using std::chrono::duration_cast;
  using std::chrono::milliseconds;
  return {duration_cast<milliseconds>(std::chrono::steady_clock::now().time_since_epoch()).count(),
          duration_cast<milliseconds>(std::chrono::system_clock::now().time_since_epoch()).count()};
}

}  // namespace geflecht::runtime
