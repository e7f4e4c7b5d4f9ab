#include "node/runtime/inspect.h"

#include <fcntl.h>
#include <netdb.h>
#include <poll.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <chrono>
#include <memory>

#include "node/log/header.h"
#include "node/net/address.h"
#include "node/runtime/system_clock.h"
#include "node/store/errno_error.h"
#include "node/store/file_descriptor.h"
#include "node/store/files.h"

namespace geflecht::runtime {
namespace {

constexpr std::uint32_t kModeMask = 07777;
constexpr int kConnectMs = 2'000;

void InspectDisk(const Paths& paths, doctor::Facts& facts) {
  struct statvfs info {};
  if (statvfs(paths.root.c_str(), &info) != 0) return;
  facts.disk = doctor::DiskFacts{std::uint64_t{info.f_bavail} * info.f_frsize,
                                 (info.f_flag & ST_RDONLY) != 0};
}

void InspectFiles(const Paths& paths, doctor::Facts& facts) {
  struct stat root {};
  if (stat(paths.root.c_str(), &root) != 0) return;
  facts.files.push_back({paths.root.filename().string(), root.st_mode & kModeMask, true});
  for (const auto& path : {paths.node_key(), paths.keys()}) {
    struct stat info {};
    if (lstat(path.c_str(), &info) != 0) {
      facts.missing_files.push_back(path.filename().string());
      continue;
    }
    facts.files.push_back(
        {path.filename().string(), info.st_mode & kModeMask, info.st_uid == root.st_uid});
  }
}

// A small write and its fsync, as a commit does it.
Result<std::int64_t> SyncOnce(const store::FileDescriptor& file) {
  const std::array<char, 4096> block{};
  const auto start = std::chrono::steady_clock::now();
  if (write(file.get(), block.data(), block.size()) != static_cast<ssize_t>(block.size()))
    return Fail(store::ErrnoError(errno, "write"));
  if (fdatasync(file.get()) != 0) return Fail(store::ErrnoError(errno, "fdatasync"));
  const auto took = std::chrono::steady_clock::now() - start;
  return std::chrono::duration_cast<std::chrono::microseconds>(took).count();
}

void InspectSync(const Paths& paths, doctor::Facts& facts) {
  const store::FileDescriptor file(
      open(paths.root.c_str(), O_TMPFILE | O_WRONLY | O_CLOEXEC, 0600));
  if (!file.open()) {
    if (errno == ENOSPC) facts.disk_full = true;
    return;
  }
  std::array<std::int64_t, 5> times{};
  for (std::int64_t& time : times) {
    const auto took = SyncOnce(file);
    if (!took) {
      if (took.error().code == Code::kNoSpace) {
        facts.disk_full = true;
      } else {
        facts.sync_error = took.error();
      }
      return;
    }
    time = *took;
  }
  std::nth_element(times.begin(), times.begin() + times.size() / 2, times.end());
  facts.sync_us = times[times.size() / 2];
}

// Nothing if it was never done, or the file does not say when.
std::optional<std::int64_t> SheetCheckedAt(const Paths& paths) {
  constexpr std::size_t kTimeBytes = 20;
  const auto text = store::ReadFile(paths.sheet_checked(), kTimeBytes + 1);
  if (!text) return std::nullopt;
  return log::ParseTime(AsText(*text).substr(0, kTimeBytes));
}

}  // namespace

doctor::Facts InspectDirectory(const Paths& paths) {
  doctor::Facts facts;
  facts.now_s = SystemClock().Now().wall_ms / 1000;
  InspectDisk(paths, facts);
  InspectFiles(paths, facts);
  InspectSync(paths, facts);
  const auto passphrase = NeedsPassphrase(paths);
  facts.passphrase = passphrase && *passphrase;
  facts.sheet_s = SheetCheckedAt(paths);
  return facts;
}

bool AcceptsConnections(const std::string& address) {
  const auto parsed = net::ParseAddress(address);
  if (!parsed) return false;
  addrinfo hints{};
  hints.ai_socktype = SOCK_STREAM;
  addrinfo* found = nullptr;
  const std::string port = std::to_string(parsed->port);
  if (getaddrinfo(parsed->host.c_str(), port.c_str(), &hints, &found) != 0) return false;
  const std::unique_ptr<addrinfo, void (*)(addrinfo*)> list(found, &freeaddrinfo);
  for (const addrinfo* at = found; at != nullptr; at = at->ai_next) {
    const store::FileDescriptor line(
        socket(at->ai_family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, at->ai_protocol));
    if (!line.open()) continue;
    if (connect(line.get(), at->ai_addr, at->ai_addrlen) == 0) return true;
    if (errno != EINPROGRESS) continue;
    pollfd wait{line.get(), POLLOUT, 0};
    int failure = 0;
    socklen_t size = sizeof failure;
    if (poll(&wait, 1, kConnectMs) == 1 &&
        getsockopt(line.get(), SOL_SOCKET, SO_ERROR, &failure, &size) == 0 && failure == 0)
      return true;
  }
  return false;
}

}  // namespace geflecht::runtime
