#include "node/store/rocks/database.h"

#include <rocksdb/env.h>
#include <rocksdb/sst_file_writer.h>
#include <sys/stat.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <optional>
#include <string>
#include <string_view>
#include <system_error>
#include <utility>

#include "node/store/errno_error.h"
#include "node/store/files.h"
#include "node/store/rocks/log_tail.h"
#include "node/store/rocks/rocks_error.h"
#include "node/store/rocks/rocks_key.h"
#include "node/store/rocks/rocks_options.h"
#include "node/store/rocks/rocks_store.h"

namespace geflecht::store {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view kFormatKey = "format_version";

enum class Layout { kEmpty, kDatabase, kForeign };

// What RocksDB leaves behind when it is interrupted before a new database has its CURRENT.
bool FromInterruptedCreation(const std::string& name) {
  return name == "LOCK" || name == "IDENTITY" || name == "MANIFEST-000001" ||
         name.ends_with(".dbtmp");
}

Result<Layout> FindLayout(const fs::path& directory) {
  if (mkdir(directory.c_str(), 0700) != 0 && errno != EEXIST) {
    return Fail(ErrnoError(errno, "creation of the store's directory"));
  }
  Layout layout = Layout::kEmpty;
  std::error_code failure;
  for (fs::directory_iterator it(directory, failure), end; !failure && it != end;
       it.increment(failure)) {
    const std::string name = it->path().filename().string();
    if (name == "CURRENT") return Layout::kDatabase;
    if (!FromInterruptedCreation(name)) layout = Layout::kForeign;
  }
  if (failure) return Fail(ErrnoError(failure.value(), "listing of the store"));
  return layout;
}

// Holds RocksDB's own lock while the directory is examined without opening the database.
class FileLock {
 public:
  explicit FileLock(const fs::path& directory)
      : status_(rocksdb::Env::Default()->LockFile(directory / "LOCK", &lock_)) {}
  ~FileLock() { Release(); }
  FileLock(const FileLock&) = delete;
  FileLock& operator=(const FileLock&) = delete;

  const rocksdb::Status& status() const { return status_; }
  void Release() {
    if (lock_ != nullptr) rocksdb::Env::Default()->UnlockFile(std::exchange(lock_, nullptr));
  }

 private:
  rocksdb::FileLock* lock_ = nullptr;
  rocksdb::Status status_;
};

// Opening read-only changes no file, so that a store of another version stays as it is.
Result<std::optional<std::string>> ReadFormat(const fs::path& directory) {
  rocksdb::DB* raw = nullptr;
  rocksdb::Status status = rocksdb::DB::OpenForReadOnly(RocksOptions(), directory, &raw);
  if (!status.ok()) return Fail(RocksError(status, directory));
  const std::unique_ptr<rocksdb::DB> db(raw);
  std::string value;
  status = db->Get(rocksdb::ReadOptions(), AsSlice(AsBytes(kFormatKey)), &value);
  if (status.IsNotFound()) return std::optional<std::string>();
  if (!status.ok()) return Fail(RocksError(status, directory));
  return std::optional<std::string>(std::move(value));
}

Result<std::vector<std::string>> ListFamilies(const fs::path& directory) {
  std::vector<std::string> names;
  const rocksdb::Status status = rocksdb::DB::ListColumnFamilies(RocksOptions(), directory, &names);
  if (!status.ok()) return Fail(RocksError(status, directory));
  return names;
}

// True if the format is ours, false if the database is a creation that was interrupted.
Result<bool> CheckFormat(const fs::path& directory) {
  ASSIGN(const std::vector<std::string> names, ListFamilies(directory));
  ASSIGN(const std::optional<std::string> format, ReadFormat(directory));
  if (!format) {
    if (names.size() == 1) return false;
    return Fail(Code::kUsage, "the directory holds a RocksDB database that is not a store");
  }
  const std::string ours = std::to_string(kFormatVersion);
  if (*format != ours) {
    const bool number =
        !format->empty() && format->size() < 10 &&
        std::all_of(format->begin(), format->end(), [](char c) { return c >= '0' && c <= '9'; });
    if (!number) return Fail(Code::kCorruption, "the format version is not a number");
    return Fail(Code::kFormatVersion, "the store has format " + *format +
                                          ", this program needs format " + ours +
                                          "; open it with a program for format " + *format);
  }
  for (const std::string& name : names) {
    if (name == rocksdb::kDefaultColumnFamilyName) continue;
    if (std::find(kFamilies.begin(), kFamilies.end(), name) == kFamilies.end()) {
      return Fail(Code::kCorruption, "the store has a column family that its format lacks");
    }
  }
  return true;
}

// The format version is on the disk before there is any column family for data.
Result<void> WriteFormat(const fs::path& directory) {
  rocksdb::Options options = RocksOptions();
  options.create_if_missing = true;
  rocksdb::DB* raw = nullptr;
  rocksdb::Status status = rocksdb::DB::Open(options, directory, &raw);
  if (!status.ok()) return Fail(RocksError(status, directory));
  const std::unique_ptr<rocksdb::DB> db(raw);
  rocksdb::WriteOptions synced;
  synced.sync = true;
  status = db->Put(synced, AsSlice(AsBytes(kFormatKey)), std::to_string(kFormatVersion));
  if (!status.ok()) return Fail(RocksError(status, directory));
  status = db->Close();
  if (!status.ok()) return Fail(RocksError(status, directory));
  return {};
}

fs::path ParentOf(const fs::path& directory) {
  return directory.has_parent_path() ? directory.parent_path() : ".";
}

Result<void> Prepare(const fs::path& directory) {
  ASSIGN(const Layout layout, FindLayout(directory));
  if (layout == Layout::kForeign) {
    return Fail(Code::kUsage, "the directory is not empty and holds no store");
  }
  FileLock lock(directory);
  if (!lock.status().ok()) return Fail(RocksError(lock.status(), directory));
  if (layout == Layout::kDatabase) {
    TRY(CheckLogTails(directory));
    ASSIGN(const bool complete, CheckFormat(directory));
    if (complete) return {};
  }
  lock.Release();
  TRY(SyncDirectory(ParentOf(directory)));
  return WriteFormat(directory);
}

}  // namespace

namespace {

// Takes whatever is intact.
rocksdb::Options LenientOptions() {
  rocksdb::Options options = RocksOptions();
  options.wal_recovery_mode = rocksdb::WALRecoveryMode::kSkipAnyCorruptedRecords;
  options.track_and_verify_wals_in_manifest = false;
  options.paranoid_checks = false;
  options.force_consistency_checks = false;
  return options;
}

std::vector<rocksdb::ColumnFamilyDescriptor> Descriptors(const rocksdb::Options& options) {
  std::vector<rocksdb::ColumnFamilyDescriptor> families;
  for (const std::string& name : kFamilies) families.emplace_back(name, options);
  families.emplace_back(rocksdb::kDefaultColumnFamilyName, options);
  return families;
}

}  // namespace

Result<std::unique_ptr<Database>> Database::Open(const fs::path& directory) {
  TRY(Prepare(directory));
  rocksdb::Options options = RocksOptions();
  options.create_missing_column_families = true;
  std::unique_ptr<Database> database(new Database(directory));
  rocksdb::DB* raw = nullptr;
  const rocksdb::Status status =
      rocksdb::DB::Open(options, directory, Descriptors(options), &database->families_, &raw);
  if (!status.ok()) return Fail(RocksError(status, directory));
  database->db_.reset(raw);
  return database;
}

Result<std::unique_ptr<Database>> Database::OpenDamaged(const fs::path& directory) {
  const rocksdb::Options options = LenientOptions();
  std::unique_ptr<Database> database(new Database(directory));
  rocksdb::DB* raw = nullptr;
  const rocksdb::Status status = rocksdb::DB::OpenForReadOnly(
      options, directory, Descriptors(options), &database->families_, &raw);
  if (!status.ok()) return Fail(RocksError(status, directory));
  database->db_.reset(raw);
  return database;
}

Result<void> Database::PlantFamilies(const fs::path& directory) {
  const fs::path fresh = directory / "families";
  {
    ASSIGN(const std::unique_ptr<Database> database, Open(fresh));
    constexpr int kFirstNumber = 900'000;  // far behind those in use
    int number = kFirstNumber;
    for (rocksdb::ColumnFamilyHandle* family : database->families_) {
      rocksdb::SstFileWriter table(rocksdb::EnvOptions(), LenientOptions(), family);
      rocksdb::Status status = table.Open(directory / (std::to_string(number++) + ".sst"));
      // Shorter than any key of a record.
      if (status.ok()) status = table.Put("-", "");
      if (status.ok()) status = table.Finish();
      if (!status.ok()) return Fail(RocksError(status, directory));
    }
  }
  std::error_code failure;
  fs::remove_all(fresh, failure);
  if (failure) return Fail(ErrnoError(failure.value(), "removal of a new database"));
  return {};
}

Result<void> Database::RebuildCatalogue(const fs::path& directory) {
  TRY(PlantFamilies(directory));
  const rocksdb::Options options = LenientOptions();
  const rocksdb::Status status = rocksdb::RepairDB(directory, options, Descriptors(options));
  if (!status.ok()) return Fail(RocksError(status, directory));
  return {};
}

Database::~Database() {
  if (!db_) return;
  for (rocksdb::ColumnFamilyHandle* family : families_) {
    db_->DestroyColumnFamilyHandle(family).PermitUncheckedError();
  }
  db_->Close().PermitUncheckedError();
}

}  // namespace geflecht::store
