// The machine's clocks.
#pragma once

#include "base/clock.h"

namespace geflecht::runtime {

class SystemClock final : public Clock {
 public:
  Time Now() const override;
};

}  // namespace geflecht::runtime
