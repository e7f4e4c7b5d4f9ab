// A small network with entries of its members, and bundles of it that are tampered with.
#pragma once

#include <gtest/gtest.h>

#include <algorithm>
#include <functional>
#include <map>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/check.h"
#include "node/audit/bundle_info.h"
#include "node/audit/checkpoint_file.h"
#include "node/audit/export.h"
#include "node/audit/feed_file.h"
#include "node/audit/layout.h"
#include "node/audit/manifest.h"
#include "node/audit/verify.h"
#include "node/governance/body_fields.h"
#include "tests/unit/audit/kept_problems.h"
#include "tests/unit/log/fixture.h"

namespace geflecht::audit::testing {

using log::testing::Filled;
using log::testing::Key;
using log::testing::OrgCard;

inline crypto::SigningKey Device(std::uint8_t org) {
  return Key(static_cast<std::uint8_t>(100 + org));
}

// Organisations 1 to `orgs`, all of whom signed the charter.
inline log::Founding Founded(std::uint8_t orgs,
                             log::CharterText text = {"Hilfenetz \"Nord\"", {}, 1}) {
  SeededRandom random(7);
  for (std::uint8_t org = 1; org <= orgs; ++org) text.founders.push_back(OrgCard(org));
  auto founding =
      log::DraftFounding(text, Device(1), Filled<log::LifeId>(0x10), log::testing::kNoon, random);
  CHECK(founding.has_value());
  for (std::uint8_t org = 1; org <= orgs; ++org)
    CHECK(log::AddSignature(*founding, log::testing::SignatureOf(*founding, org)).has_value());
  return *std::move(founding);
}

inline ExportOptions ExportedAt(std::int64_t time_s) {
  ExportOptions options;
  options.time_s = time_s;
  return options;
}

class World {
 public:
  explicit World(std::uint8_t orgs = 3) : founding_(Founded(orgs)) {}
  explicit World(log::Founding founding) : founding_(std::move(founding)) {}

  const log::Founding& founding() const { return founding_; }
  log::NetworkId network() const { return founding_.network(); }
  log::SpaceId space() const { return log::NetworkSpace(network()); }
  // Where what follows is written and looked for; none: in the network space.
  void GoTo(std::optional<log::SpaceId> space) { where_ = space; }
  log::SpaceId where() const { return where_.value_or(space()); }
  log::FeedKey FeedOf(std::uint8_t org, std::uint8_t life = 0x20) const {
    return {where(), Device(org).public_key(), Filled<log::LifeId>(life)};
  }
  ExportInput::Feed& At(const log::FeedKey& feed) { return feeds_[feed]; }

  // Appends a signed entry to the feed of `org` and returns its id; `edit` may change the header.
  using Edit = std::function<void(log::Header&)>;
  log::EntryId Change(std::uint8_t org, std::vector<log::EntryId> seen = {},
                      const Edit& edit = nullptr, std::uint8_t life = 0x20) {
    log::Body body;
    body.slots = {log::MakeField("structure", Bytes{0x01, 0xff, 0x00}, random_),
                  log::MakeField("content", ToBytes("Tür \"1\"\n\t\x01 offen"), random_)};
    log::Header header = Next(org, std::move(seen), life);
    header.kind = "change";
    header.fields = 2;
    header.root = log::BodyRoot(body);
    return Put(org, std::move(header), std::move(body), edit, life);
  }
  log::EntryId Gather(std::uint8_t org, std::vector<log::EntryId> seen,
                      const Edit& edit = nullptr) {
    log::Header header = Next(org, std::move(seen), 0x20);
    header.kind = "gather";
    header.root = log::BodyRoot({});
    return Put(org, std::move(header), {}, edit, 0x20);
  }

  // A paper, or any other kind.
  log::EntryId Write(std::uint8_t org, std::string_view kind, const governance::Said& said,
                     std::vector<log::EntryId> seen = {}, const Edit& edit = nullptr) {
    log::Header header = Next(org, std::move(seen), 0x20);
    header.kind = std::string(kind);
    header.fields = static_cast<std::uint32_t>(said.body.slots.size());
    header.evidence = said.evidence;
    header.root = log::BodyRoot(said.body);
    return Put(org, std::move(header), said.body, edit, 0x20);
  }

  ExportInput Input() const {
    ExportInput input{founding_, {}};
    for (const auto& [key, feed] : feeds_) input.feeds.push_back(feed);
    return input;
  }
  Bundle Exported(const ExportOptions& options = ExportedAt(log::testing::kNoon + 60)) const {
    auto bundle = Export(Input(), options, Device(1));
    if (!bundle) ADD_FAILURE() << bundle.error().detail;
    return bundle.value_or(Bundle());
  }

 private:
  log::Header Next(std::uint8_t org, std::vector<log::EntryId> seen, std::uint8_t life) {
    const ExportInput::Feed& feed = feeds_[FeedOf(org, life)];
    std::sort(seen.begin(), seen.end());
    log::Header header;
    header.net = network();
    header.space = where();
    header.device = Device(org).public_key();
    header.life = Filled<log::LifeId>(life);
    header.seq = feed.entries.size();
    if (!feed.entries.empty()) header.prev = feed.entries.back().id;
    header.seen = std::move(seen);
    header.basis = {founding_.charter.id};
    header.time_s = log::testing::kNoon + 3600 * static_cast<std::int64_t>(header.seq);
    return header;
  }
  log::EntryId Put(std::uint8_t org, log::Header header, log::Body body, const Edit& edit,
                   std::uint8_t life) {
    if (edit) edit(header);
    ExportInput::Feed& feed = feeds_[FeedOf(org, life)];
    feed.key = FeedOf(org, life);
    feed.entries.push_back(log::Sign(std::move(header), Device(org)));
    feed.bodies.push_back(std::move(body));
    return feed.entries.back().id;
  }

  log::Founding founding_;
  std::optional<log::SpaceId> where_;
  std::map<log::FeedKey, ExportInput::Feed> feeds_;
  SeededRandom random_{11};
};

// Three organisations that write, gather and merge what the others wrote.
inline World MergedWorld() {
  World world;
  const auto a0 = world.Change(1);
  const auto b0 = world.Change(2);
  const auto a1 = world.Change(1, {b0});
  const auto c0 = world.Gather(3, {a1, b0});
  world.Change(3);
  world.Change(2, {a0, c0});
  return world;
}

// One organisation with a feed of `changes`, of which the last one is signed.
inline World WorldOfOne(int changes) {
  World world(1);
  for (int i = 0; i < changes; ++i) world.Change(1);
  for (int i = 0; i + 1 < changes; ++i)
    world.At(world.FeedOf(1)).entries[static_cast<std::size_t>(i)].signature.reset();
  return world;
}

// With all fields open.
inline Bundle OpenBundle(const World& world) {
  ExportOptions options;
  options.time_s = log::testing::kNoon;
  options.open_spaces.insert(world.space());
  return world.Exported(options);
}

inline BundleFile* Find(Bundle& bundle, std::string_view name) {
  for (BundleFile& file : bundle)
    if (file.name == name) return &file;
  return nullptr;
}

inline std::string Text(Bundle& bundle, std::string_view name) {
  BundleFile* file = Find(bundle, name);
  CHECK(file != nullptr);
  return ToText(file->content);
}

inline void SetText(Bundle& bundle, std::string_view name, std::string_view text) {
  BundleFile* file = Find(bundle, name);
  if (file == nullptr) file = &bundle.emplace_back(BundleFile{std::string(name), {}});
  file->content = ToBytes(text);
}

inline void Remove(Bundle& bundle, std::string_view name) {
  std::erase_if(bundle, [&](const BundleFile& file) { return file.name == name; });
}

// Makes manifest and signature fit again, as a dishonest exporter would; organisation 1 exports.
inline Bundle WithManifest(Bundle bundle, std::uint8_t org = 1) {
  const auto by_name = [](const BundleFile& a, const BundleFile& b) { return a.name < b.name; };
  std::sort(bundle.begin(), bundle.end(), by_name);
  const std::string manifest = RenderManifest(bundle);
  const crypto::SigningKey key = Device(org);
  SetText(bundle, kManifestFile, manifest);
  SetText(bundle, kManifestSignatureFile,
          crypto::SshsigArmor(key.public_key(), log::kBundleNamespace,
                              key.Sign(log::kBundleNamespace, AsBytes(manifest))));
  return bundle;
}

// Makes the checkpoints fit the feeds again, and then the manifest.
inline Bundle Resealed(Bundle bundle, const log::NetworkId& network, std::uint8_t org = 1) {
  std::vector<log::FeedKey> feeds;
  std::erase_if(bundle, [&](const BundleFile& file) {
    const auto name = ParseFileName(file.name);
    if (name && name->kind == FileKind::kFeed) feeds.push_back(name->feed);
    return name && name->kind == FileKind::kCheckpoint;
  });
  for (const log::FeedKey& feed : feeds) {
    const std::string text = Text(bundle, FeedFileName(feed));
    const auto items = ParseFeed(text, [](std::size_t, std::string) {});
    if (items.empty()) continue;
    SetText(bundle, CheckpointFileName(feed),
            SignCheckpoint(CheckpointOf(network, feed, FirstBranch(items)), Device(org)));
  }
  return WithManifest(std::move(bundle), org);
}

inline std::vector<std::string> Reasons(const Report& report) {
  std::vector<std::string> reasons;
  for (const Problem& problem : report.problems) reasons.push_back(problem.reason);
  return reasons;
}

inline std::string Listed(const Report& report) {
  std::string out = std::string(VerdictName(report.verdict)) + "\n";
  for (const Problem& problem : report.problems)
    out += problem.file + ":" + std::to_string(problem.line) + " " + problem.reason + " " +
           problem.detail + "\n";
  return out;
}

// `line` 0: any line.
inline bool Has(const Report& report, std::string_view reason, std::string_view file = {},
                std::size_t line = 0) {
  return std::any_of(report.problems.begin(), report.problems.end(), [&](const Problem& problem) {
    return problem.reason == reason && (file.empty() || problem.file == file) &&
           (line == 0 || problem.line == line);
  });
}

inline void ExpectInvalid(const Report& report, std::string_view reason, std::string_view file = {},
                          std::size_t line = 0) {
  EXPECT_EQ(report.verdict, Verdict::kInvalid) << Listed(report);
  EXPECT_EQ(report.exit_code, 1);
  EXPECT_TRUE(Has(report, reason, file, line))
      << reason << " " << file << ":" << line << " expected\n"
      << Listed(report);
  KeptProblems::Keep(Listed(report));
}

}  // namespace geflecht::audit::testing
