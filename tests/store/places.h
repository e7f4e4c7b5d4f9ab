// The kinds of store that the contract suite runs on.
#pragma once

#include <gtest/gtest.h>

#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "base/rng.h"
#include "node/crypto/secret.h"
#include "node/store/store.h"

namespace geflecht::store {

// A directory that is removed at the end: in memory where the system offers it, since most of the
// time of these tests would go into waiting for a disk, or `on_disk`.
class TempDirectory {
 public:
  explicit TempDirectory(bool on_disk = false);
  ~TempDirectory();
  TempDirectory(const TempDirectory&) = delete;
  TempDirectory& operator=(const TempDirectory&) = delete;
  const std::filesystem::path& path() const { return path_; }

 private:
  std::filesystem::path path_;
};

// Where a store lives on while it is closed.
class Place {
 public:
  virtual ~Place() = default;
  // `key` fills the storage key; unsealed kinds ignore it.
  virtual Result<std::unique_ptr<Store>> Open(std::uint8_t key = 1) = 0;
};

// Defined once for memory and once for RocksDB.
std::vector<std::string> PlaceKinds();
std::unique_ptr<Place> MakePlace(const std::string& kind);

inline crypto::SecretBytes StorageKey(std::uint8_t fill) {
  return crypto::SecretBytes::Copy(Bytes(32, fill));
}

// The value of `result`, which must be one.
template <class T>
T Must(Result<T> result) {
  if (!result) {
    ADD_FAILURE() << CodeName(result.error().code) << ": " << result.error().detail;
    std::abort();
  }
  if constexpr (!std::is_void_v<T>) return *std::move(result);
}

inline Change Put(Table table, std::string_view group, std::uint64_t order,
                  std::string_view value) {
  return {{table, ToBytes(group), order}, ToBytes(value)};
}

inline Change Delete(Table table, std::string_view group, std::uint64_t order) {
  return {{table, ToBytes(group), order}, std::nullopt};
}

inline std::optional<std::string> Read(const View& view, Table table, std::string_view group,
                                       std::uint64_t order) {
  const std::optional<Bytes> value = Must(view.Get({table, ToBytes(group), order}));
  return value ? std::optional(ToText(*value)) : std::nullopt;
}

inline std::vector<std::pair<std::uint64_t, std::string>> ReadAll(const View& view, Table table,
                                                                  std::string_view group,
                                                                  std::uint64_t from = 0) {
  std::vector<std::pair<std::uint64_t, std::string>> out;
  Must(view.Scan(table, AsBytes(group), from, [&](const Record& record) {
    out.emplace_back(record.order, ToText(record.value));
    return true;
  }));
  return out;
}

// A new seed for each run, printed, or the one of GEFLECHT_SEED.
std::uint64_t TestSeed();

}  // namespace geflecht::store
