// Names and fixed texts of a bundle's files (docs/formats/bundle.md).
#pragma once

#include <cstddef>
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
// Of level receipt only.
inline constexpr std::string_view kReceiptEntryFile = "receipt/entry.log";
inline constexpr std::string_view kReceiptProofFile = "receipt/entry.tlog-proof";

std::string FeedFileName(const log::FeedKey& feed);
std::string CheckpointFileName(const log::FeedKey& feed);
std::string BodiesFileName(const log::FeedKey& feed);
std::string KeyFileName(const log::DeviceId& device);
// The slot `index` (below 4096) of the entry of a receipt: its field text, or its leaf.
std::string ReceiptFieldFileName(std::size_t index);
std::string ReceiptLeafFileName(std::size_t index);

enum class FileKind { kFixed, kFeed, kCheckpoint, kBodies, kKey, kReceipt };
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

}  // namespace geflecht::audit
