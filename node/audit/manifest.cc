#include "node/audit/manifest.h"

#include "node/audit/layout.h"

namespace geflecht::audit {

std::string RenderManifest(const Bundle& bundle) {
  std::string out;
  for (const BundleFile& file : bundle)
    if (file.name != kManifestFile && file.name != kManifestSignatureFile)
      out += crypto::Sha256(file.content).Hex() + "  " + file.name + "\n";
  return out;
}

std::optional<ManifestLine> ParseManifestLine(std::string_view line) {
  constexpr std::size_t kHex = 2 * crypto::Hash256::kSize;
  if (line.size() <= kHex + 2 || line.substr(kHex, 2) != "  ") return std::nullopt;
  const auto hash = crypto::Hash256::FromHexText(line.substr(0, kHex));
  if (!hash) return std::nullopt;
  return ManifestLine{*hash, line.substr(kHex + 2)};
}

}  // namespace geflecht::audit
