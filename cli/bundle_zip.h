// Audit bundles as one file: a zip archive whose entries are stored as they are.
#pragma once

#include <filesystem>

#include "cli/bundle_folder.h"

namespace geflecht::cli {

// The files of an archive, ascending by name. Refused (kMalformed): compressed or encrypted
// entries, names that leave a folder or go deeper than one, links and other special files, names
// that are there twice or differ in case only, contents that do not have their checksum. Empty
// folders are passed over. kTooLarge beyond `limits`, kNotFound, kIo. Content is not judged.
Result<audit::Bundle> ReadBundleZip(const std::filesystem::path& file,
                                    const BundleLimits& limits = {});

// Writes a new file with mode 0600 and flushes it; kNotPermitted if there is one. kIo leaves
// none behind.
Result<void> WriteBundleZip(const std::filesystem::path& file, const audit::Bundle& bundle);

// A folder is read as a folder, a file as an archive.
Result<audit::Bundle> ReadBundle(const std::filesystem::path& path);
// A name that ends in ".zip" gives an archive, any other a folder.
Result<void> WriteBundle(const std::filesystem::path& path, const audit::Bundle& bundle);

}  // namespace geflecht::cli
