#include "node/store/rocks/rocks_options.h"

#include <rocksdb/cache.h>
#include <rocksdb/env.h>
#include <rocksdb/filter_policy.h>
#include <rocksdb/table.h>

#include <cstdarg>
#include <memory>

#include "node/store/rocks/durable_names.h"

namespace geflecht::store {
namespace {

constexpr std::size_t kKiB = 1024;
constexpr std::size_t kMiB = 1024 * kKiB;

// RocksDB's own log lines hold keys and paths; what matters arrives as a status.
class SilentLogger final : public rocksdb::Logger {
 public:
  SilentLogger() : rocksdb::Logger(rocksdb::InfoLogLevel::FATAL_LEVEL) {}
  using rocksdb::Logger::Logv;
  void Logv(const char*, va_list) override {}
};

void SetDurability(rocksdb::Options& options) {
  options.env = DurableNamesEnv();
  options.wal_recovery_mode = rocksdb::WALRecoveryMode::kTolerateCorruptedTailRecords;
  options.track_and_verify_wals_in_manifest = true;
  options.verify_sst_unique_id_in_manifest = true;
  options.paranoid_checks = true;
  options.paranoid_file_checks = true;
  options.force_consistency_checks = true;
  options.manual_wal_flush = false;
  options.avoid_flush_during_shutdown = true;  // all that counts is in the log
  options.recycle_log_file_num = 0;
  options.WAL_ttl_seconds = 0;
  options.WAL_size_limit_MB = 0;
}

// One thread writes, so what orders several writers is only in the way.
void SetWriting(rocksdb::Options& options) {
  options.allow_concurrent_memtable_write = false;
  options.enable_write_thread_adaptive_yield = false;
}

void SetMemory(rocksdb::Options& options) {
  options.db_write_buffer_size = 48 * kMiB;
  options.write_buffer_size = 8 * kMiB;
  options.arena_block_size = 64 * kKiB;
  options.max_write_buffer_number = 4;
  options.max_total_wal_size = 2 * kLogBytesMax;  // rocks_store.cc flushes before
  options.target_file_size_base = 8 * kMiB;
  options.level0_file_num_compaction_trigger = 8;
  options.max_open_files = 256;
  options.max_background_jobs = 2;
  options.max_subcompactions = 1;
  options.max_file_opening_threads = 1;
  options.stats_dump_period_sec = 0;
  options.stats_persist_period_sec = 0;
}

}  // namespace

rocksdb::Options RocksOptions() {
  rocksdb::Options options;
  SetDurability(options);
  SetWriting(options);
  SetMemory(options);
  options.info_log = std::make_shared<SilentLogger>();
  options.compression = rocksdb::kNoCompression;
  options.enable_blob_files = false;
  options.keep_log_file_num = 1;

  rocksdb::BlockBasedTableOptions table;
  table.block_cache = rocksdb::NewLRUCache(8 * kMiB, /*num_shard_bits=*/2);
  table.filter_policy.reset(rocksdb::NewBloomFilterPolicy(10));
  table.cache_index_and_filter_blocks = true;
  table.pin_l0_filter_and_index_blocks_in_cache = true;
  options.table_factory.reset(rocksdb::NewBlockBasedTableFactory(table));
  return options;
}

}  // namespace geflecht::store
