// An audit bundle in memory: the files of a folder that an auditor checks without a node
// (docs/formats/bundle.md).
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "base/bytes.h"

namespace geflecht::audit {

struct BundleFile {
  std::string name;  // relative, "/" between folder and file
  Bytes content;
  bool operator==(const BundleFile&) const = default;
};

using Bundle = std::vector<BundleFile>;

// What a bundle may hold at most: three files for each feed of two spaces, keys, and some fixed
// ones.
inline constexpr std::size_t kBundleFilesMax = 25'000;
inline constexpr std::uint64_t kBundleBytesMax = std::uint64_t{1} << 31;  // of all files together
inline constexpr std::size_t kBundleNameBytesMax = 160;

}  // namespace geflecht::audit
