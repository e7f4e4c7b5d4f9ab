// The documents of a node: their changes in the log, and those that are open. A document is read
// from its file and the changes that are not in it yet; a few stay open between reads.
#pragma once

#include <functional>
#include <list>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "crdt/codec.h"
#include "crdt/document.h"
#include "node/replica/document_index.h"
#include "node/replica/records.h"
#include "node/replica/space_log.h"

namespace geflecht::replica {

struct OpenDocument {
  std::uint64_t first_arrival = 0;  // of its first change
  codec::StoredDocument info;
  crdt::Document document;
  // Why the document as a whole has no effect (its first change is void), or nothing.
  std::optional<std::string> void_reason;
  // Changes without effect that the engine did not judge: they do not decode, or break a rule of
  // the record envelope. The reasons are stable English identifiers.
  std::map<crdt::ChangeId, std::string> voids;
  std::uint64_t last_arrival = 0;  // of its changes
  std::uint64_t unsaved = 0;       // changes that its file does not have
};

// Not thread-safe. `view` must outlive it. SpaceLogs are passed in, since documents lie in them.
class Documents {
 public:
  // For which organisation an entry's device signed: a function of the entry's past.
  using OrgOfEntry = std::function<std::optional<log::OrgId>(const log::Header&)>;
  Documents(store::StagedView& view, const crdt::AgentId& self, OrgOfEntry org_of)
      : view_(view), self_(self), org_of_(std::move(org_of)), index_(view) {}

  DocumentIndex& index() { return index_; }
  const DocumentIndex& index() const { return index_; }

  // Records that `stored`, whose decoded head is `head`, is a change of its document; into the open
  // document too, if it is open.
  Result<void> Add(const SpaceLog& log, const codec::StoredEntry& stored,
                   const crdt::ChangeHead& head, const log::Body& body);

  // The document, replayed if necessary; valid until the next call. kNotFound if there is none, or
  // if its first change has not arrived; kFormatVersion if this program does not know its type.
  Result<OpenDocument*> Open(const SpaceLog& log, const crdt::DocumentId& id);
  // Only if it is open already.
  OpenDocument* FindOpen(const crdt::DocumentId& id);
  // The document's changes in order of arrival here, from arrival number `from` on.
  Result<std::vector<codec::StoredEntry>> Changes(const SpaceLog& log,
                                                  const crdt::DocumentId& id) const;
  void Forget(const crdt::DocumentId& id);
  // Why a change of the document has no effect: `header` says who makes it, of the rest nothing is
  // read but the basis. The reasons are stable English identifiers.
  Result<std::optional<std::string>> WhyVoid(const SpaceLog& log, const OpenDocument& open,
                                             const log::Header& header, bool first,
                                             const std::vector<crdt::Edit>& edits) const;
  // The organisation whose device wrote the document's first change: whose record it is.
  Result<std::optional<log::OrgId>> OrgOf(const SpaceLog& log, const crdt::DocumentId& id) const;
  // Of its type; nullptr while its first change is not here, or if this program does not know it.
  Result<const crdt::Schema*> SchemaOf(const SpaceLog& log, const crdt::DocumentId& id) const;
  // Deletes its file, which holds what was erased.
  Result<void> EndFile(const SpaceLog& log, const crdt::DocumentId& id) {
    return index_.EndFile(log, id);
  }
  // Stages files of those open documents whose next opening would cost many changes. Documents
  // with open edits wait until these are cut.
  using LogOf = std::function<const SpaceLog&(const log::SpaceId&)>;
  Result<void> StageFiles(const LogOf& log_of);

 private:
  // The document from its file, or nothing: there is none, or it cannot be used.
  Result<std::optional<OpenDocument>> LoadFile(const SpaceLog& log,
                                               const codec::StoredDocument& info,
                                               const crdt::Schema& schema);
  Result<void> ApplyArrival(const SpaceLog& log, OpenDocument& open, std::uint64_t arrival);
  Result<void> ApplyStored(const SpaceLog& log, OpenDocument& open,
                           const codec::StoredEntry& stored, const log::Body& body);
  OpenDocument& Remember(OpenDocument open);

  store::StagedView& view_;
  crdt::AgentId self_;
  OrgOfEntry org_of_;
  DocumentIndex index_;
  std::list<OpenDocument> open_;    // most recently used first
  std::set<crdt::DocumentId> due_;  // for StageFiles
};

// The fields of a change's body; its leaves are content that is erased.
std::vector<crdt::EncodedField> EncodedFieldsOf(const log::Body& body);

// The change that a stored body holds; its parents are resolved to entry ids through `log`.
// kMalformed if the fields do not decode, kNotFound if the own previous change is not in the log.
struct DecodedBody {
  crdt::ChangeHead head;
  crdt::Change change;
};
Result<DecodedBody> DecodeBody(const SpaceLog& log, const codec::StoredEntry& stored,
                               const log::Body& body, const crdt::Schema& schema);

}  // namespace geflecht::replica
