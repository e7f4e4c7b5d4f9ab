#include "node/store/rocks/rocks_store.h"

#include <rocksdb/db.h>
#include <rocksdb/write_batch.h>

#include <limits>
#include <string>
#include <utility>

#include "node/store/rocks/database.h"
#include "node/store/rocks/rocks_error.h"
#include "node/store/rocks/rocks_key.h"
#include "node/store/rocks/rocks_options.h"

namespace geflecht::store {
namespace {

constexpr const char* kInMemory = "in memory";  // a key of the family "default"
constexpr std::uint64_t kOrderMax = std::numeric_limits<std::uint64_t>::max();

Bytes Copy(const rocksdb::Slice& slice) {
  const ByteView view = AsView(slice);
  return {view.begin(), view.end()};
}

// The record at `it` if it belongs to the group of `prefix`.
std::optional<Record> RecordAt(const rocksdb::Iterator& it, const Bytes& prefix) {
  if (!it.Valid() || it.key().size() != prefix.size() + kOrderBytes ||
      !it.key().starts_with(AsSlice(prefix))) {
    return std::nullopt;
  }
  return Record{ReadBe64(AsView(it.key()).subspan(prefix.size())), Copy(it.value())};
}

// About what the batch takes in RocksDB's form.
std::size_t SizeOf(const Batch& batch) {
  constexpr std::size_t kFixed = 32;  // family, lengths, order
  std::size_t bytes = kFixed;
  for (const Change& change : batch)
    bytes += kFixed + change.key.group.size() + (change.value ? change.value->size() : 0);
  return bytes;
}

class RocksStore final : public Store {
 public:
  explicit RocksStore(std::unique_ptr<Database> database) : database_(std::move(database)) {}

  Result<std::optional<Bytes>> Get(const Key& key) const override {
    rocksdb::PinnableSlice value;
    const Bytes place = PhysicalKey(key.group, key.order);
    const rocksdb::Status status = database_->db().Get(
        rocksdb::ReadOptions(), database_->family(key.table), AsSlice(place), &value);
    if (status.IsNotFound()) return std::optional<Bytes>();
    TRY(Check(status));
    return std::optional<Bytes>(Copy(value));
  }

  Result<void> Scan(Table table, ByteView group, std::uint64_t from,
                    const std::function<bool(const Record&)>& each) const override {
    const Bytes prefix = GroupPrefix(group);
    const std::unique_ptr<rocksdb::Iterator> it = Iterate(table);
    for (it->Seek(AsSlice(PhysicalKey(group, from)));; it->Next()) {
      const std::optional<Record> record = RecordAt(*it, prefix);
      if (!record) return Check(it->status());
      if (!each(*record)) return {};
    }
  }

  Result<std::optional<Record>> Floor(const Key& key) const override {
    const std::unique_ptr<rocksdb::Iterator> it = Iterate(key.table);
    it->SeekForPrev(AsSlice(PhysicalKey(key.group, key.order)));
    std::optional<Record> record = RecordAt(*it, GroupPrefix(key.group));
    if (!record) TRY(Check(it->status()));
    return record;
  }

  Result<void> Write(const Batch& batch, Durability durability) override {
    TRY(CheckAlive());
    if (batch.empty()) return durability == Durability::kSynced ? Sync() : Result<void>();
    rocksdb::WriteBatch writes(SizeOf(batch));
    Bytes place;
    for (const Change& change : batch) {
      rocksdb::ColumnFamilyHandle* family = database_->family(change.key.table);
      place.clear();
      AppendPhysicalKey(place, change.key.group, change.key.order);
      TRY(Check(change.value ? writes.Put(family, AsSlice(place), AsSlice(*change.value))
                             : writes.Delete(family, AsSlice(place))));
    }
    TRY(BeginLogIfLong(writes.GetDataSize()));
    TRY(KeepSomethingInMemory());
    rocksdb::WriteOptions options;
    options.sync = durability == Durability::kSynced;
    return Settle(database_->db().Write(options, &writes));
  }

  Result<void> Sync() override {
    TRY(CheckAlive());
    return Settle(database_->db().SyncWAL());
  }

  Result<void> Expunge(Table table, const std::vector<Bytes>& groups) override {
    TRY(CheckAlive());
    // Every family, because one write-ahead log serves all and goes when none needs it any more.
    TRY(Flush(rocksdb::FlushOptions()));
    rocksdb::CompactRangeOptions options;
    options.exclusive_manual_compaction = true;
    // Without it the lowest level, where the old values are, is left alone.
    options.bottommost_level_compaction = rocksdb::BottommostLevelCompaction::kForceOptimized;
    for (const Bytes& group : groups) {
      const Bytes first = PhysicalKey(group, 0);
      const Bytes last = PhysicalKey(group, kOrderMax);
      const rocksdb::Slice begin = AsSlice(first);
      const rocksdb::Slice end = AsSlice(last);
      TRY(Settle(database_->db().CompactRange(options, database_->family(table), &begin, &end)));
    }
    return {};
  }

  Result<void> VerifyFiles() const override {
    rocksdb::ReadOptions options;
    options.fill_cache = false;
    return Check(database_->db().VerifyChecksum(options));
  }

 private:
  Result<void> Check(const rocksdb::Status& status) const {
    if (status.ok()) return {};
    return Fail(RocksError(status, database_->directory()));
  }

  // When there is space again, RocksDB 7.8 begins a new log only if it has something to flush. Else
  // it goes on with the log whose last write failed, and its assertions end the process (RocksDB
  // issues 11643 and 12998). So there is always something: of no meaning, and in no log.
  Result<void> KeepSomethingInMemory() {
    rocksdb::ColumnFamilyHandle* const family = database_->families().back();
    std::uint64_t entries = 0;
    if (!database_->db().GetIntProperty(family, rocksdb::DB::Properties::kNumEntriesActiveMemTable,
                                        &entries))
      return Fail(Code::kInternal, "RocksDB does not know what it has in memory");
    if (entries > 0) return {};
    rocksdb::WriteOptions options;
    options.disableWAL = true;
    return Settle(database_->db().Put(options, family, kInMemory, "-"));
  }

  // RocksDB would flush every family itself in front of a write when the logs are long, and that
  // write would find nothing in memory.
  Result<void> BeginLogIfLong(std::size_t bytes) {
    if (logged_ + bytes > kLogBytesMax) {
      rocksdb::FlushOptions options;
      options.wait = false;
      options.allow_write_stall = true;
      TRY(Flush(options));
    }
    logged_ += bytes;
    return {};
  }

  Result<void> Flush(const rocksdb::FlushOptions& options) {
    TRY(Settle(database_->db().Flush(options, database_->families())));
    logged_ = 0;
    return {};
  }

  // After kIo nobody knows what is on the disk, and repeating a failed fsync may succeed without
  // having written anything.
  Result<void> Settle(const rocksdb::Status& status) {
    Result<void> outcome = Check(status);
    if (!outcome && outcome.error().code == Code::kIo) dead_ = true;
    return outcome;
  }

  Result<void> CheckAlive() const {
    if (!dead_) return {};
    return Fail(Code::kIo, "an earlier write failed; the store has to be opened again");
  }

  std::unique_ptr<rocksdb::Iterator> Iterate(Table table) const {
    return std::unique_ptr<rocksdb::Iterator>(
        database_->db().NewIterator(rocksdb::ReadOptions(), database_->family(table)));
  }

  std::unique_ptr<Database> database_;
  bool dead_ = false;
  std::size_t logged_ = 0;  // bytes since all families were flushed
};

}  // namespace

Result<std::unique_ptr<Store>> OpenDamagedRocksStore(const std::filesystem::path& directory) {
  ASSIGN(std::unique_ptr<Database> database, Database::OpenDamaged(directory));
  return std::unique_ptr<Store>(std::make_unique<RocksStore>(std::move(database)));
}

Result<void> RebuildCatalogue(const std::filesystem::path& directory) {
  return Database::RebuildCatalogue(directory);
}

Result<std::unique_ptr<Store>> OpenRocksStore(const std::filesystem::path& directory) {
  ASSIGN(std::unique_ptr<Database> database, Database::Open(directory));
  return std::unique_ptr<Store>(std::make_unique<RocksStore>(std::move(database)));
}

}  // namespace geflecht::store
