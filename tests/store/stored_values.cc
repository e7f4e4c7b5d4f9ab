// stored_values STORE: each value in a copy of a node's store as it lies on the disk: "TABLE KEY
// END" in hex, END being its last 32 bytes. For the test that looks for deleted ones in all files.
#include <rocksdb/db.h>

#include <algorithm>
#include <cstdio>
#include <memory>
#include <string>
#include <vector>

#include "base/hex.h"

int main(int argc, char** argv) {
  using namespace geflecht;
  if (argc != 2) return std::fprintf(stderr, "usage: stored_values STORE\n"), 2;
  std::vector<std::string> names;
  std::vector<rocksdb::ColumnFamilyDescriptor> families;
  // Else RocksDB wants to forget the logs that a running node has listed, which a reader may not.
  rocksdb::DBOptions options;
  options.track_and_verify_wals_in_manifest = true;
  rocksdb::Status status = rocksdb::DB::ListColumnFamilies(options, argv[1], &names);
  for (const std::string& name : names) families.emplace_back(name, rocksdb::ColumnFamilyOptions());
  std::vector<rocksdb::ColumnFamilyHandle*> handles;
  rocksdb::DB* raw = nullptr;
  if (status.ok())
    status = rocksdb::DB::OpenForReadOnly(options, argv[1], families, &handles, &raw);
  if (!status.ok()) return std::fprintf(stderr, "%s\n", status.ToString().c_str()), 1;
  const std::unique_ptr<rocksdb::DB> database(raw);
  const auto hex = [](std::string_view bytes) { return ToHex(AsBytes(bytes)); };
  for (std::size_t i = 0; i < handles.size(); ++i) {
    const std::unique_ptr<rocksdb::Iterator> each(database->NewIterator({}, handles[i]));
    for (each->SeekToFirst(); each->Valid(); each->Next()) {
      const std::string_view value(each->value().data(), each->value().size());
      constexpr std::size_t kEnd = 32;
      std::printf("%s %s %s\n", names[i].c_str(),
                  hex({each->key().data(), each->key().size()}).c_str(),
                  hex(value.substr(value.size() - std::min(value.size(), kEnd))).c_str());
    }
  }
  for (rocksdb::ColumnFamilyHandle* handle : handles)
    if (!database->DestroyColumnFamilyHandle(handle).ok()) return 1;
  return 0;
}
