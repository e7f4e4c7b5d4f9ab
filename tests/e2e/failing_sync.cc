// Preloaded into a program under test (LD_PRELOAD): while the file GEFLECHT_FAILING_SYNC exists,
// fsync, fdatasync and sync_file_range fail with EIO. Each failed call adds a line with the file's
// name to it, so that a test sees whether a program syncs the same file again.
#include <fcntl.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <cstring>

namespace {

bool Fails(int fd) {
  const char* switch_file = std::getenv("GEFLECHT_FAILING_SYNC");
  if (switch_file == nullptr) return false;
  const int log = open(switch_file, O_WRONLY | O_APPEND | O_CLOEXEC);
  if (log < 0) return false;
  char link[64];
  std::snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
  char line[4096];
  const ssize_t size = readlink(link, line, sizeof line - 1);
  if (size > 0) {
    line[size] = '\n';
    [[maybe_unused]] const ssize_t written = write(log, line, static_cast<std::size_t>(size) + 1);
  }
  close(log);
  errno = EIO;
  return true;
}

}  // namespace

extern "C" int fsync(int fd) { return Fails(fd) ? -1 : static_cast<int>(syscall(SYS_fsync, fd)); }

extern "C" int fdatasync(int fd) {
  return Fails(fd) ? -1 : static_cast<int>(syscall(SYS_fdatasync, fd));
}

extern "C" int sync_file_range(int fd, off64_t offset, off64_t bytes, unsigned int flags) {
  if (Fails(fd)) return -1;
  return static_cast<int>(syscall(SYS_sync_file_range, fd, offset, bytes, flags));
}
