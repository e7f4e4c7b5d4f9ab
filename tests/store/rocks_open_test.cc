// Whom OpenRocksStore lets in.
#include <rocksdb/db.h>
#include <sys/stat.h>

#include "node/store/rocks/rocks_store.h"
#include "tests/store/child.h"
#include "tests/store/places.h"
#include "tests/store/raw_files.h"

namespace geflecht::store {
namespace {

namespace fs = std::filesystem;

Error RefusalOf(const fs::path& directory) {
  Result<std::unique_ptr<Store>> store = OpenRocksStore(directory);
  if (store) return Error{Code::kInternal, "opened", {}};
  return store.error();
}

// Sets the format version behind the store's back.
void SetFormat(const fs::path& directory, const std::string& value) {
  std::vector<std::string> names;
  ASSERT_TRUE(rocksdb::DB::ListColumnFamilies({}, directory, &names).ok());
  std::vector<rocksdb::ColumnFamilyDescriptor> families;
  for (const std::string& name : names) families.emplace_back(name, rocksdb::Options());
  std::vector<rocksdb::ColumnFamilyHandle*> handles;
  rocksdb::DB* db = nullptr;
  ASSERT_TRUE(rocksdb::DB::Open({}, directory, families, &handles, &db).ok());
  ASSERT_TRUE(db->Put({}, "format_version", value).ok());
  for (auto* handle : handles) ASSERT_TRUE(db->DestroyColumnFamilyHandle(handle).ok());
  delete db;
}

TEST(RocksOpen, ASecondOpenIsLockedInThisAndInAnotherProcess) {
  const TempDirectory directory;
  const std::unique_ptr<Store> store = Must(OpenRocksStore(directory.path()));
  Must(store->Write({Put(Table::kLog, "g", 1, "a")}, Durability::kSynced));
  EXPECT_EQ(RefusalOf(directory.path()).code, Code::kLocked);
  Child second("open", directory.path());
  EXPECT_TRUE(second.Line().value_or("").starts_with("locked "));
  Must(store->Write({Put(Table::kLog, "g", 2, "b")}, Durability::kSynced));
}

TEST(RocksOpen, TheDirectoryIsCreatedForTheOwnerOnly) {
  const TempDirectory directory;
  Must(OpenRocksStore(directory.path() / "new"));
  struct stat info {};
  ASSERT_EQ(stat((directory.path() / "new").c_str(), &info), 0);
  EXPECT_EQ(info.st_mode & 07777, 0700u);
  EXPECT_EQ(RefusalOf(directory.path() / "none" / "new").code, Code::kNotFound);
}

TEST(RocksOpen, AnotherFormatVersionIsRefusedAndLeftAlone) {
  for (const std::uint32_t number : {0u, kFormatVersion - 1, kFormatVersion + 1, 4'000'000u}) {
    const std::string version = std::to_string(number);
    const TempDirectory directory;
    Must(OpenRocksStore(directory.path()));
    SetFormat(directory.path(), version);
    std::vector<std::string> before;
    for (const auto& entry : fs::directory_iterator(directory.path())) {
      before.push_back(entry.path().filename().string() + Slurp(entry.path()));
    }
    const Error error = RefusalOf(directory.path());
    EXPECT_EQ(error.code, Code::kFormatVersion);
    EXPECT_NE(error.detail.find("store has format " + std::string(version)), std::string::npos);
    EXPECT_NE(error.detail.find("needs format " + std::to_string(kFormatVersion)),
              std::string::npos);
    std::vector<std::string> after;
    for (const auto& entry : fs::directory_iterator(directory.path())) {
      after.push_back(entry.path().filename().string() + Slurp(entry.path()));
    }
    EXPECT_TRUE(before == after) << "a file was changed";
    SetFormat(directory.path(), std::to_string(kFormatVersion));
    EXPECT_TRUE(OpenRocksStore(directory.path()));
  }
}

TEST(RocksOpen, AForeignDirectoryIsRefusedAndLeftAlone) {
  const TempDirectory directory;
  Spill(directory.path() / "letter.txt", "dear all");
  EXPECT_EQ(RefusalOf(directory.path()).code, Code::kUsage);
  EXPECT_EQ(Slurp(directory.path() / "letter.txt"), "dear all");
  EXPECT_EQ(std::distance(fs::directory_iterator(directory.path()), fs::directory_iterator()), 1);
}

TEST(RocksOpen, AForeignDatabaseIsRefused) {
  const TempDirectory directory;
  rocksdb::Options options;
  options.create_if_missing = true;
  rocksdb::DB* db = nullptr;
  ASSERT_TRUE(rocksdb::DB::Open(options, directory.path(), &db).ok());
  rocksdb::ColumnFamilyHandle* family = nullptr;
  ASSERT_TRUE(db->CreateColumnFamily({}, "theirs", &family).ok());
  ASSERT_TRUE(db->DestroyColumnFamilyHandle(family).ok());
  delete db;
  EXPECT_EQ(RefusalOf(directory.path()).code, Code::kUsage);
}

TEST(RocksOpen, AnInterruptedCreationIsFinished) {
  const TempDirectory directory;
  Spill(directory.path() / "LOCK", "");
  Spill(directory.path() / "MANIFEST-000001", "");
  Spill(directory.path() / "000001.dbtmp", "MANI");
  {
    const std::unique_ptr<Store> store = Must(OpenRocksStore(directory.path()));
    Must(store->Write({Put(Table::kLog, "g", 1, "a")}, Durability::kSynced));
  }
  EXPECT_EQ(Read(*Must(OpenRocksStore(directory.path())), Table::kLog, "g", 1), "a");

  const TempDirectory without_format;
  rocksdb::Options options;
  options.create_if_missing = true;
  rocksdb::DB* db = nullptr;
  ASSERT_TRUE(rocksdb::DB::Open(options, without_format.path(), &db).ok());
  delete db;
  EXPECT_TRUE(OpenRocksStore(without_format.path()));
}

TEST(RocksOpen, ErrorsDoNotNameTheDirectory) {
  const TempDirectory directory;
  const std::unique_ptr<Store> store = Must(OpenRocksStore(directory.path()));
  EXPECT_EQ(RefusalOf(directory.path()).detail.find(directory.path().string()), std::string::npos);
}

}  // namespace
}  // namespace geflecht::store
