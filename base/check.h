// CHECK ends the process when one of our own invariants is broken. It stays on in every build and
// is never used to judge input of users, peers, files or the network.
#pragma once

#include <cstdio>
#include <cstdlib>

namespace geflecht {

[[noreturn]] inline void CheckFailed(const char* condition, const char* file, int line) {
  std::fprintf(stderr, "internal error: %s (%s:%d)\n", condition, file, line);
  std::abort();
}

}  // namespace geflecht

#define CHECK(condition) \
  ((condition) ? static_cast<void>(0) : ::geflecht::CheckFailed(#condition, __FILE__, __LINE__))
