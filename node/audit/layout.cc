#include "node/audit/layout.h"

#include <algorithm>

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

std::string SignerLine(const crypto::PublicKey& key, std::string_view namespaces) {
  return key.Hex() + " namespaces=\"" + std::string(namespaces) + "\" " +
         crypto::OpenSshPublicKey(key) + "\n";
}

// Reads `"name":"` VALUE `"` and `behind`.
template <class Read>
auto ReadMember(std::string_view& rest, std::string_view front, std::size_t size, Read read)
    -> decltype(read(rest)) {
  if (!rest.starts_with(front) || rest.size() < front.size() + size) return std::nullopt;
  rest.remove_prefix(front.size());
  const auto value = read(rest.substr(0, size));
  rest.remove_prefix(size);
  return value;
}

}  // namespace

std::string FeedFileName(const log::FeedKey& feed) { return "feeds/" + Stem(feed) + ".log"; }
std::string CheckpointFileName(const log::FeedKey& feed) {
  return "feeds/" + Stem(feed) + ".checkpoint";
}
std::string BodiesFileName(const log::FeedKey& feed) { return "bodies/" + Stem(feed) + ".jsonl"; }
std::string KeyFileName(const log::DeviceId& device) { return "keys/" + device.Hex() + ".pem"; }

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

std::string RenderInfo(const BundleInfo& info) {
  std::string out = "{\"format\":\"geflecht-bundle@v1\",\"level\":\"full\",\"network\":\"";
  out += info.network.Hex() + "\",\"exporter\":\"" + info.exporter.Hex() + "\",\"exported\":\"" +
         log::RenderTime(info.exported_s) + "\",\"from\":\"" + log::RenderTime(info.from_s) +
         "\",\"to\":\"" + log::RenderTime(info.to_s) + "\",\"spaces\":[";
  for (std::size_t i = 0; i < info.spaces.size(); ++i)
    out += (i == 0 ? "\"" : ",\"") + info.spaces[i].Hex() + "\"";
  return out + "]}\n";
}

Result<BundleInfo> ParseInfo(std::string_view text) {
  constexpr std::size_t kTime = 20;
  std::string_view rest = text;
  const auto network =
      ReadMember(rest, "{\"format\":\"geflecht-bundle@v1\",\"level\":\"full\",\"network\":\"",
                 2 * log::NetworkId::kSize, log::NetworkId::FromHexText);
  const auto exporter =
      ReadMember(rest, "\",\"exporter\":\"", 2 * log::DeviceId::kSize, log::DeviceId::FromHexText);
  const auto exported = ReadMember(rest, "\",\"exported\":\"", kTime, log::ParseTime);
  const auto from = ReadMember(rest, "\",\"from\":\"", kTime, log::ParseTime);
  const auto to = ReadMember(rest, "\",\"to\":\"", kTime, log::ParseTime);
  if (!network || !exporter || !exported || !from || !to || !rest.starts_with("\",\"spaces\":["))
    return Fail(Code::kMalformed, "not the text that describes a bundle of level full");
  BundleInfo info{*network, *exporter, *exported, *from, *to, {}};
  rest.remove_prefix(std::string_view("\",\"spaces\":[").size());
  while (true) {
    const auto space = ReadMember(rest, info.spaces.empty() ? "\"" : "\",\"",
                                  2 * log::SpaceId::kSize, log::SpaceId::FromHexText);
    if (!space) break;
    info.spaces.push_back(*space);
  }
  if (RenderInfo(info) != text) return Fail(Code::kMalformed, "not the text of a list of spaces");
  return info;
}

}  // namespace geflecht::audit
