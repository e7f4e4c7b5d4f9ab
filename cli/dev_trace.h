// `geflecht dev trace`: replays a recorded editing history on the document engine and measures it.
#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "cli/trace_file.h"
#include "crdt/change.h"
#include "crdt/codec.h"
#include "crdt/document.h"
#include "crdt/schema.h"

namespace geflecht::cli {

enum class TraceMode {
  kLocal,     // all patches in one transaction; sequential traces only
  kLive,      // one transaction and one change for each step; sequential traces only
  kMerge,     // the steps as changes of other devices, then one reading
  kLoad,      // a file with all history: load, read
  kCheckout,  // the same file, loaded: read the version in the middle
};
// "local", "live", "merge", "load", "checkout"; nothing for any other name.
std::optional<TraceMode> ParseTraceMode(std::string_view name);

struct TraceReport {
  std::uint64_t edits = 0;  // patches
  double cpu_ms = 0;        // of this thread, the median of all repetitions
  double us_per_edit = 0;
  std::uint64_t bytes = 0;        // of all changes, encoded; of the file
  std::optional<double> load_ms;  // in mode kLoad: cpu_ms
  std::uint64_t live_bytes = 0;   // heap that the documents hold; loaded, their history is packed
  // Only in mode kLoad: the same once something concurrent was merged, and the growth of the
  // resident memory by both.
  std::optional<std::uint64_t> hot_bytes, rss_kb, hot_rss_kb;
  std::uint64_t peak_rss_kb = 0;  // of the process
  bool final_ok = false;          // every text is the recorded one
};

// Of all traces: one text at "/text".
const crdt::Schema& TraceSchema();
crdt::AgentId TraceAgent(std::string_view name);

// The steps of a history as changes of a document whose text is at "/text".
std::vector<crdt::Change> TraceChanges(const TraceHistory& history);
// The fields of each of these, with the ids of `changes`.
using EncodedTrace = std::vector<std::vector<crdt::EncodedField>>;
EncodedTrace EncodeTrace(const std::vector<crdt::Change>& changes);
// The patches of a step as edits of "/text".
Result<void> TypeStep(crdt::Transaction& transaction, const TraceStep& step);

// kUsage for a mode that the trace does not allow ("hint.trace-mode") or `repeat` < 1; else those
// of ReadTraceFile, and kMalformed if a patch does not fit into the text.
Result<TraceReport> RunTrace(const std::filesystem::path& file, TraceMode mode, int repeat);

}  // namespace geflecht::cli
