// Power that goes at a system call of this process. The program that links this replaces write,
// fsync, fdatasync, rename, unlink and their like, so what runs on it is the real store.
//
// What survives, as POSIX promises it: of a file the bytes that were there at its last fsync or
// fdatasync, and any part of what was appended since; of a directory the names that it had at its
// last fsync, and any of the changes since. Files that are overwritten in place are not modelled:
// RocksDB and files.h only append and rename.
#pragma once

#include <sys/types.h>

#include <atomic>
#include <cstdint>
#include <filesystem>
#include <map>
#include <string>

#include "base/rng.h"

namespace geflecht::store {

class LossyDisk {
 public:
  // What lies below `root` is durable now. After `calls` system calls the power goes and what
  // survives is copied to `survivor`, which must not exist; the process goes on with `root` and
  // does not notice. One at a time; no other thread may use `root` before and after its life.
  LossyDisk(std::filesystem::path root, std::filesystem::path survivor, std::uint64_t seed,
            std::uint64_t calls);
  ~LossyDisk();
  LossyDisk(const LossyDisk&) = delete;
  LossyDisk& operator=(const LossyDisk&) = delete;

  // What a call before this one reported false was durable counts.
  bool gone() const { return gone_; }
  void CutPower();
  std::uint64_t bytes_lost() const { return bytes_lost_; }
  std::uint64_t names_lost() const { return names_lost_; }

  // For the replaced calls, which hold the lock.
  void Tick();
  void Synced(int fd);
  void Leaves(const char* path);  // the file loses this name

 private:
  using Names = std::map<std::string, ino_t>;
  enum class Kept { kSynced, kAny, kAll };

  void CutPowerLocked();
  Names NamesNow(const std::filesystem::path& directory) const;
  void Settle(const std::filesystem::path& directory);
  void Survive(const std::filesystem::path& from, const std::filesystem::path& to,
               const std::map<ino_t, std::filesystem::path>& places, Kept kept);
  void SurviveFile(ino_t file, const std::filesystem::path& from, const std::filesystem::path& to,
                   Kept kept);

  std::filesystem::path root_;
  std::filesystem::path survivor_;
  std::filesystem::path graves_;  // files without a name that a directory on the disk still has
  SeededRandom random_;
  std::uint64_t calls_;
  std::map<ino_t, std::uint64_t> synced_;  // bytes
  std::map<ino_t, Names> names_;
  std::atomic<bool> gone_ = false;
  std::uint64_t bytes_lost_ = 0;
  std::uint64_t names_lost_ = 0;
};

}  // namespace geflecht::store
