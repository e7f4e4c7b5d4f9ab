// In place of base/check.cc: here the process that ends is an object of the simulator.
#include <string>

#include "base/check.h"
#include "tests/sim/trace.h"

namespace geflecht {

void CheckFailed(const char* condition, const char* file, int line) {
  throw sim::CheckFailure(std::string("a CHECK does not hold: ") + condition + " (" + file + ":" +
                          std::to_string(line) + ")");
}

}  // namespace geflecht
