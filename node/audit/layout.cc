#include "node/audit/layout.h"

#include <algorithm>

#include "base/limits.h"
#include "node/crypto/base64.h"
#include "node/log/lines.h"

namespace geflecht::audit {
namespace {

constexpr std::string_view kFixedNames[] = {kReadmeFile, kManifestFile, kManifestSignatureFile,
                                            kInfoFile,   kFoundersFile, kAllowedSignersFile};

std::string Stem(const log::FeedKey& feed) {
  return feed.space.Hex() + "-" + feed.device.Hex() + "-" + feed.life.Hex();
}

std::optional<log::FeedKey> ParseStem(std::string_view stem) {
  constexpr std::size_t kDevice = 2 * log::SpaceId::kSize + 1;
  constexpr std::size_t kLife = kDevice + 2 * log::DeviceId::kSize + 1;
  if (stem.size() != kLife + 2 * log::LifeId::kSize || stem[kDevice - 1] != '-' ||
      stem[kLife - 1] != '-')
    return std::nullopt;
  const auto space = log::SpaceId::FromHexText(stem.substr(0, kDevice - 1));
  const auto device = log::DeviceId::FromHexText(stem.substr(kDevice, kLife - 1 - kDevice));
  const auto life = log::LifeId::FromHexText(stem.substr(kLife));
  if (!space || !device || !life) return std::nullopt;
  return log::FeedKey{*space, *device, *life};
}

// What stands between `before` and `behind`, if `name` has both.
std::optional<std::string_view> Between(std::string_view before, std::string_view name,
                                        std::string_view behind) {
  if (name.size() < before.size() + behind.size() || !name.starts_with(before) ||
      !name.ends_with(behind))
    return std::nullopt;
  return name.substr(before.size(), name.size() - before.size() - behind.size());
}

constexpr std::string_view kReceiptFolder = "receipt/";

std::string SlotFileName(std::size_t index, std::string_view end) {
  const std::string digits = std::to_string(index);
  return std::string(kReceiptFolder) + std::string(4 - digits.size(), '0') + digits +
         std::string(end);
}

bool IsReceiptFile(std::string_view name) {
  if (name == kReceiptEntryFile || name == kReceiptProofFile) return true;
  const std::string_view digits = name.substr(std::min(name.size(), kReceiptFolder.size()), 4);
  std::size_t index = 0;
  for (const char c : digits) {
    if (c < '0' || c > '9') return false;
    index = 10 * index + static_cast<std::size_t>(c - '0');
  }
  return index < limits::kFieldsMax &&
         (name == ReceiptFieldFileName(index) || name == ReceiptLeafFileName(index));
}

std::string SignerLine(const crypto::PublicKey& key, std::string_view namespaces) {
  return key.Hex() + " namespaces=\"" + std::string(namespaces) + "\" " +
         crypto::OpenSshPublicKey(key) + "\n";
}

}  // namespace

std::string FeedFileName(const log::FeedKey& feed) { return "feeds/" + Stem(feed) + ".log"; }
std::string CheckpointFileName(const log::FeedKey& feed) {
  return "feeds/" + Stem(feed) + ".checkpoint";
}
std::string BodiesFileName(const log::FeedKey& feed) { return "bodies/" + Stem(feed) + ".jsonl"; }
std::string KeyFileName(const log::DeviceId& device) { return "keys/" + device.Hex() + ".pem"; }
std::string ReceiptFieldFileName(std::size_t index) { return SlotFileName(index, ".field"); }
std::string ReceiptLeafFileName(std::size_t index) { return SlotFileName(index, ".leaf"); }

std::optional<FileName> ParseFileName(std::string_view name) {
  if (std::find(std::begin(kFixedNames), std::end(kFixedNames), name) != std::end(kFixedNames))
    return FileName{};
  if (const auto stem = Between("feeds/", name, ".log")) {
    const auto feed = ParseStem(*stem);
    return feed ? std::optional(FileName{FileKind::kFeed, *feed, {}}) : std::nullopt;
  }
  if (const auto stem = Between("feeds/", name, ".checkpoint")) {
    const auto feed = ParseStem(*stem);
    return feed ? std::optional(FileName{FileKind::kCheckpoint, *feed, {}}) : std::nullopt;
  }
  if (const auto stem = Between("bodies/", name, ".jsonl")) {
    const auto feed = ParseStem(*stem);
    return feed ? std::optional(FileName{FileKind::kBodies, *feed, {}}) : std::nullopt;
  }
  if (name.starts_with(kReceiptFolder))
    return IsReceiptFile(name) ? std::optional(FileName{FileKind::kReceipt, {}, {}}) : std::nullopt;
  if (const auto hex = Between("keys/", name, ".pem")) {
    const auto device = log::DeviceId::FromHexText(*hex);
    return device ? std::optional(FileName{FileKind::kKey, {}, *device}) : std::nullopt;
  }
  return std::nullopt;
}

std::string RenderAllowedSigners(const governance::Members& members,
                                 const log::DeviceId& exporter) {
  std::vector<std::string> devices;
  std::vector<std::string> roots;
  for (const governance::Member& member : members.all()) {
    std::string namespaces(log::kEntryNamespace);
    if (member.device == exporter) namespaces.append(",").append(log::kBundleNamespace);
    devices.push_back(SignerLine(member.device, namespaces));
    roots.push_back(SignerLine(member.root_key, log::kCharterNamespace));
  }
  std::sort(devices.begin(), devices.end());
  std::sort(roots.begin(), roots.end());
  std::string out;
  for (const std::string& line : devices) out += line;
  for (const std::string& line : roots) out += line;
  return out;
}

std::string RenderFounders(const log::FounderSignatures& signatures) {
  std::string out;
  for (const auto& [root, signature] : signatures)
    out += "founder " + root.Hex() + " " + crypto::ToBase64(signature.view()) + "\n";
  return out;
}

std::optional<FounderLine> ParseFounderLine(std::string_view line) {
  constexpr std::string_view kWord = "founder ";
  constexpr std::size_t kSpace = kWord.size() + 2 * crypto::PublicKey::kSize;
  if (!line.starts_with(kWord) || line.size() <= kSpace || line[kSpace] != ' ') return std::nullopt;
  const auto root =
      crypto::PublicKey::FromHexText(line.substr(kWord.size(), kSpace - kWord.size()));
  const auto signature = log::SignatureFromBase64(line.substr(kSpace + 1));
  if (!root || !signature) return std::nullopt;
  return FounderLine{*root, *signature};
}

}  // namespace geflecht::audit
