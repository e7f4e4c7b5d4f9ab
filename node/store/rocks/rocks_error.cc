#include "node/store/rocks/rocks_error.h"

#include <string>
#include <string_view>

namespace geflecht::store {
namespace {

// The words of RocksDB 7.8 for a lock that this or another process holds, and for a failed sync.
constexpr std::string_view kHeldElsewhere = "While lock file";
constexpr std::string_view kHeldHere = "lock hold by current process";
constexpr std::string_view kSyncs[] = {"While fdatasync", "While fsync", "While sync_file_range"};

bool Has(std::string_view text, std::string_view part) {
  return text.find(part) != std::string_view::npos;
}

Code CodeOf(const rocksdb::Status& status, std::string_view text) {
  if (status.IsNoSpace()) {
    // A full disk that shows only when syncing leaves it unknown what is on the disk.
    for (const std::string_view sync : kSyncs) {
      if (Has(text, sync)) return Code::kIo;
    }
    return Code::kNoSpace;
  }
  if (status.IsCorruption()) return Code::kCorruption;
  if (Has(text, kHeldElsewhere) || Has(text, kHeldHere)) return Code::kLocked;
  if (Has(text, "Permission denied") || Has(text, "Read-only file system")) {
    return Code::kNotPermitted;
  }
  return Code::kIo;
}

}  // namespace

Error RocksError(const rocksdb::Status& status, const std::filesystem::path& directory) {
  std::string text = status.ToString();
  const std::string path = directory.string();
  for (std::size_t at = 0; !path.empty() && (at = text.find(path, at)) != std::string::npos;) {
    text.erase(at, path.size());
  }
  return Error{CodeOf(status, text), "RocksDB: " + text, {}};
}

}  // namespace geflecht::store
