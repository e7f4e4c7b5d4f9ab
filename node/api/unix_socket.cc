#include "node/api/unix_socket.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <string>

namespace geflecht::api {
namespace {

// The errno of connecting, 0 for success.
int TryToConnect(const sockaddr_un& address) {
  const int fd = ::socket(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
  if (fd < 0) return errno;
  const bool connected =
      ::connect(fd, reinterpret_cast<const sockaddr*>(&address), sizeof(address)) == 0;
  const int error = connected ? 0 : errno;
  ::close(fd);
  return error;
}

}  // namespace

Result<sockaddr_un> UnixAddress(const std::filesystem::path& path) {
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  const std::string& text = path.native();
  if (text.empty() || text.size() >= sizeof(address.sun_path) ||
      text.find('\0') != std::string::npos) {
    return Fail(Code::kUsage, "the path of a UNIX socket has 1 to 107 bytes, this one has " +
                                  std::to_string(text.size()));
  }
  std::copy(text.begin(), text.end(), address.sun_path);
  return address;
}

Result<void> RemoveStaleSocket(const std::filesystem::path& path) {
  ASSIGN(const sockaddr_un address, UnixAddress(path));
  struct stat status {};
  if (::lstat(path.c_str(), &status) != 0) {
    if (errno == ENOENT) return {};
    const Code code = errno == EACCES ? Code::kNotPermitted : Code::kIo;
    return Fail(code, path.string() + ": " + std::strerror(errno));
  }
  if (!S_ISSOCK(status.st_mode)) {
    return Fail(Code::kNotPermitted, path.string() + " is there and is no socket");
  }
  const int error = TryToConnect(address);
  if (error == 0 || error == EAGAIN) {
    return Fail(Code::kLocked, "another process listens on " + path.string());
  }
  if (error != ECONNREFUSED && error != ENOENT) {
    const Code code = error == EACCES ? Code::kNotPermitted : Code::kIo;
    return Fail(code, path.string() + ": " + std::strerror(error));
  }
  if (::unlink(path.c_str()) != 0 && errno != ENOENT) {
    const Code code = errno == EACCES || errno == EPERM ? Code::kNotPermitted : Code::kIo;
    return Fail(code, path.string() + ": " + std::strerror(errno));
  }
  return {};
}

}  // namespace geflecht::api
