// What the steps of one verification share.
#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "node/audit/bundle_info.h"
#include "node/audit/checkpoint_file.h"
#include "node/audit/erasures.h"
#include "node/audit/feed_file.h"
#include "node/audit/layout.h"
#include "node/audit/root_space.h"
#include "node/audit/verify.h"
#include "node/governance/agreement_book.h"

namespace geflecht::audit {

struct FoundFeed {
  log::FeedKey key;  // as the file's name says
  std::string file;
  std::vector<FeedItem> items;
};

struct Place {
  const FoundFeed* feed = nullptr;
  std::size_t index = 0;
  bool operator==(const Place&) const = default;
  const FeedItem& item() const { return feed->items[index]; }
};

// Where each entry stands first. A sorted list: a fraction of a tree's memory and time.
class Places {
 public:
  Places() = default;
  // `feeds` lives as long as this object and does not change.
  explicit Places(const std::vector<FoundFeed>& feeds);
  // Nothing if no feed holds it.
  std::optional<Place> Find(const log::EntryId& id) const;

 private:
  struct Key {
    std::uint64_t front = 0;  // of the id
    Place place;
  };
  std::vector<Key> keys_;  // ascending by id, then by place
};

struct Examination {
  const Bundle* bundle = nullptr;
  log::SpaceId root_space;
  VerifyOptions options;
  Report report;
  bool forked = false;
  std::map<std::string_view, const BundleFile*> files;  // with names of a bundle, each once
  std::optional<BundleInfo> info;                       // if bundle.json is one
  std::optional<FoundFeed> receipt;  // the entry of a receipt and those that carry its signature
  std::vector<FoundFeed> feeds;      // ascending by key; not changed once read
  Places entries;
  FoundErasures erasures;
  const FeedItem* charter = nullptr;           // whose id is the network's
  std::optional<log::Founding> founding;       // once the charter holds
  std::optional<governance::Members> members;  // the same; as decided since
  std::unique_ptr<RootSpace> root;             // the same
  // Papers of agreements that are open, by space; nothing while evidence of the root space is
  // withheld.
  std::map<log::SpaceId, governance::AgreementBook> books;
  // All that decides who is a member is here: no evidence of the root space is withheld.
  bool root_is_whole = true;

  // The root space, or that of the charter, which belongs to it.
  bool IsRoot(const log::SpaceId& space) const { return space.IsZero() || space == root_space; }
  // Whether there is such a space. Those that decisions have founded are known only once all
  // evidence of the root space is here.
  bool KnowsSpace(const log::SpaceId& space) const;
  // Whether the device was entitled to write there by what an entry of this basis relied on.
  bool WasEntitled(const log::SpaceId& space, const std::vector<log::EntryId>& basis,
                   const log::DeviceId& device) const;
  // Whether a card of the charter or the root space names it; nobody else's signature counts.
  bool Knows(const log::DeviceId& device) const { return root->devices().contains(device); }

  void Bad(std::string file, std::size_t line, std::string_view reason, std::string detail = {});
  // The file's bytes as text, or nothing.
  std::optional<std::string_view> Text(std::string_view name) const;
  bool IsReceipt() const { return info && info->level == Level::kReceipt; }
  // Whether the bundle claims to hold the body of this entry.
  bool InScope(const log::Header& header) const {
    return !info || !info->scope || info->scope->Holds(header, members->root_space());
  }
  // The counters of the space that `space` of a header stands for; the charter counts in the root
  // space. Nullptr for spaces that are not in force.
  Coverage* CoverageOf(const log::SpaceId& space);
};

// `name` with everything but printable ASCII replaced, and shortened: names come from the bundle.
std::string PrintableName(std::string_view name);

// Steps, in the order of calls. Each reports what does not hold and goes on.
void CheckNames(Examination& exam);         // files, info
void CheckManifest(Examination& exam);      // hashes of all files
void ReadFeeds(Examination& exam);          // feeds, entries, receipt
void CheckCharter(Examination& exam);       // charter, members; coverage begins
void CheckGovernance(Examination& exam);    // root, members as decided
void CheckFeeds(Examination& exam);         // chains, signatures, forks, rights
void CheckReferences(Examination& exam);    // seen, basis, about
void CheckCompleteness(Examination& exam);  // whether members say that nothing is missing
void CheckMinutes(Examination& exam);       // what approvals of minutes cite
void CheckBodies(Examination& exam);        // fields and leaves against the headers
void CheckErasures(Examination& exam);      // what decisions erase, and whether it was
void CheckAgreements(Examination& exam);    // agreements, of the papers that are open
void CheckKeys(Examination& exam);          // keys/, signature of the manifest, bundle.json
void CheckCheckpoints(Examination& exam);   // tree heads of the feeds, signatures of them
void CheckReceipt(Examination& exam);       // the entry of a receipt, its proof and fields

void CheckKnownHeads(Examination& exam);  // feeds against those of an earlier audit

// Signatures of members' devices under a checkpoint in `file`; its first line is the one behind
// `lines_before`. The exporter's has to be among them.
void CheckNoteSignatures(Examination& exam, const std::string& file, std::size_t lines_before,
                         const CheckpointNote& note);
// Hands the body of an entry of `feed` on that fits its header, if it is a paper.
void NotePaper(Examination& exam, const FoundFeed& feed, const FeedItem& item,
               const log::Body& body);
// Adds the fields of a body that fits its header, and what is withheld or erased.
void CountBody(Examination& exam, const log::Header& header, const log::EntryId& entry,
               const log::Body& body, Coverage& coverage);
// Whether the item has a signature, and it holds.
bool Holds(const FeedItem& item);

}  // namespace geflecht::audit
