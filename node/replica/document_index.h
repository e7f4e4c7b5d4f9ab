// What is known of documents without opening them: which there are, how many of each type, and
// which may hold conflicts.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "crdt/codec.h"
#include "node/replica/space_log.h"
#include "proto/codec/record_codec.h"

namespace geflecht::replica {

// Not thread-safe. `view` must outlive it.
class DocumentIndex {
 public:
  using Counts = std::map<std::string, std::uint64_t>;  // by type

  explicit DocumentIndex(store::StagedView& view) : view_(view) {}

  // Call once for each space, before anything else that concerns it.
  Result<void> Load(const log::SpaceId& space);

  // Records a change whose body is new here; once for each. `parents` are all of its parents, or
  // none if they cannot be read.
  Result<void> Add(const SpaceLog& log, const codec::StoredEntry& stored,
                   const crdt::ChangeHead& head, const std::vector<crdt::ChangeId>& parents);
  // Stages what TakeBatch has to take.
  void Save();

  // Up to which arrival the document's changes are in its file; 0 if it has none. A change that
  // comes late ends the file.
  Result<std::uint64_t> CoveredByFile(const SpaceLog& log, const crdt::DocumentId& document) const;
  // Deletes the file, if there is one.
  Result<void> EndFile(const SpaceLog& log, const crdt::DocumentId& document);
  // Stores the file of a document that has more than its first change.
  Result<void> PutFile(const SpaceLog& log, const crdt::DocumentId& document, std::uint64_t covered,
                       const codec::DocumentFile& file);

  // The documents whose first change is here, in the order in which those arrived.
  Result<std::vector<codec::StoredDocument>> List(const log::SpaceId& space) const;
  // Of these documents, those of the type.
  Result<std::vector<codec::StoredDocument>> OfType(const log::SpaceId& space,
                                                    std::string_view type) const;
  // Of these documents, those with changes that did not come one behind the other; all that hold
  // conflicts are among them.
  Result<std::vector<codec::StoredDocument>> WithBranches(const log::SpaceId& space) const;
  const Counts& counts(const log::SpaceId& space) const { return counts_.at(space); }

 private:
  Result<std::optional<codec::LastChange>> LastChangeOf(const SpaceLog& log,
                                                        const crdt::DocumentId& document) const;
  Result<std::vector<codec::StoredDocument>> At(const log::SpaceId& space,
                                                const std::vector<std::uint64_t>& arrivals) const;

  store::StagedView& view_;
  std::map<log::SpaceId, Counts> counts_;
  std::set<log::SpaceId> counts_changed_;
};

}  // namespace geflecht::replica
