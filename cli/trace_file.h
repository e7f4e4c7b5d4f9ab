// Recorded editing histories: gzip'd JSON in the formats of josephg/editing-traces (sequential and
// concurrent) and of the conformance histories of josephg/egwalker-paper.
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include "base/result.h"

namespace geflecht::cli {

// At `position` (code points) remove `removed` code points, then insert `inserted`.
struct TracePatch {
  std::uint64_t position = 0;
  std::uint64_t removed = 0;
  std::string inserted;
};
struct TraceStep {
  std::vector<std::size_t> parents;  // numbers of earlier steps
  std::string agent;                 // at most 32 bytes
  std::vector<TracePatch> patches;
};
struct TraceHistory {
  bool concurrent = false;  // without it, each step follows the one in front
  // Nobody is in two places at once: each step has the steps of its agent in front in its past.
  bool ordered_agents = true;
  std::vector<TraceStep> steps;
  std::string end;  // the text that all steps leave
};

// kNotFound, kUsage for a folder, kIo if the file cannot be read, kMalformed if it is damaged or
// has no known format, kTooLarge above 1 GiB.
Result<std::vector<TraceHistory>> ReadTraceFile(const std::filesystem::path& file);

}  // namespace geflecht::cli
