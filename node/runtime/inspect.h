// What `geflecht doctor` can see of a directory from outside, whether or not a node has it.
#pragma once

#include <filesystem>
#include <optional>
#include <string>

#include "node/doctor/facts.h"
#include "node/runtime/directory.h"

namespace geflecht::runtime {

// Disk, files, passphrase, and the time of a few synced writes to a nameless file in the directory.
// Takes no lock and opens no store. Blocks for as long as the disk does.
doctor::Facts InspectDirectory(const Paths& paths);

// Whether the block device below `path` is encrypted (dm-crypt), as Linux shows it in `sys`; all of
// them if there are several. Nothing if it does not say: no block device, a network file system.
std::optional<bool> IsOnEncryptedDisk(const std::filesystem::path& path,
                                      const std::filesystem::path& sys = "/sys");

// Whether something accepts connections at "HOST:PORT" within two seconds. "0.0.0.0" and "[::]"
// mean this machine.
bool AcceptsConnections(const std::string& address);

}  // namespace geflecht::runtime
