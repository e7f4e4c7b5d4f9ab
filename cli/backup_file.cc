#include "cli/backup_file.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <string>
#include <system_error>
#include <utility>

#include "cli/display.h"
#include "node/store/errno_error.h"
#include "node/store/files.h"

namespace geflecht::cli {
namespace {

namespace fs = std::filesystem;

tl::unexpected<Error> BackupError(const fs::path& path, int reason) {
  Error error = store::ErrnoError(reason, "");
  error.detail = Shown(path.string()) + ": " + std::generic_category().message(reason);
  if (error.code == Code::kNoSpace) error.hint = "hint.backup-no-space";
  if (error.code == Code::kNotFound) error.hint = "hint.file-missing";
  return Fail(std::move(error));
}

fs::path FolderOf(const fs::path& path) {
  return path.has_parent_path() ? path.parent_path() : fs::path(".");
}

}  // namespace

fs::path NewBackupFile::Part() const {
  fs::path part = path_;
  part += ".part";
  return part;
}

Result<NewBackupFile> NewBackupFile::Create(const fs::path& path, bool replace) {
  if (path == "-") return Fail(Code::kUsage, "a backup is a file", "hint.backup-is-file");
  struct stat info {};
  if (::lstat(path.c_str(), &info) == 0) {
    if (S_ISDIR(info.st_mode))
      return Fail(Code::kUsage, Shown(path.string()) + " is a folder", "hint.file-is-folder");
    if (!replace || !S_ISREG(info.st_mode))
      return Fail(Code::kConflict, Shown(path.string()) + " exists already", "hint.backup-exists");
  }
  fs::path part = path;
  part += ".part";
  ::unlink(part.c_str());
  store::FileDescriptor file(
      ::open(part.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0600));
  if (!file.open()) {
    const int reason = errno;
    auto failure = BackupError(path, reason);
    std::error_code ignored;
    if (reason == ENOENT && !fs::is_directory(FolderOf(path), ignored))
      failure.value().hint = "hint.folder-missing";
    return failure;
  }
  return NewBackupFile(std::move(file), path, replace);
}

NewBackupFile::NewBackupFile(NewBackupFile&& other) noexcept
    : file_(std::move(other.file_)),
      path_(std::move(other.path_)),
      replace_(other.replace_),
      is_mine_(std::exchange(other.is_mine_, false)) {}

NewBackupFile::~NewBackupFile() {
  if (is_mine_) ::unlink(Part().c_str());
}

Result<void> NewBackupFile::Write(ByteView bytes) {
  while (!bytes.empty()) {
    const ssize_t written = ::write(file_.get(), bytes.data(), bytes.size());
    if (written < 0 && errno == EINTR) continue;
    if (written < 0) return BackupError(path_, errno);
    bytes = bytes.subspan(static_cast<std::size_t>(written));
  }
  return {};
}

Result<void> NewBackupFile::Keep() {
  if (::fsync(file_.get()) != 0) return BackupError(path_, errno);
  if (!file_.Close()) return BackupError(path_, errno);
  std::error_code ignored;
  if (!replace_ && fs::exists(fs::symlink_status(path_, ignored)))
    return Fail(Code::kConflict, Shown(path_.string()) + " exists already", "hint.backup-exists");
  if (std::rename(Part().c_str(), path_.c_str()) != 0) return BackupError(path_, errno);
  is_mine_ = false;
  return store::SyncDirectory(FolderOf(path_));
}

Result<BackupFile> BackupFile::Open(const fs::path& path) {
  if (path == "-") return Fail(Code::kUsage, "a backup is a file", "hint.backup-is-file");
  store::FileDescriptor file(::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK));
  if (!file.open()) return BackupError(path, errno);
  struct stat info {};
  if (::fstat(file.get(), &info) != 0) return BackupError(path, errno);
  if (S_ISDIR(info.st_mode))
    return Fail(Code::kUsage, Shown(path.string()) + " is a folder", "hint.file-is-folder");
  if (!S_ISREG(info.st_mode))
    return Fail(Code::kUsage, Shown(path.string()) + " is no file", "hint.backup-foreign");
  return BackupFile(std::move(file), path, static_cast<std::uint64_t>(info.st_size));
}

Result<std::size_t> BackupFile::Read(std::span<std::uint8_t> out) {
  for (;;) {
    const ssize_t got = ::read(file_.get(), out.data(), out.size());
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) return BackupError(path_, errno);
    return static_cast<std::size_t>(got);
  }
}

}  // namespace geflecht::cli
