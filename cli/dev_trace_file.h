// Part of `geflecht dev trace`: the document as a file with all its history.
#pragma once

#include <cstdint>

#include "base/result.h"
#include "cli/trace_file.h"

namespace geflecht::cli {

struct FileRun {
  double cpu_ms = 0;             // of loading, or of the checkout, with reading of the text
  std::uint64_t bytes = 0;       // of the file
  std::uint64_t live_bytes = 0;  // heap that the loaded document holds
  bool final_ok = false;
};

// Sequential histories are cut into changes of 512 edits, concurrent ones at their steps. The
// file's content is packed with zstd.
// Loads the file and reads the text.
Result<FileRun> LoadTrace(const TraceHistory& history);
// Reads the text as it was when half of the changes had been made.
Result<FileRun> CheckoutTrace(const TraceHistory& history);

// Heap bytes of the process in use.
std::uint64_t HeapBytes();
// Of this thread.
double ThreadCpuMs();

}  // namespace geflecht::cli
