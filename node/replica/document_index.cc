#include "node/replica/document_index.h"

#include <optional>
#include <utility>

#include "base/limits.h"
#include "node/replica/records.h"

namespace geflecht::replica {

Result<void> DocumentIndex::Load(const log::SpaceId& space) {
  space_ = space;
  ASSIGN(const auto record, view_.Get(DocumentCountsKey(space)));
  if (!record) return {};
  ASSIGN(counts_, codec::DecodeDocumentCounts(*record));
  return {};
}

void DocumentIndex::Save() {
  if (!std::exchange(counts_changed_, false)) return;
  view_.Put(DocumentCountsKey(space_), codec::EncodeDocumentCounts(counts_));
}

Result<void> DocumentIndex::Add(const SpaceLog& log, const codec::StoredEntry& stored,
                                const crdt::ChangeHead& head,
                                const std::vector<crdt::ChangeId>& parents) {
  if (head.type) {
    view_.Put(
        DocumentKey(log.space(), stored.arrival),
        codec::EncodeStoredDocument({head.document, *head.type, head.schema_version, log.space()}));
    // A member may invent types without end.
    const bool room = counts_.size() < limits::kCountedTypesMax || counts_.count(*head.type) > 0;
    ++counts_[room ? *head.type : std::string()];
    counts_changed_ = true;
    return {};
  }
  ASSIGN(const bool follows, FollowsTheLast(head.document, parents));
  view_.Put(LastChangeKey(head.document), codec::EncodeIds({stored.entry.id}));
  if (follows) return {};
  ASSIGN(const auto first, log.EntryOf(head.document));
  if (first) view_.Put(BranchesKey(log.space(), first->arrival), {});
  return {};
}

Result<bool> DocumentIndex::FollowsTheLast(const crdt::DocumentId& document,
                                           const std::vector<crdt::ChangeId>& parents) const {
  if (parents.size() != 1) return false;
  const log::EntryId parent{parents.front().bytes};
  ASSIGN(const auto record, view_.Get(LastChangeKey(document)));
  if (!record) return DocumentIdOf(parent) == document;
  ASSIGN(const std::vector<log::EntryId> last, codec::DecodeIds(*record));
  return last.size() == 1 && last.front() == parent;
}

Result<std::vector<codec::StoredDocument>> DocumentIndex::List(const log::SpaceId& space) const {
  std::vector<codec::StoredDocument> documents;
  std::optional<Error> error;
  const store::Key first = DocumentKey(space, 0);
  TRY(view_.Scan(first.table, first.group, 0, [&](const store::Record& record) {
    auto document = codec::DecodeStoredDocument(record.value);
    if (!document) {
      error = document.error();
      return false;
    }
    documents.push_back(*std::move(document));
    return true;
  }));
  if (error) return Fail(*error);
  return documents;
}

Result<std::vector<codec::StoredDocument>> DocumentIndex::WithBranches(
    const log::SpaceId& space) const {
  ASSIGN(const auto arrivals, OrdersFrom(view_, BranchesKey(space, 0)));
  std::vector<codec::StoredDocument> documents;
  for (const std::uint64_t arrival : arrivals) {
    ASSIGN(const auto record, view_.Get(DocumentKey(space, arrival)));
    if (!record) continue;  // the body of its first change is not here
    ASSIGN(codec::StoredDocument document, codec::DecodeStoredDocument(*record));
    documents.push_back(std::move(document));
  }
  return documents;
}

}  // namespace geflecht::replica
