#include "node/store/directory_lock.h"

#include <fcntl.h>
#include <sys/file.h>

#include <cerrno>
#include <string>
#include <utility>

#include "node/store/errno_error.h"
#include "node/store/file_descriptor.h"

namespace geflecht::store {
namespace {

// The decimal process id in the file, or an empty text.
std::string HolderOf(const FileDescriptor& file) {
  char text[24];
  const ssize_t size = pread(file.get(), text, sizeof text, 0);
  std::string out;
  for (ssize_t i = 0; i < size && text[i] >= '0' && text[i] <= '9'; ++i) out.push_back(text[i]);
  return out;
}

}  // namespace

Result<DirectoryLock> DirectoryLock::Take(const std::filesystem::path& directory) {
  const std::filesystem::path path = directory / "lock";
  FileDescriptor file(open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600));
  if (!file.open()) return Fail(ErrnoError(errno, "open of lock"));
  while (flock(file.get(), LOCK_EX | LOCK_NB) != 0) {
    if (errno == EINTR) continue;
    if (errno != EWOULDBLOCK) return Fail(ErrnoError(errno, "flock of lock"));
    const std::string holder = HolderOf(file);
    return Fail(Code::kLocked, holder.empty() ? "the directory is in use by another process"
                                              : "the directory is in use by process " + holder);
  }
  // The id only improves the message above: a full disk must not keep the node from starting.
  const std::string id = std::to_string(getpid()) + "\n";
  if (ftruncate(file.get(), 0) == 0) {
    [[maybe_unused]] const ssize_t written = pwrite(file.get(), id.data(), id.size(), 0);
  }
  return DirectoryLock(file.Release());
}

DirectoryLock::DirectoryLock(DirectoryLock&& other) noexcept : fd_(std::exchange(other.fd_, -1)) {}

DirectoryLock& DirectoryLock::operator=(DirectoryLock&& other) noexcept {
  std::swap(fd_, other.fd_);
  return *this;
}

DirectoryLock::~DirectoryLock() {
  if (fd_ >= 0) close(fd_);
}

}  // namespace geflecht::store
