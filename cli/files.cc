#include "cli/files.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <span>
#include <system_error>
#include <utility>

#include "base/limits.h"
#include "cli/display.h"
#include "crdt/utf8.h"
#include "node/store/file_descriptor.h"
#include "node/store/files.h"

namespace geflecht::cli {
namespace {

constexpr std::size_t kPassphraseFileBytesMax = 4096;

auto SystemError(const std::filesystem::path& path, int reason) {
  Code code = Code::kIo;
  if (reason == ENOENT || reason == ENOTDIR) code = Code::kNotFound;
  if (reason == EACCES || reason == EPERM || reason == EROFS) code = Code::kNotPermitted;
  if (reason == ENOSPC || reason == EDQUOT) code = Code::kNoSpace;
  return Fail(code, Shown(path.string()) + ": " + std::generic_category().message(reason),
              code == Code::kNotFound ? "hint.file-missing" : "");
}

Result<void> WriteAll(int fd, ByteView bytes, const std::filesystem::path& path) {
  while (!bytes.empty()) {
    const ssize_t written = ::write(fd, bytes.data(), bytes.size());
    if (written < 0 && errno == EINTR) continue;
    if (written < 0) return SystemError(path, errno);
    bytes = bytes.subspan(static_cast<std::size_t>(written));
  }
  return {};
}

}  // namespace

Result<Bytes> ReadInput(const std::filesystem::path& path, std::size_t bytes_max) {
  const bool standard = path == "-";
  const store::FileDescriptor file(standard ? ::dup(STDIN_FILENO)
                                            : ::open(path.c_str(), O_RDONLY | O_CLOEXEC));
  if (file.get() < 0) return SystemError(path, errno);
  struct stat info {};
  if (::fstat(file.get(), &info) == 0 && S_ISDIR(info.st_mode))
    return Fail(Code::kUsage, Shown(path.string()) + " is a folder", "hint.file-is-folder");
  Bytes all;
  std::array<std::uint8_t, 64 * 1024> block;
  for (;;) {
    const ssize_t got = ::read(file.get(), block.data(), block.size());
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) return SystemError(path, errno);
    if (got == 0) return all;
    Append(all, ByteView(block).first(static_cast<std::size_t>(got)));
    if (all.size() > bytes_max)
      return Fail(Code::kTooLarge, Shown(path.string()) + " holds more than " +
                                       std::to_string(bytes_max) + " bytes");
  }
}

Result<std::string> ReadPipedText() {
  if (::isatty(STDIN_FILENO) == 1)
    return Fail(Code::kUsage, "standard input is a terminal", "hint.text-from-stdin");
  ASSIGN(const Bytes bytes, ReadInput("-", limits::kTextCodePointsMax * 4));
  std::string text = ToText(bytes);
  if (!crdt::IsUtf8(text)) return Fail(Code::kUsage, "the text is not UTF-8", "hint.text-encoding");
  if (text.starts_with("\xEF\xBB\xBF")) text.erase(0, 3);
  for (std::size_t at = 0; (at = text.find("\r\n", at)) != std::string::npos;) text.erase(at, 1);
  return text;
}

Result<void> WriteOutput(const std::filesystem::path& path, ByteView bytes, unsigned mode) {
  struct stat info {};
  if (::stat(path.c_str(), &info) == 0 && S_ISDIR(info.st_mode))
    return Fail(Code::kUsage, Shown(path.string()) + " is a folder", "hint.file-is-folder");
  if (::stat(path.c_str(), &info) == 0 && !S_ISREG(info.st_mode)) {  // a device or a pipe
    const store::FileDescriptor file(::open(path.c_str(), O_WRONLY | O_CLOEXEC));
    if (file.get() < 0) return SystemError(path, errno);
    return WriteAll(file.get(), bytes, path);
  }
  auto written = store::WriteFileAtomically(path, bytes, mode);
  if (written) return {};
  Error error = std::move(written).error();
  error.detail = Shown(path.string()) + ": " + error.detail;
  std::error_code ignored;
  if (path.has_parent_path() && !std::filesystem::is_directory(path.parent_path(), ignored)) {
    error.code = Code::kNotFound;
    error.hint = "hint.folder-missing";
  }
  return Fail(std::move(error));
}

Result<NewSecretFile> NewSecretFile::Create(const std::filesystem::path& path) {
  const int fd = ::open(path.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
  if (fd >= 0) return NewSecretFile(fd, path);
  if (errno == EEXIST)
    return Fail(Code::kConflict, Shown(path.string()) + " exists already", "hint.sheet-exists");
  return SystemError(path, errno);
}

NewSecretFile::NewSecretFile(NewSecretFile&& other) noexcept
    : fd_(std::exchange(other.fd_, -1)), path_(std::move(other.path_)), kept_(other.kept_) {}

NewSecretFile::~NewSecretFile() {
  if (fd_ < 0) return;
  ::close(fd_);
  if (!kept_) ::unlink(path_.c_str());
}

Result<void> NewSecretFile::Keep(ByteView bytes) {
  TRY(WriteAll(fd_, bytes, path_));
  if (::fsync(fd_) != 0) return SystemError(path_, errno);
  kept_ = true;
  return {};
}

Result<crypto::SecretBytes> ReadPassphraseFile(const std::filesystem::path& path) {
  ASSIGN(Bytes all, ReadInput(path, kPassphraseFileBytesMax));
  auto end = std::find(all.begin(), all.end(), '\n');
  if (end != all.begin() && end != all.end() && *(end - 1) == '\r') --end;
  crypto::SecretBytes secret =
      crypto::SecretBytes::Copy(ByteView(all).first(static_cast<std::size_t>(end - all.begin())));
  crypto::Wipe(all);
  if (secret.empty())
    return Fail(Code::kUsage, Shown(path.string()) + " begins with an empty line",
                "hint.passphrase-empty");
  return secret;
}

}  // namespace geflecht::cli
