#include "base/check.h"

#include <cstdio>
#include <cstdlib>

namespace geflecht {

void CheckFailed(const char* condition, const char* file, int line) {
  std::fprintf(stderr, "internal error: %s (%s:%d)\n", condition, file, line);
  std::abort();
}

}  // namespace geflecht
