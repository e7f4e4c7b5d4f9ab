// Whole files, read with a bound and replaced without a torn state.
#pragma once

#include <filesystem>

#include "base/bytes.h"
#include "base/result.h"

namespace geflecht::store {

// Reads the whole file (kNotFound, kTooLarge above `bytes_max`, kIo, kNotPermitted).
Result<Bytes> ReadFile(const std::filesystem::path& path, std::size_t bytes_max);

// Makes the names in `directory` durable: a file or folder that was made there is found after a
// power loss only from then on. kIo, kNotFound, kNotPermitted.
Result<void> SyncDirectory(const std::filesystem::path& directory);

// Replaces `path` so that after a power loss either the old or the new bytes are there: temporary
// file with `mode`, fsync, rename, fsync of the directory. kNoSpace, kIo, kNotPermitted.
Result<void> WriteFileAtomically(const std::filesystem::path& path, ByteView bytes, unsigned mode);

}  // namespace geflecht::store
