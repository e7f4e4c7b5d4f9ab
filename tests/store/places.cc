#include "tests/store/places.h"

#include <unistd.h>

#include <cstdio>
#include <cstdlib>
#include <random>

namespace geflecht::store {

TempDirectory::TempDirectory(bool on_disk) {
  const bool memory = !on_disk && access("/dev/shm", W_OK) == 0;
  const std::filesystem::path parent =
      memory ? std::filesystem::path("/dev/shm") : std::filesystem::temp_directory_path();
  std::string name = (parent / "geflecht-store-XXXXXX").string();
  if (mkdtemp(name.data()) == nullptr) std::abort();
  path_ = name;
}

TempDirectory::~TempDirectory() {
  std::error_code ignored;
  std::filesystem::remove_all(path_, ignored);
}

std::uint64_t TestSeed() {
  const char* given = std::getenv("GEFLECHT_SEED");
  const std::uint64_t seed =
      given != nullptr ? std::strtoull(given, nullptr, 10) : std::random_device{}();
  std::printf("GEFLECHT_SEED=%llu\n", static_cast<unsigned long long>(seed));
  return seed;
}

}  // namespace geflecht::store
