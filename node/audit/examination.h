// What the steps of one verification share.
#pragma once

#include <cstddef>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "node/audit/feed_file.h"
#include "node/audit/layout.h"
#include "node/audit/verify.h"

namespace geflecht::audit {

struct FoundFeed {
  log::FeedKey key;  // as the file's name says
  std::string file;
  std::vector<FeedItem> items;
};

struct Place {
  const FoundFeed* feed = nullptr;
  std::size_t index = 0;
};

struct Examination {
  const Bundle* bundle = nullptr;
  Report report;
  bool forked = false;
  std::map<std::string_view, const BundleFile*> files;  // with names of a bundle, each once
  std::vector<FoundFeed> feeds;                         // ascending by key; not changed once read
  std::map<log::EntryId, Place> entries;
  const FeedItem* charter = nullptr;           // whose id is the network's
  std::optional<governance::Members> members;  // once the charter holds

  void Bad(std::string file, std::size_t line, std::string_view reason, std::string detail = {});
  // The file's bytes as text, or nothing.
  std::optional<std::string_view> Text(std::string_view name) const;
  // The counters of the space that `space` of a header stands for; the charter counts in the root
  // space. Nullptr for spaces that are not in force.
  Coverage* CoverageOf(const log::SpaceId& space);
};

// `name` with everything but printable ASCII replaced, and shortened: names come from the bundle.
std::string PrintableName(std::string_view name);

// Steps, in the order of calls. Each reports what does not hold and goes on.
void CheckNames(Examination& exam);        // files
void CheckManifest(Examination& exam);     // hashes of all files
void ReadFeeds(Examination& exam);         // feeds, entries
void CheckCharter(Examination& exam);      // charter, members; coverage begins
void CheckFeeds(Examination& exam);        // chains, signatures, forks, rights
void CheckReferences(Examination& exam);   // seen, basis, about
void CheckBodies(Examination& exam);       // fields and leaves against the headers
void CheckKeys(Examination& exam);         // keys/, signature of the manifest, bundle.json
void CheckCheckpoints(Examination& exam);  // tree heads of the feeds, signatures of them

}  // namespace geflecht::audit
