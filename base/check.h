// CHECK ends the process when one of our own invariants is broken. It stays on in every build and
// is never used to judge input of users, peers, files or the network.
#pragma once

namespace geflecht {

// In a source of its own: the simulator, in which a process is an object, puts another in its
// place.
[[noreturn]] void CheckFailed(const char* condition, const char* file, int line);

}  // namespace geflecht

#define CHECK(condition) \
  ((condition) ? static_cast<void>(0) : ::geflecht::CheckFailed(#condition, __FILE__, __LINE__))
