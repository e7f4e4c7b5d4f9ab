#include "node/replica/document_index.h"

#include <optional>
#include <utility>

#include "base/check.h"
#include "base/limits.h"
#include "node/replica/records.h"

namespace geflecht::replica {

Result<void> DocumentIndex::Load(const log::SpaceId& space) {
  Counts& counts = counts_[space];
  ASSIGN(const auto record, view_.Get(DocumentCountsKey(space)));
  if (!record) return {};
  ASSIGN(counts, codec::DecodeDocumentCounts(*record));
  return {};
}

void DocumentIndex::Save() {
  for (const log::SpaceId& space : std::exchange(counts_changed_, {}))
    view_.Put(DocumentCountsKey(space), codec::EncodeDocumentCounts(counts_.at(space)));
}

Result<void> DocumentIndex::Add(const SpaceLog& log, const codec::StoredEntry& stored,
                                const crdt::ChangeHead& head,
                                const std::vector<crdt::ChangeId>& parents) {
  if (head.type) {
    view_.Put(
        DocumentKey(log.space(), stored.arrival),
        codec::EncodeStoredDocument({head.document, *head.type, head.schema_version, log.space()}));
    view_.Put(DocumentTypeKey(log.space(), *head.type, stored.arrival), {});
    // A member may invent types without end.
    Counts& counts = counts_[log.space()];
    const bool room = counts.size() < limits::kCountedTypesMax || counts.count(*head.type) > 0;
    ++counts[room ? *head.type : std::string()];
    counts_changed_.insert(log.space());
    return {};
  }
  ASSIGN(const auto last, LastChangeOf(log, head.document));
  std::uint64_t covered = last ? last->covered : 0;
  if (covered >= stored.arrival) {
    view_.Delete(DocumentFileKey(head.document, log.circle()));
    covered = 0;
  }
  view_.Put(LastChangeKey(head.document, log.circle()),
            codec::EncodeLastChange({stored.entry.id, covered}));
  if (parents.size() == 1) {
    const log::EntryId parent{parents.front().bytes};
    if (last ? last->id == parent : DocumentIdOf(parent) == head.document) return {};
  }
  ASSIGN(const auto first, log.EntryOf(head.document));
  if (first) view_.Put(BranchesKey(log.space(), first->arrival), {});
  return {};
}

Result<std::optional<codec::LastChange>> DocumentIndex::LastChangeOf(
    const SpaceLog& log, const crdt::DocumentId& document) const {
  ASSIGN(const auto record, view_.Get(LastChangeKey(document, log.circle())));
  if (!record) return std::optional<codec::LastChange>();
  ASSIGN(codec::LastChange last, codec::DecodeLastChange(*record));
  return std::optional(last);
}

Result<std::uint64_t> DocumentIndex::CoveredByFile(const SpaceLog& log,
                                                   const crdt::DocumentId& document) const {
  ASSIGN(const auto last, LastChangeOf(log, document));
  return last ? last->covered : 0;
}

Result<void> DocumentIndex::EndFile(const SpaceLog& log, const crdt::DocumentId& document) {
  ASSIGN(auto last, LastChangeOf(log, document));
  if (!last || last->covered == 0) return {};
  last->covered = 0;
  view_.Put(LastChangeKey(document, log.circle()), codec::EncodeLastChange(*last));
  view_.Delete(DocumentFileKey(document, log.circle()));
  return {};
}

Result<void> DocumentIndex::PutFile(const SpaceLog& log, const crdt::DocumentId& document,
                                    std::uint64_t covered, const codec::DocumentFile& file) {
  ASSIGN(auto last, LastChangeOf(log, document));
  CHECK(last.has_value());
  last->covered = covered;
  view_.Put(LastChangeKey(document, log.circle()), codec::EncodeLastChange(*last));
  view_.Put(DocumentFileKey(document, log.circle()), codec::EncodeDocumentFile(file));
  return {};
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
  return At(space, arrivals);
}

Result<std::vector<codec::StoredDocument>> DocumentIndex::OfType(const log::SpaceId& space,
                                                                 std::string_view type) const {
  ASSIGN(const auto arrivals, OrdersFrom(view_, DocumentTypeKey(space, type, 0)));
  return At(space, arrivals);
}

Result<std::vector<codec::StoredDocument>> DocumentIndex::At(
    const log::SpaceId& space, const std::vector<std::uint64_t>& arrivals) const {
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
