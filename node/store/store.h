// Where a node keeps what it knows. Two implementations, one contract suite (tests/store): memory
// and RocksDB. Values and the names in keys are sealed by SealedStore (sealed_store.h), not here.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/bytes.h"
#include "base/result.h"

namespace geflecht::store {

// Tables map to RocksDB column families: bodies and documents' data are compacted apart from the
// log.
enum class Table : std::uint8_t { kMeta = 0, kLog = 1, kBodies = 2, kIndex = 3, kDrafts = 4 };
inline constexpr std::size_t kTables = 5;

// A record lies in a group and is ordered within it. `group` is what SealedStore makes opaque; the
// order number stays readable, so it is a dense local number or a position, never content.
struct Key {
  Table table = Table::kMeta;
  Bytes group;
  std::uint64_t order = 0;
  auto operator<=>(const Key&) const = default;
};

struct Record {
  std::uint64_t order = 0;
  Bytes value;
};

// Reads see every batch that was written, and none in part.
class View {
 public:
  virtual ~View() = default;
  // Nothing if there is no such record. kCorruption if it cannot be read or opened.
  virtual Result<std::optional<Bytes>> Get(const Key& key) const = 0;
  // Calls `each` for the records of `table`/`group` with order >= from, ascending, until it returns
  // false. Writing while scanning is not allowed.
  virtual Result<void> Scan(Table table, ByteView group, std::uint64_t from,
                            const std::function<bool(const Record&)>& each) const = 0;
  // The record with the greatest order of a group that is not above key.order, or nothing.
  virtual Result<std::optional<Record>> Floor(const Key& key) const = 0;
  // The record with the greatest order of a group, or nothing.
  Result<std::optional<Record>> Last(Table table, ByteView group) const {
    return Floor({table, Bytes(group.begin(), group.end()), ~std::uint64_t{0}});
  }
};

struct Change {
  Key key;
  std::optional<Bytes> value;  // absent = delete
};
using Batch = std::vector<Change>;  // later changes of a key win
// Read by the one who made it and the one who writes it, on two threads; changed by nobody.
using SharedBatch = std::shared_ptr<const Batch>;

enum class Durability {
  kSynced,   // on the disk when Write returns
  kGrouped,  // on the disk after the next Sync or synced Write; kept in order meanwhile
};

// Thread: Write and Sync from one thread at a time; reads from any thread.
class Store : public View {
 public:
  // All of `batch` or nothing. kNoSpace leaves the store readable and unchanged; kIo means that the
  // state on the disk is unknown: the process must end and recover by opening again.
  virtual Result<void> Write(const Batch& batch, Durability durability) = 0;
  virtual Result<void> Sync() = 0;
  // Rewrites what is stored so that no file of the store holds any byte of values of `groups` that
  // were deleted or replaced before; a plain delete leaves them on the disk. Syncs. Takes seconds
  // for large groups; no Scan may be running. kCorruption, kNoSpace and kIo; repeating it is
  // harmless.
  virtual Result<void> Expunge(Table table, const std::vector<Bytes>& groups) = 0;
  // Reads all files of the store and compares their checksums: kCorruption with the file that does
  // not hold. From any thread. Nothing to do for a store without files.
  virtual Result<void> VerifyFiles() const { return {}; }
};

// In memory, for the simulator and for tests.
std::unique_ptr<Store> MakeMemoryStore();

}  // namespace geflecht::store
