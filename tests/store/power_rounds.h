// Rounds of a process that ends because the power goes, each on what the round before left.
#pragma once

#include <cstdlib>
#include <filesystem>
#include <functional>

#include "tests/store/lossy_disk.h"
#include "tests/store/places.h"

namespace geflecht::store {

inline int RoundsOr(int rounds) {
  const char* given = std::getenv("GEFLECHT_ROUNDS");
  return given != nullptr ? std::atoi(given) : rounds;
}

class PowerRounds {
 public:
  // The power goes within about `calls_max` system calls of a round.
  PowerRounds(SeededRandom& random, std::uint64_t calls_max)
      : random_(random), calls_max_(calls_max) {
    std::filesystem::create_directory(root_);
  }

  // `process` works in the directory that it is given and closes everything before it returns; the
  // power goes at one of its system calls, or at its end.
  void Run(const std::function<void(const std::filesystem::path& root, LossyDisk& disk)>& process) {
    const std::filesystem::path survivor = directory_.path() / "survivor";
    {
      // Also while the store is being opened, which takes some sixty calls.
      const std::uint64_t calls = random_.Below(random_.Below(3) == 0 ? 80 : calls_max_);
      LossyDisk disk(root_, survivor, random_.Below(1u << 30), calls);
      process(root_, disk);
      disk.CutPower();
      bytes_lost_ += disk.bytes_lost();
      names_lost_ += disk.names_lost();
    }
    std::filesystem::remove_all(root_);
    std::filesystem::rename(survivor, root_);
  }

  std::uint64_t bytes_lost() const { return bytes_lost_; }
  std::uint64_t names_lost() const { return names_lost_; }

 private:
  SeededRandom& random_;
  std::uint64_t calls_max_;
  TempDirectory directory_;
  std::filesystem::path root_ = directory_.path() / "root";
  std::uint64_t bytes_lost_ = 0;
  std::uint64_t names_lost_ = 0;
};

}  // namespace geflecht::store
