// MANIFEST.sha256: the SHA-256 of every other file, in the form that sha256sum reads.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "node/audit/bundle.h"
#include "node/crypto/hash.h"

namespace geflecht::audit {

// Of all files but the manifest and its signature; `bundle` ascends by name.
std::string RenderManifest(const Bundle& bundle);

struct ManifestLine {
  crypto::Hash256 hash;
  std::string_view name;
};
// A line without its line feed.
std::optional<ManifestLine> ParseManifestLine(std::string_view line);

}  // namespace geflecht::audit
