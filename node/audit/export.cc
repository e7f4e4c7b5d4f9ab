#include "node/audit/export.h"

#include <algorithm>
#include <map>
#include <utility>

#include "node/audit/body_file.h"
#include "node/audit/feed_file.h"
#include "node/audit/layout.h"
#include "node/audit/manifest.h"
#include "node/audit/readme.h"
#include "node/governance/members.h"

namespace geflecht::audit {
namespace {

using Feed = ExportInput::Feed;
using Feeds = std::vector<const Feed*>;

tl::unexpected<Error> Damaged(const log::FeedKey& feed, std::string_view reason) {
  return Fail(Code::kCorruption, FeedFileName(feed) + ": " + std::string(reason));
}

Result<void> CheckFeed(const Feed& feed) {
  if (feed.entries.empty()) return Damaged(feed.key, "no entries");
  if (feed.bodies.size() != feed.entries.size())
    return Damaged(feed.key, "the number of bodies is not that of the entries");
  std::map<log::EntryId, std::uint64_t> seqs;
  for (std::size_t i = 0; i < feed.entries.size(); ++i) {
    const log::Entry& entry = feed.entries[i];
    const log::Header& header = entry.header;
    if (header.feed() != feed.key) return Damaged(feed.key, "an entry belongs to another feed");
    if (header.prev) {
      const auto prev = seqs.find(*header.prev);
      if (prev == seqs.end() || prev->second + 1 != header.seq)
        return Damaged(feed.key, "an entry does not continue the feed");
    }
    seqs.emplace(entry.id, header.seq);
    const bool ends = i + 1 == feed.entries.size() || feed.entries[i + 1].header.prev != entry.id;
    if (ends && !entry.signature) return Damaged(feed.key, "the last entry is not signed");
    if (!feed.bodies[i]) continue;
    if (const auto checked = log::CheckBodyOf(header, *feed.bodies[i]); !checked)
      return Damaged(feed.key, checked.error().detail);
  }
  return {};
}

// One line for each entry that has fields of which anything is held.
std::string RenderBodies(const Feed& feed, const ExportOptions& options) {
  std::string out;
  for (std::size_t i = 0; i < feed.entries.size(); ++i) {
    const log::Entry& entry = feed.entries[i];
    if (entry.header.fields == 0 || !feed.bodies[i]) continue;
    const bool open = !entry.header.net || options.open_spaces.contains(entry.header.space) ||
                      options.open_entries.contains(entry.id);
    out += RenderBodyLine(entry.id, open ? *feed.bodies[i] : Withheld(*feed.bodies[i]));
  }
  return out;
}

Result<void> CheckOpened(const Feeds& feeds, const governance::Members& members,
                         const ExportOptions& options) {
  for (const log::SpaceId& space : options.open_spaces)
    if (!members.Knows(space)) return Fail(Code::kNotFound, "no space " + space.Hex());
  std::set<log::EntryId> missing = options.open_entries;
  for (const Feed* feed : feeds)
    for (const log::Entry& entry : feed->entries) missing.erase(entry.id);
  if (!missing.empty()) return Fail(Code::kNotFound, "no entry " + missing.begin()->Hex());
  return {};
}

BundleInfo InfoOf(const Feeds& feeds, const governance::Members& members,
                  const log::DeviceId& exporter, std::int64_t exported_s) {
  std::set<log::SpaceId> spaces;
  BundleInfo info{members.network(), exporter, exported_s, log::kTimeMax, 0, {}};
  for (const Feed* feed : feeds) {
    const bool charter = !feed->entries.front().header.net;
    spaces.insert(charter ? members.root_space() : feed->key.space);
    for (const log::Entry& entry : feed->entries) {
      info.from_s = std::min(info.from_s, entry.header.time_s);
      info.to_s = std::max(info.to_s, entry.header.time_s);
    }
  }
  info.spaces.assign(spaces.begin(), spaces.end());
  return info;
}

// The feeds to export, ascending: `charter` and those of `input`, as long as both live.
Result<Feeds> FeedsOf(const ExportInput& input, const Feed& charter) {
  Feeds feeds = {&charter};
  for (const Feed& feed : input.feeds) {
    if (feed.entries.size() == 1 && feed.entries.front().id == charter.entries.front().id) continue;
    TRY(CheckFeed(feed));
    feeds.push_back(&feed);
  }
  std::sort(feeds.begin(), feeds.end(),
            [](const Feed* a, const Feed* b) { return a->key < b->key; });
  for (std::size_t i = 1; i < feeds.size(); ++i)
    if (feeds[i]->key == feeds[i - 1]->key) return Damaged(feeds[i]->key, "given twice");
  return feeds;
}

void Add(Bundle& bundle, std::string name, std::string_view content) {
  bundle.push_back({std::move(name), ToBytes(content)});
}

void SortByName(Bundle& bundle) {
  std::sort(bundle.begin(), bundle.end(),
            [](const BundleFile& a, const BundleFile& b) { return a.name < b.name; });
}

}  // namespace

Result<void> AddOpen(ExportOptions& options, std::string_view hex) {
  if (const auto space = log::SpaceId::FromHexText(hex)) {
    options.open_spaces.insert(*space);
  } else if (const auto entry = log::EntryId::FromHexText(hex)) {
    options.open_entries.insert(*entry);
  } else {
    return Fail(Code::kUsage, "a space of 32 or an entry of 64 lower-case hexadecimal digits");
  }
  return {};
}

Result<Bundle> Export(const ExportInput& input, const ExportOptions& options,
                      const crypto::SigningKey& device_key) {
  if (!input.founding.Missing().empty())
    return Fail(Code::kCorruption, "a founder's signature of the charter is missing");
  const governance::Members members = governance::Members::Of(input.founding);
  const log::DeviceId& exporter = device_key.public_key();
  if (members.ByDevice(exporter) == nullptr)
    return Fail(Code::kNotPermitted, "the exporting device is on no founder's card");
  if (options.time_s < 0 || options.time_s > log::kTimeMax)
    return Fail(Code::kUsage, "a time that cannot be written");
  const log::Entry& charter = input.founding.charter;
  const Feed charter_feed{charter.header.feed(), {charter}, {input.founding.body}};
  ASSIGN(const Feeds feeds, FeedsOf(input, charter_feed));
  TRY(CheckOpened(feeds, members, options));

  Bundle bundle;
  Add(bundle, std::string(kReadmeFile),
      RenderReadme(members.network(), charter_feed.key, exporter));
  Add(bundle, std::string(kInfoFile), RenderInfo(InfoOf(feeds, members, exporter, options.time_s)));
  Add(bundle, std::string(kFoundersFile), RenderFounders(input.founding.signatures));
  Add(bundle, std::string(kAllowedSignersFile), RenderAllowedSigners(members, exporter));
  for (const governance::Member& member : members.all())
    Add(bundle, KeyFileName(member.device), crypto::PublicKeyPem(member.device));
  for (const Feed* feed : feeds) {
    Add(bundle, FeedFileName(feed->key), RenderFeed(feed->entries));
    if (const std::string bodies = RenderBodies(*feed, options); !bodies.empty())
      Add(bundle, BodiesFileName(feed->key), bodies);
  }
  SortByName(bundle);
  const std::string manifest = RenderManifest(bundle);
  const crypto::Signature signature = device_key.Sign(log::kBundleNamespace, AsBytes(manifest));
  Add(bundle, std::string(kManifestFile), manifest);
  Add(bundle, std::string(kManifestSignatureFile),
      crypto::SshsigArmor(exporter, log::kBundleNamespace, signature));
  SortByName(bundle);
  return bundle;
}

}  // namespace geflecht::audit
