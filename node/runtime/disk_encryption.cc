#include <sys/stat.h>
#include <sys/sysmacros.h>

#include <filesystem>
#include <fstream>
#include <string>
#include <system_error>

#include "node/runtime/inspect.h"

namespace geflecht::runtime {
namespace {

namespace fs = std::filesystem;

constexpr int kLayersMax = 8;  // of block devices: a volume on a group on an encrypted partition

bool IsEncrypted(const fs::path& device, int layers) {
  std::ifstream file(device / "dm" / "uuid");
  std::string uuid;
  if (std::getline(file, uuid) && uuid.starts_with("CRYPT-")) return true;
  std::error_code failed;
  bool any = false;
  for (fs::directory_iterator below(device / "slaves", failed), end;
       !failed && layers > 0 && below != end; below.increment(failed)) {
    any = true;
    if (!IsEncrypted(below->path(), layers - 1)) return false;
  }
  return any;
}

}  // namespace

std::optional<bool> IsOnEncryptedDisk(const fs::path& path, const fs::path& sys) {
  struct stat info {};
  if (stat(path.c_str(), &info) != 0) return std::nullopt;
  const fs::path device =
      sys / "dev" / "block" /
      (std::to_string(major(info.st_dev)) + ":" + std::to_string(minor(info.st_dev)));
  std::error_code failed;
  if (!fs::exists(device, failed)) return std::nullopt;
  return IsEncrypted(device, kLayersMax);
}

}  // namespace geflecht::runtime
