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
  // An entry that has come, or its body. True if something of it can be erased.
  Result<bool> Note(const replica::Replica& replica, const codec::StoredEntry& stored);
  // Looks at what periods run from: decisions, agreements, mandates, members. Returns the entries
  // whose day may be another one since the last call. Costs what was written about agreements, and
  // nothing if nothing has changed.
  Result<std::vector<log::EntryId>> BeginPass(replica::Replica& replica,
                                              const FormerMembers& former, governance::Day today);
  // As of the last BeginPass. Nothing if nothing of it is left, or it does not count.
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
    bool ends = false;                         // at the last Read
  };
  // What nothing ends is kept.
  using End = std::optional<governance::Day>;
  // From which the state above follows, as far as it can change.
  struct Stamp {
    std::vector<log::EntryId> tips;
    std::size_t papers = 0;
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
