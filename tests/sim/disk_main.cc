// geflecht_disk FILE FOLDER: what was written to a simulated disk (disk_file.h), as RocksDB keeps
// it without the seal, with the rewritings that the node asked for. No part of the simulator, whose
// memory is counted.
#include <cstdio>
#include <filesystem>
#include <map>
#include <set>

#include "node/store/files.h"
#include "node/store/rocks/rocks_store.h"
#include "tests/sim/disk_file.h"

namespace geflecht::sim {
namespace {

// Rewriting is done once for so many batches: later than the node asks for, never earlier.
constexpr std::size_t kBatchesOfARewriting = 2'000;
constexpr std::size_t kFileMax = 1'000'000'000;

using Groups = std::map<store::Table, std::set<Bytes>>;

Result<void> Rewrite(store::Store& disk, Groups& groups) {
  for (const auto& [table, names] : groups) TRY(disk.Expunge(table, {names.begin(), names.end()}));
  groups.clear();
  return {};
}

Result<void> Run(const char* file, const std::filesystem::path& folder) {
  ASSIGN(const Bytes written, store::ReadFile(file, kFileMax));
  std::filesystem::create_directories(folder);
  ASSIGN(const auto disk, store::OpenRocksStore(folder));
  Groups asked;
  std::size_t count = 0;
  TRY(ReadWritten(written, [&](const WrittenBatch& batch) -> Result<void> {
    TRY(disk->Write(batch.changes, store::Durability::kGrouped));
    for (const store::GroupName& name : batch.expunged) asked[name.table].insert(name.group);
    return ++count % kBatchesOfARewriting == 0 ? Rewrite(*disk, asked) : Result<void>();
  }));
  TRY(Rewrite(*disk, asked));
  TRY(disk->Sync());
  std::printf("%zu batches\n", count);
  return {};
}

}  // namespace
}  // namespace geflecht::sim

int main(int argc, char** argv) {
  if (argc != 3) {
    std::fprintf(stderr, "usage: geflecht_disk FILE FOLDER\n");
    return 2;
  }
  const auto done = geflecht::sim::Run(argv[1], argv[2]);
  if (!done) std::fprintf(stderr, "geflecht_disk: %s\n", done.error().detail.c_str());
  return done ? 0 : 1;
}
