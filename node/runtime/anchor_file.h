// The file that holds the device's anchor (node/replica/anchor.h), outside of the node's directory,
// so that no backup of the directory brings it back together with the store.
#pragma once

#include <filesystem>
#include <optional>

#include "base/result.h"
#include "node/log/ids.h"

namespace geflecht::runtime {

// $XDG_STATE_HOME/geflecht, else ~/.local/state/geflecht, else /var/lib/geflecht-anchors; the file
// is called after the device. Source: XDG Base Directory Specification 0.8.
std::filesystem::path DefaultAnchorPath(const log::DeviceId& device);

// One thread at a time.
class AnchorFile {
 public:
  explicit AnchorFile(std::filesystem::path path) : path_(std::move(path)) {}

  // Nothing if there is no such file. kIo, kNotPermitted.
  Result<std::optional<Bytes>> Read() const;
  // Overwrites in place and syncs; makes the file and its folder (mode 0700) if they are missing.
  // kIo, kNotPermitted, kNoSpace; all with a hint that says where the path comes from.
  Result<void> Write(ByteView anchor) const;

 private:
  std::filesystem::path path_;
};

}  // namespace geflecht::runtime
