// One process at a time per directory: DIR/lock, held with flock(2) until the process ends.
#pragma once

#include <filesystem>
#include <memory>

#include "base/result.h"

namespace geflecht::store {

class DirectoryLock {
 public:
  // kLocked with the process id of the holder, kNotFound without directory, kNotPermitted, kIo.
  static Result<DirectoryLock> Take(const std::filesystem::path& directory);
  DirectoryLock(DirectoryLock&& other) noexcept;
  DirectoryLock& operator=(DirectoryLock&& other) noexcept;
  ~DirectoryLock();

 private:
  explicit DirectoryLock(int fd) : fd_(fd) {}
  int fd_ = -1;
};

}  // namespace geflecht::store
