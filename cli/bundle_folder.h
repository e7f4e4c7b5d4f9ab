// Audit bundles on disk: a folder of regular files.
#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <string_view>

#include "base/result.h"
#include "node/audit/bundle.h"

namespace geflecht::cli {

struct BundleLimits {
  std::size_t files = audit::kBundleFilesMax;
  std::uint64_t bytes = audit::kBundleBytesMax;  // of all files together
};

// Whether a name stays in its folder and goes one level deep at most.
bool IsSafeName(std::string_view name);

// All files below `folder`, ascending by name. Anything but folders (one level of them) and regular
// files is refused, symbolic links too: kMalformed. kNotFound if `folder` is none, kTooLarge beyond
// `limits`, kIo, kNotPermitted. Content is not judged.
Result<audit::Bundle> ReadBundleFolder(const std::filesystem::path& folder,
                                       const BundleLimits& limits = {});

// Writes every file with mode 0600 (folders 0700) and flushes it, the manifest last, so that a
// folder without one is known to be half-written. `folder` is made; it may exist if it is empty,
// otherwise kNotPermitted. kMalformed for a name that leaves the folder, kNoSpace, kIo.
Result<void> WriteBundleFolder(const std::filesystem::path& folder, const audit::Bundle& bundle);

}  // namespace geflecht::cli
