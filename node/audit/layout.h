// Names and fixed texts of a bundle's files (docs/formats/bundle.md).
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "node/governance/members.h"

namespace geflecht::audit {

inline constexpr std::string_view kReadmeFile = "README.txt";
inline constexpr std::string_view kManifestFile = "MANIFEST.sha256";
inline constexpr std::string_view kManifestSignatureFile = "MANIFEST.sha256.sig";
inline constexpr std::string_view kInfoFile = "bundle.json";
inline constexpr std::string_view kFoundersFile = "charter.sigs";
inline constexpr std::string_view kAllowedSignersFile = "keys/allowed_signers";

std::string FeedFileName(const log::FeedKey& feed);
std::string CheckpointFileName(const log::FeedKey& feed);
std::string BodiesFileName(const log::FeedKey& feed);
std::string KeyFileName(const log::DeviceId& device);

enum class FileKind { kFixed, kFeed, kCheckpoint, kBodies, kKey };
struct FileName {
  FileKind kind = FileKind::kFixed;
  log::FeedKey feed;     // of kFeed, kCheckpoint and kBodies
  log::DeviceId device;  // of kKey
};
// Nothing for a name that no bundle holds.
std::optional<FileName> ParseFileName(std::string_view name);

// One line for each device, in ascending order, then one for each founder's root key.
std::string RenderAllowedSigners(const governance::Members& members, const log::DeviceId& exporter);

// charter.sigs, and one line of it.
std::string RenderFounders(const log::FounderSignatures& signatures);
struct FounderLine {
  crypto::PublicKey root;
  crypto::Signature signature;
};
std::optional<FounderLine> ParseFounderLine(std::string_view line);

// bundle.json: what the exporter says about the bundle.
struct BundleInfo {
  log::NetworkId network;
  log::DeviceId exporter;
  std::int64_t exported_s = 0;
  std::int64_t from_s = 0;  // earliest and latest time of an entry
  std::int64_t to_s = 0;
  std::vector<log::SpaceId> spaces;  // ascending
  bool operator==(const BundleInfo&) const = default;
};
std::string RenderInfo(const BundleInfo& info);
// Exactly what RenderInfo writes. kMalformed.
Result<BundleInfo> ParseInfo(std::string_view text);

}  // namespace geflecht::audit
