#include "cli/bundle_folder.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <set>
#include <string>
#include <string_view>
#include <system_error>
#include <utility>
#include <vector>

#include "node/audit/layout.h"

namespace geflecht::cli {
namespace {

namespace fs = std::filesystem;

class Descriptor {
 public:
  explicit Descriptor(int fd) : fd_(fd) {}
  Descriptor(Descriptor&& other) noexcept : fd_(std::exchange(other.fd_, -1)) {}
  Descriptor(const Descriptor&) = delete;
  ~Descriptor() {
    if (fd_ >= 0) ::close(fd_);
  }
  int get() const { return fd_; }
  // Whether the file could be closed without losing anything.
  bool Close() { return ::close(std::exchange(fd_, -1)) == 0; }

 private:
  int fd_;
};

Code CodeOf(int error) {
  switch (error) {
    case ENOENT:
    case ENOTDIR:
      return Code::kNotFound;
    case EACCES:
    case EPERM:
    case EROFS:
      return Code::kNotPermitted;
    case ENOSPC:
    case EDQUOT:
      return Code::kNoSpace;
    case ELOOP:
      return Code::kMalformed;
    default:
      return Code::kIo;
  }
}

tl::unexpected<Error> Failed(std::string_view action, int error) {
  return Fail(CodeOf(error), std::string(action) + ": " +
                                 std::error_code(error, std::generic_category()).message());
}

// Reads a regular file of at most `max` bytes.
Result<Bytes> ReadFile(const fs::path& path, std::uint64_t max) {
  // O_NONBLOCK: a pipe that took the file's place does not hold the reader up.
  Descriptor file(::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK));
  if (file.get() < 0) return Failed("opening a file of the bundle", errno);
  struct stat status {};
  if (::fstat(file.get(), &status) != 0) return Failed("reading a file of the bundle", errno);
  if (!S_ISREG(status.st_mode)) return Fail(Code::kMalformed, "not a regular file in the bundle");
  const auto size = static_cast<std::uint64_t>(status.st_size);
  if (size > max) return Fail(Code::kTooLarge, "the bundle is too large");
  Bytes content(size);
  std::size_t done = 0;
  while (done < size) {
    const ssize_t got = ::read(file.get(), content.data() + done, size - done);
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) return Failed("reading a file of the bundle", errno);
    if (got == 0) break;
    done += static_cast<std::size_t>(got);
  }
  content.resize(done);
  return content;
}

// The names of all files in `folder` and its direct subfolders.
Result<std::vector<std::string>> ListFiles(const fs::path& folder, std::size_t max) {
  std::vector<std::string> names;
  std::vector<std::string> prefixes = {""};
  std::size_t folders = 0;
  for (std::size_t i = 0; i < prefixes.size(); ++i) {
    const std::string prefix = prefixes[i];
    std::error_code error;
    fs::directory_iterator it(folder / prefix, error);
    if (error) return Failed("reading the folder of the bundle", error.value());
    for (; it != fs::directory_iterator(); it.increment(error)) {
      const std::string name = prefix + it->path().filename().string();
      const fs::file_type type = it->symlink_status(error).type();
      if (error) return Failed("reading the folder of the bundle", error.value());
      if (type == fs::file_type::directory && prefix.empty()) {
        prefixes.push_back(name + "/");
        ++folders;
      } else if (type == fs::file_type::regular) {
        names.push_back(name);
      } else {
        return Fail(Code::kMalformed, "a bundle holds regular files in one level of folders only");
      }
      if (names.size() + folders > max) return Fail(Code::kTooLarge, "too many files");
    }
    if (error) return Failed("reading the folder of the bundle", error.value());
  }
  std::sort(names.begin(), names.end());
  return names;
}

Result<void> WriteFile(const fs::path& path, ByteView content) {
  Descriptor file(::open(path.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW,
                         S_IRUSR | S_IWUSR));
  if (file.get() < 0) return Failed("writing a file of the bundle", errno);
  while (!content.empty()) {
    const ssize_t put = ::write(file.get(), content.data(), content.size());
    if (put < 0 && errno == EINTR) continue;
    if (put < 0) return Failed("writing a file of the bundle", errno);
    content = content.subspan(static_cast<std::size_t>(put));
  }
  if (::fsync(file.get()) != 0 || !file.Close())
    return Failed("writing a file of the bundle", errno);
  return {};
}

Result<void> SyncFolder(const fs::path& path) {
  Descriptor folder(::open(path.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (folder.get() < 0 || ::fsync(folder.get()) != 0)
    return Failed("writing the folder of the bundle", errno);
  return {};
}

Result<void> MakeFolder(const fs::path& path) {
  if (::mkdir(path.c_str(), S_IRWXU) != 0) return Failed("making the folder of the bundle", errno);
  return {};
}

// Makes the folder, or takes one that is empty.
Result<void> TakeFolder(const fs::path& folder) {
  std::error_code error;
  const fs::file_status status = fs::symlink_status(folder, error);
  if (status.type() == fs::file_type::not_found) return MakeFolder(folder);
  if (error) return Failed("looking at the folder of the bundle", error.value());
  if (status.type() != fs::file_type::directory || !fs::is_empty(folder, error) || error)
    return Fail(Code::kNotPermitted, "the bundle needs a folder that is new or empty");
  return {};
}

bool IsManifest(std::string_view name) {
  return name == audit::kManifestFile || name == audit::kManifestSignatureFile;
}

}  // namespace

bool IsSafeName(std::string_view name) {
  if (name.empty() || name.size() > audit::kBundleNameBytesMax) return false;
  const std::size_t slash = name.find('/');
  const std::string_view front = name.substr(0, slash);
  const std::string_view back =
      slash == std::string_view::npos ? std::string_view("x") : name.substr(slash + 1);
  for (const std::string_view part : {front, back})
    if (part.empty() || part == "." || part == ".." || part.find('/') != std::string_view::npos ||
        part.find('\0') != std::string_view::npos)
      return false;
  return true;
}

Result<audit::Bundle> ReadBundleFolder(const fs::path& folder, const BundleLimits& limits) {
  ASSIGN(const std::vector<std::string> names, ListFiles(folder, limits.files));
  audit::Bundle bundle;
  std::uint64_t left = limits.bytes;
  for (const std::string& name : names) {
    ASSIGN(Bytes content, ReadFile(folder / name, left));
    left -= content.size();
    bundle.push_back({name, std::move(content)});
  }
  return bundle;
}

Result<void> WriteBundleFolder(const fs::path& folder, const audit::Bundle& bundle) {
  std::set<std::string> folders;
  for (const audit::BundleFile& file : bundle) {
    if (!IsSafeName(file.name)) return Fail(Code::kMalformed, "a name that no bundle holds");
    const std::size_t slash = file.name.find('/');
    if (slash != std::string::npos) folders.insert(file.name.substr(0, slash));
  }
  TRY(TakeFolder(folder));
  for (const std::string& name : folders) TRY(MakeFolder(folder / name));
  for (const audit::BundleFile& file : bundle)
    if (!IsManifest(file.name)) TRY(WriteFile(folder / file.name, file.content));
  for (const std::string& name : folders) TRY(SyncFolder(folder / name));
  for (const audit::BundleFile& file : bundle)
    if (IsManifest(file.name)) TRY(WriteFile(folder / file.name, file.content));
  return SyncFolder(folder);
}

}  // namespace geflecht::cli
