#include "node/store/files.h"

#include <fcntl.h>
#include <sys/stat.h>

#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <string>

#include "node/store/errno_error.h"
#include "node/store/file_descriptor.h"

namespace geflecht::store {
namespace {

constexpr std::size_t kReadChunk = 64 * 1024;

tl::unexpected<Error> FailErrno(std::string_view action, const std::filesystem::path& path) {
  const int number = errno;
  return Fail(ErrnoError(number, std::string(action) + " of " + path.filename().string()));
}

Result<void> WriteAll(const FileDescriptor& file, ByteView bytes,
                      const std::filesystem::path& path) {
  while (!bytes.empty()) {
    const ssize_t done = write(file.get(), bytes.data(), bytes.size());
    if (done < 0 && errno == EINTR) continue;
    if (done < 0) return FailErrno("write", path);
    bytes = bytes.subspan(static_cast<std::size_t>(done));
  }
  return {};
}

Result<void> WriteSynced(const std::filesystem::path& path, ByteView bytes, unsigned mode) {
  FileDescriptor file(
      open(path.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, mode));
  if (!file.open()) return FailErrno("creation", path);
  if (fchmod(file.get(), mode) != 0) return FailErrno("chmod", path);
  TRY(WriteAll(file, bytes, path));
  if (fsync(file.get()) != 0) return FailErrno("fsync", path);
  if (!file.Close()) return FailErrno("close", path);
  return {};
}

}  // namespace

Result<void> SyncDirectory(const std::filesystem::path& directory) {
  const FileDescriptor handle(open(directory.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (!handle.open()) return FailErrno("open", directory);
  if (fsync(handle.get()) != 0) return FailErrno("fsync", directory);
  return {};
}

Result<Bytes> ReadFile(const std::filesystem::path& path, std::size_t bytes_max) {
  // O_NONBLOCK: opening a pipe must not wait for its other end.
  const FileDescriptor file(open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK));
  if (!file.open()) return FailErrno("open", path);
  struct stat info {};
  if (fstat(file.get(), &info) != 0) return FailErrno("stat", path);
  if (!S_ISREG(info.st_mode)) {
    return Fail(Code::kIo, path.filename().string() + " is not a regular file");
  }
  Bytes out;
  for (;;) {
    const std::size_t have = out.size();
    if (have > bytes_max) {
      return Fail(Code::kTooLarge, path.filename().string() + " has more than " +
                                       std::to_string(bytes_max) + " bytes");
    }
    out.resize(have + std::min(kReadChunk, bytes_max - have + 1));
    const ssize_t done = read(file.get(), out.data() + have, out.size() - have);
    if (done < 0 && errno != EINTR) return FailErrno("read", path);
    out.resize(have + static_cast<std::size_t>(std::max<ssize_t>(done, 0)));
    if (done == 0) return out;
  }
}

Result<void> WriteFileAtomically(const std::filesystem::path& path, ByteView bytes, unsigned mode) {
  // A fixed name: what a crash leaves behind is replaced by the next attempt.
  std::filesystem::path temporary = path;
  temporary += ".tmp";
  if (unlink(temporary.c_str()) != 0 && errno != ENOENT) return FailErrno("removal", temporary);
  if (auto written = WriteSynced(temporary, bytes, mode); !written) {
    unlink(temporary.c_str());
    return Fail(std::move(written).error());
  }
  if (std::rename(temporary.c_str(), path.c_str()) != 0) {
    auto failure = FailErrno("rename", path);
    unlink(temporary.c_str());
    return failure;
  }
  return SyncDirectory(path.has_parent_path() ? path.parent_path() : ".");
}

}  // namespace geflecht::store
