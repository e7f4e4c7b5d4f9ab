// Preloaded into a program: its calendar is GEFLECHT_SHIFT_DAYS days ahead. What measures time that
// passes is left alone.
#include <dlfcn.h>
#include <sys/time.h>

#include <cstdlib>
#include <ctime>

namespace {

time_t Shift() {
  static const char* const days = std::getenv("GEFLECHT_SHIFT_DAYS");
  return days == nullptr ? 0 : std::atol(days) * 24 * 3600;
}

}  // namespace

extern "C" {

int clock_gettime(clockid_t clock, timespec* at) noexcept {
  using Real = int (*)(clockid_t, timespec*);
  static const Real real = reinterpret_cast<Real>(dlsym(RTLD_NEXT, "clock_gettime"));
  const int result = real(clock, at);
  if (result == 0 && (clock == CLOCK_REALTIME || clock == CLOCK_REALTIME_COARSE))
    at->tv_sec += Shift();
  return result;
}

time_t time(time_t* out) noexcept {
  timespec at{};
  clock_gettime(CLOCK_REALTIME, &at);
  if (out != nullptr) *out = at.tv_sec;
  return at.tv_sec;
}

int gettimeofday(timeval* out, void*) noexcept {
  timespec at{};
  clock_gettime(CLOCK_REALTIME, &at);
  out->tv_sec = at.tv_sec;
  out->tv_usec = at.tv_nsec / 1000;
  return 0;
}

}  // extern "C"
