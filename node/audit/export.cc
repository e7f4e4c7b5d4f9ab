#include "node/audit/export.h"

#include <algorithm>
#include <map>
#include <span>
#include <utility>

#include "node/audit/body_file.h"
#include "node/audit/checkpoint_file.h"
#include "node/audit/feed_file.h"
#include "node/audit/layout.h"
#include "node/audit/manifest.h"
#include "node/audit/proof_file.h"
#include "node/audit/readme.h"
#include "node/audit/root_space.h"
#include "node/governance/charter_rules.h"
#include "node/governance/kinds.h"
#include "node/log/erase.h"

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
    const auto prev = header.prev ? seqs.find(*header.prev) : seqs.end();
    const std::uint64_t next = prev == seqs.end() ? 0 : prev->second + 1;
    if (header.seq != next || header.prev.has_value() != (prev != seqs.end()))
      return Damaged(feed.key, "an entry does not continue the feed");
    if (!seqs.emplace(entry.id, header.seq).second)
      return Damaged(feed.key, "an entry is there twice");
    const bool ends = i + 1 == feed.entries.size() || feed.entries[i + 1].header.prev != entry.id;
    if (ends && !entry.signature) return Damaged(feed.key, "the last entry is not signed");
    if (!feed.bodies[i]) continue;
    if (const auto checked = log::CheckBodyOf(header, *feed.bodies[i]); !checked)
      return Damaged(feed.key, checked.error().detail);
  }
  return {};
}

// What goes out of a body: all of it where it was asked for, the evidence of the root space,
// leaves.
log::Body Disclosed(const log::Entry& entry, const log::Body& body, const log::SpaceId& root_space,
                    const ExportOptions& options) {
  const log::Header& header = entry.header;
  if (!header.net || header.kind == log::kErase || options.open_spaces.contains(header.space) ||
      options.open_entries.contains(entry.id))
    return body;
  log::Body out = Withheld(body);
  const bool paper = options.open_agreements && governance::IsPaperKind(header.kind);
  if (header.space == root_space || paper)
    std::copy_n(body.slots.begin(), header.evidence, out.slots.begin());
  return out;
}

// One line for each entry of the scope that has fields of which anything is held.
std::string RenderBodies(const Feed& feed, const ExportOptions& options, const BundleInfo& info,
                         const log::SpaceId& root_space) {
  std::string out;
  for (std::size_t i = 0; i < feed.entries.size(); ++i) {
    const log::Entry& entry = feed.entries[i];
    if (entry.header.fields == 0 || !feed.bodies[i]) continue;
    if (info.scope && !info.scope->Holds(entry.header, root_space)) continue;
    const log::Body& body = *feed.bodies[i];
    out += RenderBodyLine(entry.id, Disclosed(entry, body, root_space, options));
  }
  return out;
}

bool GoesAlong(const governance::Members& members, const ExportOptions& options,
               const log::SpaceId& space) {
  return members.FindSpace(space) == nullptr ||
         std::find(options.spaces.begin(), options.spaces.end(), space) != options.spaces.end();
}

// The spaces that are named: what is no secret of a circle for this device.
Result<void> CheckSpaces(const governance::Members& members, const ExportOptions& options,
                         const log::DeviceId& exporter) {
  for (const log::SpaceId& space : options.spaces) {
    if (!members.Knows(space)) return Fail(Code::kNotFound, "no space " + space.Hex());
    if (!members.MayServe(exporter, space, options.time_s))
      return Fail(Code::kNotPermitted, "the exporting device does not read the space",
                  "hint.space-not-exported");
  }
  for (const log::SpaceId& space : options.open_spaces) {
    if (!members.Knows(space)) return Fail(Code::kNotFound, "no space " + space.Hex());
    if (!GoesAlong(members, options, space))
      return Fail(Code::kUsage, "a space is to be opened that does not go along",
                  "hint.space-not-along");
  }
  return {};
}

Result<void> CheckOpened(const Feeds& feeds, const ExportOptions& options) {
  std::set<log::EntryId> missing = options.open_entries;
  for (const Feed* feed : feeds)
    for (const log::Entry& entry : feed->entries) missing.erase(entry.id);
  if (!missing.empty()) return Fail(Code::kNotFound, "no entry " + missing.begin()->Hex());
  return {};
}

Result<void> CheckOptions(const ExportOptions& options) {
  if (options.time_s < 0 || options.time_s > log::kTimeMax)
    return Fail(Code::kUsage, "a time that cannot be written");
  if (!options.nonce.empty() && !IsNonce(options.nonce))
    return Fail(Code::kUsage, "the nonce is 2 to 64 lower-case hexadecimal digits");
  if ((options.from_s || options.to_s) && options.level != Level::kScope)
    return Fail(Code::kUsage, "a period belongs to level scope");
  if (options.from_s && options.to_s && *options.from_s > *options.to_s)
    return Fail(Code::kUsage, "the period ends before it begins");
  if (options.entry.has_value() != (options.level == Level::kReceipt))
    return Fail(Code::kUsage, "an entry is named exactly for level receipt");
  return {};
}

Scope ScopeOf(const governance::Members& members, const ExportOptions& options) {
  Scope scope{options.spaces, options.from_s.value_or(0), options.to_s.value_or(log::kTimeMax)};
  if (scope.spaces.empty()) scope.spaces = {members.root_space(), members.network_space()};
  std::sort(scope.spaces.begin(), scope.spaces.end());
  scope.spaces.erase(std::unique(scope.spaces.begin(), scope.spaces.end()), scope.spaces.end());
  return scope;
}

// Everything but the times and spaces of the entries.
Result<BundleInfo> BeginInfo(const governance::Members& members, const ExportOptions& options,
                             const log::DeviceId& exporter) {
  TRY(CheckOptions(options));
  TRY(CheckSpaces(members, options, exporter));
  BundleInfo info{
      options.level, members.network(), exporter, options.time_s, log::kTimeMax, 0, {}, {},
      options.entry, options.nonce};
  if (options.level == Level::kScope) info.scope = ScopeOf(members, options);
  return info;
}

void AddTo(BundleInfo& info, const log::SpaceId& space, std::span<const log::Entry> entries) {
  const auto at = std::lower_bound(info.spaces.begin(), info.spaces.end(), space);
  if (at == info.spaces.end() || *at != space) info.spaces.insert(at, space);
  for (const log::Entry& entry : entries) {
    info.from_s = std::min(info.from_s, entry.header.time_s);
    info.to_s = std::max(info.to_s, entry.header.time_s);
  }
}

void AddRootSpace(RootSpace& root, const ExportInput& input) {
  const log::SpaceId space = log::RootSpace(input.founding.network());
  for (const Feed& feed : input.feeds)
    for (std::size_t i = 0; i < feed.entries.size() && feed.key.space == space; ++i)
      root.Add(feed.entries[i].header, feed.entries[i].id,
               i < feed.bodies.size() ? feed.bodies[i] : std::nullopt);
  root.Evaluate();
}

// The feeds to export, ascending: `charter` and those of `input`, as long as both live.
Result<Feeds> FeedsOf(const ExportInput& input, const Feed& charter,
                      const governance::Members& members, const ExportOptions& options) {
  Feeds feeds = {&charter};
  for (const Feed& feed : input.feeds) {
    if (!GoesAlong(members, options, feed.key.space)) continue;
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

struct Receipt {
  const Feed* feed = nullptr;
  std::size_t index = 0;
  std::span<const log::Entry> run;  // the entry, and those behind it up to the first signature
};

Result<Receipt> FindReceipt(const Feeds& feeds, const log::EntryId& id) {
  for (const Feed* feed : feeds) {
    const std::size_t first_branch = FirstBranch(feed->entries).size();
    for (std::size_t i = 0; i < feed->entries.size(); ++i) {
      if (feed->entries[i].id != id) continue;
      if (i >= first_branch)
        return Fail(Code::kUsage, "the entry stands on a later branch of a forked feed");
      if (feed->entries[i].header.fields > 0 && !feed->bodies[i])
        return Fail(Code::kNotFound, "the body of entry " + id.Hex());
      std::size_t end = i;
      while (!feed->entries[end].signature) ++end;
      return Receipt{feed, i, std::span(feed->entries).subspan(i, end + 1 - i)};
    }
  }
  return Fail(Code::kNotFound, "no entry " + id.Hex());
}

void AddReceipt(Bundle& bundle, const Receipt& receipt, const log::NetworkId& network,
                const ExportOptions& options, const crypto::SigningKey& device_key) {
  const auto leaves = FirstBranch(receipt.feed->entries);
  Add(bundle, std::string(kReceiptEntryFile), RenderFeed(receipt.run));
  Add(bundle, std::string(kReceiptProofFile),
      RenderProof(receipt.index, InclusionPath(leaves, receipt.index),
                  SignCheckpoint(CheckpointOf(network, receipt.feed->key, leaves), device_key)));
  const auto& held = receipt.feed->bodies[receipt.index];
  if (!held) return;
  const log::Body body = Disclosed(receipt.run.front(), *held, log::RootSpace(network), options);
  for (std::size_t i = 0; i < body.slots.size(); ++i) {
    if (const log::Field* field = std::get_if<log::Field>(&body.slots[i])) {
      Add(bundle, ReceiptFieldFileName(i), RenderFieldText(*field));
    } else {
      Add(bundle, ReceiptLeafFileName(i), std::get<crypto::Hash256>(body.slots[i]).Hex() + "\n");
    }
  }
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
  } else if (hex == "agreements") {
    options.open_agreements = true;
  } else {
    return Fail(Code::kUsage, "a space of 32 or an entry of 64 lower-case hexadecimal digits");
  }
  return {};
}

Result<void> AddPeriod(ExportOptions& options, std::string_view from, std::string_view to) {
  constexpr std::size_t kDate = 10;
  const auto read = [](std::string_view text, std::string_view rest) {
    return log::ParseTime(text.size() == kDate ? std::string(text).append(rest)
                                               : std::string(text));
  };
  if (!from.empty()) options.from_s = read(from, "T00:00:00Z");
  if (!to.empty()) options.to_s = read(to, "T23:59:59Z");
  if ((!from.empty() && !options.from_s) || (!to.empty() && !options.to_s))
    return Fail(Code::kUsage, "a date is written YYYY-MM-DD");
  return {};
}

Result<Bundle> Export(const ExportInput& input, const ExportOptions& options,
                      const crypto::SigningKey& device_key) {
  if (!input.founding.Missing().empty())
    return Fail(Code::kCorruption, "a founder's signature of the charter is missing");
  TRY(governance::RulesOf(input.founding.text));
  RootSpace root(input.founding);
  AddRootSpace(root, input);
  const governance::Members& members = root.members();
  const log::DeviceId& exporter = device_key.public_key();
  if (members.ByDevice(exporter) == nullptr)
    return Fail(Code::kNotPermitted, "the exporting device is no member's");
  ASSIGN(BundleInfo info, BeginInfo(members, options, exporter));
  const log::Entry& charter = input.founding.charter;
  const Feed charter_feed{charter.header.feed(), {charter}, {input.founding.body}};
  ASSIGN(Feeds feeds, FeedsOf(input, charter_feed, members, options));
  TRY(CheckOpened(feeds, options));

  Bundle bundle;
  if (options.level == Level::kReceipt) {
    ASSIGN(const Receipt receipt, FindReceipt(feeds, *options.entry));
    AddReceipt(bundle, receipt, members.network(), options, device_key);
    AddTo(info, receipt.run.front().header.net ? receipt.feed->key.space : members.root_space(),
          receipt.run);
    std::erase_if(feeds, [&](const Feed* feed) {
      return !feed->key.space.IsZero() && feed->key.space != members.root_space();
    });
  }
  for (const Feed* feed : feeds)
    AddTo(info, feed->key.space.IsZero() ? members.root_space() : feed->key.space, feed->entries);
  Add(bundle, std::string(kReadmeFile),
      RenderReadme(members.network(), charter_feed.key, exporter));
  Add(bundle, std::string(kInfoFile), RenderInfo(info));
  Add(bundle, std::string(kFoundersFile), RenderFounders(input.founding.signatures));
  Add(bundle, std::string(kAllowedSignersFile),
      RenderAllowedSigners(root.devices(), input.founding, exporter));
  for (const log::DeviceId& device : root.devices())
    Add(bundle, KeyFileName(device), crypto::PublicKeyPem(device));
  for (const Feed* feed : feeds) {
    Add(bundle, FeedFileName(feed->key), RenderFeed(feed->entries));
    Add(bundle, CheckpointFileName(feed->key),
        SignCheckpoint(CheckpointOf(members.network(), feed->key, FirstBranch(feed->entries)),
                       device_key));
    const std::string bodies = RenderBodies(*feed, options, info, members.root_space());
    if (!bodies.empty()) Add(bundle, BodiesFileName(feed->key), bodies);
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
