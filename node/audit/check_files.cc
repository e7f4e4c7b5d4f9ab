// Names and hashes of files; the exporter's keys and claims.
#include <algorithm>
#include <set>

#include "node/audit/examination.h"
#include "node/audit/manifest.h"
#include "node/log/lines.h"

namespace geflecht::audit {
namespace {

// The member's device whose signature of the manifest holds.
std::optional<log::DeviceId> Signer(const Examination& exam, std::string_view armor,
                                    std::string_view manifest) {
  for (const governance::Member& member : exam.members->all()) {
    const auto signature = crypto::ParseSshsigArmor(armor, member.device, log::kBundleNamespace);
    if (!signature) continue;
    const bool holds =
        crypto::SshsigArmor(member.device, log::kBundleNamespace, *signature) == armor &&
        crypto::Verify(member.device, log::kBundleNamespace, AsBytes(manifest), *signature);
    return holds ? std::optional(member.device) : std::nullopt;
  }
  return std::nullopt;
}

void CheckManifestSignature(Examination& exam) {
  const auto manifest = exam.Text(kManifestFile);
  const auto armor = exam.Text(kManifestSignatureFile);
  if (!manifest || !armor) return;  // reported as missing files
  exam.report.exporter = Signer(exam, *armor, *manifest);
  if (!exam.report.exporter) exam.Bad(std::string(kManifestSignatureFile), 0, "manifest-signature");
}

void CheckKeyFiles(Examination& exam) {
  for (const governance::Member& member : exam.members->all()) {
    const std::string name = KeyFileName(member.device);
    const auto pem = exam.Text(name);
    if (!pem) {
      exam.Bad(name, 0, "missing-file");
    } else if (*pem != crypto::PublicKeyPem(member.device)) {
      exam.Bad(name, 0, "key");
    }
  }
  for (const auto& [name, file] : exam.files) {
    const auto parsed = ParseFileName(name);
    if (parsed && parsed->kind == FileKind::kKey && !exam.members->ByDevice(parsed->device))
      exam.Bad(std::string(name), 0, "key", "a key of no member's device");
  }
  const auto signers = exam.Text(kAllowedSignersFile);
  if (!signers || !exam.report.exporter) return;
  if (*signers != RenderAllowedSigners(*exam.members, *exam.report.exporter))
    exam.Bad(std::string(kAllowedSignersFile), 0, "allowed-signers");
}

// What the entries of the bundle say about period and spaces.
BundleInfo InfoOf(const Examination& exam, BundleInfo claimed) {
  BundleInfo info = std::move(claimed);
  info.network = exam.report.network;
  if (exam.report.exporter) info.exporter = *exam.report.exporter;
  info.from_s = log::kTimeMax;
  info.to_s = 0;
  std::set<log::SpaceId> spaces;
  const auto add = [&](const log::SpaceId& space, const FoundFeed& feed) {
    spaces.insert(space.IsZero() ? exam.members->root_space() : space);
    for (const FeedItem& item : feed.items) {
      info.from_s = std::min(info.from_s, item.header.time_s);
      info.to_s = std::max(info.to_s, item.header.time_s);
    }
  };
  for (const FoundFeed& feed : exam.feeds) add(feed.key.space, feed);
  if (exam.receipt && !exam.receipt->items.empty()) {
    add(exam.receipt->items.front().header.space, *exam.receipt);
    info.entry = exam.receipt->items.front().id;
  }
  info.spaces.assign(spaces.begin(), spaces.end());
  return info;
}

void CheckInfo(Examination& exam) {
  const auto text = exam.Text(kInfoFile);
  if (!text) return;  // reported as a missing file
  auto claimed = ParseInfo(*text);
  if (!claimed) {
    exam.Bad(std::string(kInfoFile), 0, "bundle-info", claimed.error().detail);
  } else if (InfoOf(exam, *claimed) != *claimed) {
    exam.Bad(std::string(kInfoFile), 0, "bundle-info", "it claims other things than the entries");
  } else {
    exam.report.info = *std::move(claimed);
  }
}

}  // namespace

void CheckNames(Examination& exam) {
  for (const BundleFile& file : *exam.bundle) {
    if (!ParseFileName(file.name)) {
      exam.Bad(PrintableName(file.name), 0, "unknown-file");
    } else if (!exam.files.try_emplace(file.name, &file).second) {
      exam.Bad(file.name, 0, "duplicate-file");
    }
  }
  for (const std::string_view name : {kReadmeFile, kManifestFile, kManifestSignatureFile, kInfoFile,
                                      kFoundersFile, kAllowedSignersFile})
    if (!exam.files.contains(name)) exam.Bad(std::string(name), 0, "missing-file");
  if (const auto text = exam.Text(kInfoFile))
    if (auto info = ParseInfo(*text)) exam.info = *std::move(info);
}

void CheckManifest(Examination& exam) {
  const auto manifest = exam.Text(kManifestFile);
  if (!manifest) return;
  const std::string file(kManifestFile);
  std::set<std::string_view> listed;
  log::LineReader lines(*manifest);
  while (!lines.AtEnd()) {
    const std::size_t number = lines.line();
    const auto text = lines.Line();
    const auto line = text ? ParseManifestLine(*text) : std::nullopt;
    if (!line) {
      exam.Bad(file, number, "manifest-line", "hash, two spaces and a name expected");
      if (!text) break;
      continue;
    }
    if (!listed.empty() && line->name <= *listed.rbegin())
      exam.Bad(file, number, "manifest-line", "names do not ascend");
    const auto it = exam.files.find(line->name);
    if (it == exam.files.end() || line->name == kManifestFile ||
        line->name == kManifestSignatureFile) {
      exam.Bad(file, number, "manifest-line", "there is no such file to list");
    } else if (crypto::Sha256(it->second->content) != line->hash) {
      exam.Bad(it->second->name, 0, "manifest-hash");
    }
    listed.insert(line->name);
  }
  for (const auto& [name, found] : exam.files)
    if (name != kManifestFile && name != kManifestSignatureFile && !listed.contains(name))
      exam.Bad(std::string(name), 0, "unlisted-file");
}

void CheckKeys(Examination& exam) {
  if (!exam.members) return;
  CheckManifestSignature(exam);
  CheckKeyFiles(exam);
  CheckInfo(exam);
}

}  // namespace geflecht::audit
