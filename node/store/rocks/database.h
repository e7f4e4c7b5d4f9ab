// Opening a database: the directory's layout, the lock, the format version, the column families.
#pragma once

#include <rocksdb/db.h>

#include <filesystem>
#include <memory>
#include <vector>

#include "base/result.h"
#include "node/store/store.h"

namespace geflecht::store {

// An open database with a column family for each Table. Closes both.
class Database {
 public:
  // The errors of OpenRocksStore.
  static Result<std::unique_ptr<Database>> Open(const std::filesystem::path& directory);
  // For reading what is left (OpenDamagedRocksStore). Changes no file.
  static Result<std::unique_ptr<Database>> OpenDamaged(const std::filesystem::path& directory);
  static Result<void> RebuildCatalogue(const std::filesystem::path& directory);
  ~Database();
  Database(const Database&) = delete;
  Database& operator=(const Database&) = delete;

  rocksdb::DB& db() const { return *db_; }
  rocksdb::ColumnFamilyHandle* family(Table table) const {
    return families_[static_cast<std::size_t>(table)];
  }
  const std::vector<rocksdb::ColumnFamilyHandle*>& families() const { return families_; }
  const std::filesystem::path& directory() const { return directory_; }

 private:
  // Adds an empty table of each family: RocksDB's repair knows a family by its tables only, and
  // would drop what the log holds of one that has none yet. Families have the numbers in which they
  // were made, which is the same in every store.
  static Result<void> PlantFamilies(const std::filesystem::path& directory);
  explicit Database(const std::filesystem::path& directory) : directory_(directory) {}

  std::filesystem::path directory_;
  std::unique_ptr<rocksdb::DB> db_;
  std::vector<rocksdb::ColumnFamilyHandle*> families_;  // by Table; the last is "default"
};

}  // namespace geflecht::store
