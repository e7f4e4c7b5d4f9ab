#include "node/store/rocks/durable_names.h"

#include <rocksdb/file_system.h>

#include <filesystem>
#include <memory>
#include <string>

#include "node/store/files.h"

namespace geflecht::store {
namespace {

class DurableNames final : public rocksdb::FileSystemWrapper {
 public:
  DurableNames() : rocksdb::FileSystemWrapper(rocksdb::FileSystem::Default()) {}
  const char* Name() const override { return "DurableNames"; }
  rocksdb::IOStatus RenameFile(const std::string& from, const std::string& to,
                               const rocksdb::IOOptions& options,
                               rocksdb::IODebugContext* debug) override {
    const auto synced = SyncDirectory(std::filesystem::path(to).parent_path());
    if (!synced) return rocksdb::IOStatus::IOError(synced.error().detail);
    return target()->RenameFile(from, to, options, debug);
  }
};

}  // namespace

rocksdb::Env* DurableNamesEnv() {
  // Never destroyed: databases may be closed while the program ends.
  static rocksdb::Env* const env =
      rocksdb::NewCompositeEnv(std::make_shared<DurableNames>()).release();
  return env;
}

}  // namespace geflecht::store
