// Part of `geflecht dev trace`: the document as a file with all its history.
#pragma once

#include <cstdint>
#include <string>

#include "base/bytes.h"
#include "base/result.h"
#include "cli/trace_file.h"
#include "crdt/document.h"

namespace geflecht::cli {

struct FileRun {
  // What a document takes: bytes that the allocator counts, and growth of the resident memory after
  // everything free was given back.
  struct Memory {
    std::uint64_t live_bytes = 0;
    std::uint64_t rss_kb = 0;
  };
  double cpu_ms = 0;        // of loading, or of the checkout, with reading of the text
  std::uint64_t bytes = 0;  // of the file
  Memory cold;              // loaded, text read
  Memory hot;               // by LoadTrace: merged what somebody wrote beside the last change
  bool final_ok = false;
};

// A history as a node would have it: what one writer did without hearing of anybody is one change
// of at most 512 edits. The file's content is packed with zstd.
struct SavedTrace {
  Bytes file;
  crdt::Heads middle;  // when half of the changes were made
  std::string middle_text;
  crdt::Change late;  // concurrent to the last change; without parents if there is no other
  std::string late_text;
};
Result<SavedTrace> SaveTrace(const TraceHistory& history);
Result<crdt::Document> LoadSaved(ByteView file);

// Loads the file and reads the text.
Result<FileRun> LoadTrace(const TraceHistory& history);
// Reads the text as it was when half of the changes had been made.
Result<FileRun> CheckoutTrace(const TraceHistory& history);

// The same history with such steps joined; itself where agents are not ordered, since that order
// would become another.
TraceHistory JoinedSteps(const TraceHistory& history);

// Heap bytes of the process in use.
std::uint64_t HeapBytes();
// Of this thread.
double ThreadCpuMs();

}  // namespace geflecht::cli
