// Entries that are no documents and of which something can be erased (docs/formats/erasure.md):
// what of them is left, and from which day its period runs (docs/formats/retention.md).
#pragma once

#include <cstddef>
#include <map>
#include <optional>
#include <string_view>
#include <vector>

#include "node/core/retention_documents.h"
#include "node/governance/agreement_state.h"

namespace geflecht::core {

// Not thread-safe. Functions that fail, fail with an error of the store.
class RetentionEntries {
 public:
  // Whether something of such an entry could be erased, as far as its header says.
  static bool MayHold(const log::Header& header);
  // Whether Note has found something in it.
  bool Has(const log::EntryId& id) const { return kept_.contains(id); }
  // An entry that has come, or its body. True if something of it can be erased.
  Result<bool> Note(const replica::Replica& replica, const codec::StoredEntry& stored);
  // Looks at what periods run from: decisions, agreements, mandates, members. Returns the entries
  // whose day may be another one since the last call. Costs what was written about agreements, and
  // nothing if nothing has changed.
  Result<std::vector<log::EntryId>> Refresh(replica::Replica& replica,
                                              const FormerMembers& former, governance::Day today);
  // As of the last Refresh. Nothing if nothing of it is left, or it does not count.
  Result<std::optional<RetentionRecord>> Read(replica::Replica& replica, const log::EntryId& id,
                                              const FormerMembers& former);

 private:
  struct Kept {
    log::SpaceId space;
    std::string_view what;               // governance/retention.h
    std::optional<log::EntryId> about;   // of comments and votes: the proposal
    governance::Day made = 0;            // as the header claims
    std::optional<governance::Day> day;  // minutes: of the meeting
    std::optional<crdt::DocumentId> document;  // that the text was made from
    bool settled = false;  // nothing that comes moves the day from which it runs
  };
  // What nothing ends is kept.
  using End = std::optional<governance::Day>;
  // How much there is of what periods run from. Receipts of notices count from the next day on.
  struct Stamp {
    std::size_t enacts = 0, ended = 0, papers = 0;
    governance::Day today = 0;
    FormerMembers former;
    bool operator==(const Stamp&) const = default;
  };

  Result<void> NoteFrozen(const replica::Replica& replica, const log::EntryId& id, Kept& kept);
  Result<void> FindEnds(replica::Replica& replica, governance::Day today);
  Result<governance::Day> ClosedOn(const replica::Replica& replica, const log::EntryId& proposal,
                                   governance::Day made);
  End MandateEnd(const replica::Replica& replica, const log::EntryId& id, End left) const;
  // From which the period runs.
  Result<End> StartOf(const replica::Replica& replica, const log::EntryId& id, const Kept& kept,
                      End left);

  std::map<log::EntryId, Kept> kept_;
  Stamp stamp_;
  std::map<log::EntryId, governance::Day> enacted_;            // by proposal
  std::map<log::EntryId, std::optional<governance::Day>> deadlines_;  // of proposals that are here
  std::map<log::EntryId, End> agreements_;  // by version and notice
  std::map<log::EntryId, End> signed_;      // by mandate, of the agreements signed under it
};

}  // namespace geflecht::core
