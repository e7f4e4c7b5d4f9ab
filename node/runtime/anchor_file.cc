#include "node/runtime/anchor_file.h"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <cstdlib>
#include <string_view>
#include <system_error>

#include "node/store/errno_error.h"
#include "node/store/file_descriptor.h"
#include "node/store/files.h"

namespace geflecht::runtime {
namespace {

constexpr std::size_t kBytesMax = 4096;

tl::unexpected<Error> Failed(std::string_view action, int reason) {
  Error error = store::ErrnoError(reason, action);
  error.hint = "hint.anchor-path";
  return tl::unexpected(std::move(error));
}

Result<void> SyncFolder(const std::filesystem::path& folder) {
  const store::FileDescriptor descriptor(
      ::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (!descriptor.open() || ::fsync(descriptor.get()) != 0)
    return Failed("sync of the anchor's folder", errno);
  return {};
}

}  // namespace

std::filesystem::path DefaultAnchorPath(const log::DeviceId& device) {
  std::filesystem::path folder = "/var/lib/geflecht-anchors";
  const char* state = std::getenv("XDG_STATE_HOME");
  const char* home = std::getenv("HOME");
  if (state != nullptr && *state == '/') {
    folder = std::filesystem::path(state) / "geflecht";
  } else if (home != nullptr && *home == '/') {
    folder = std::filesystem::path(home) / ".local/state/geflecht";
  }
  return folder / (device.Hex() + ".anchor");
}

Result<std::optional<Bytes>> AnchorFile::Read() const {
  std::error_code error;
  const bool there = std::filesystem::exists(path_, error);
  if (error) return Failed("reading the anchor", error.value());
  if (!there) return std::optional<Bytes>();
  ASSIGN(Bytes bytes, store::ReadFile(path_, kBytesMax));
  return std::optional(std::move(bytes));
}

Result<void> AnchorFile::Write(ByteView anchor) const {
  const std::filesystem::path folder = path_.parent_path();
  std::error_code error;
  const bool is_new = !std::filesystem::exists(path_, error);
  bool is_new_folder = false;
  if (is_new) {
    is_new_folder = std::filesystem::create_directories(folder, error);
    if (error) return Failed("making the anchor's folder", error.value());
  }
  const store::FileDescriptor file(::open(path_.c_str(), O_WRONLY | O_CREAT | O_CLOEXEC, 0600));
  if (!file.open()) return Failed("opening the anchor", errno);
  const ssize_t written = ::pwrite(file.get(), anchor.data(), anchor.size(), 0);
  if (written < 0) return Failed("writing the anchor", errno);
  if (static_cast<std::size_t>(written) != anchor.size())
    return Failed("writing the anchor", ENOSPC);
  if (::fdatasync(file.get()) != 0) return Failed("sync of the anchor", errno);
  if (is_new) TRY(SyncFolder(folder));
  if (is_new_folder) TRY(SyncFolder(folder.parent_path()));
  return {};
}

}  // namespace geflecht::runtime
