// Replica's part in erasures: which fields are erased, and what becomes of them here
// (docs/formats/erasure.md).
#include <algorithm>
#include <set>
#include <utility>

#include "crdt/content.h"
#include "node/domain/document_types.h"
#include "node/replica/container_keys.h"
#include "node/replica/records.h"
#include "node/replica/replica.h"

namespace geflecht::replica {
namespace {

bool IsOfStore(const Error& error) {
  return error.code == Code::kCorruption || error.code == Code::kNoSpace || error.code == Code::kIo;
}

bool IsChild(const crdt::NewSlot& slot) {
  return std::holds_alternative<crdt::ContainerType>(slot);
}

bool MakesContainer(const crdt::Edit& edit) {
  if (const auto* set = std::get_if<crdt::SetKey>(&edit)) return set->slot && IsChild(*set->slot);
  if (const auto* item = std::get_if<crdt::SetItem>(&edit)) return IsChild(item->slot);
  if (const auto* items = std::get_if<crdt::InsertItems>(&edit))
    return std::any_of(items->items.begin(), items->items.end(), IsChild);
  return std::holds_alternative<crdt::CreateNode>(edit);
}

}  // namespace

Result<bool> Replica::IsErasedIn(const SpaceLog& log, const crdt::DocumentId& document) const {
  ASSIGN(const auto all, erasures_.On(log.space(), document));
  for (const Erasures::Named& named : all) {
    if (named.what != Erasures::What::kDocument) continue;
    ASSIGN(const log::Entry erase, ErasureAt(log, named.arrival));
    ASSIGN(const bool may, MayEraseRecord(log, erase, document));
    if (may) return true;
  }
  return false;
}

Result<log::Entry> Replica::ErasureAt(const SpaceLog& log, std::uint64_t arrival) const {
  ASSIGN(auto erase, log.Arrival(arrival));
  if (!erase) return Fail(Code::kCorruption, "an erasure is not in the log");
  return std::move(erase->entry);
}

Result<bool> Replica::IsErased(const crdt::DocumentId& id) { return IsErasedIn(LogOf(id), id); }

Result<void> Replica::CheckNotErased(const crdt::DocumentId& id) {
  ASSIGN(const bool erased, IsErased(id));
  ASSIGN(const bool locked, IsLocked(id));
  if (!erased && !locked) return {};
  return Fail(Code::kNotPermitted, "the document is erased", "hint.document-erased");
}

Result<ErasedContainers> Replica::ErasedContainersOf(const SpaceLog& log,
                                                     const crdt::DocumentId& document) const {
  ErasedContainers containers;
  ASSIGN(const auto all, erasures_.On(log.space(), document));
  for (const Erasures::Named& named : all) {
    if (named.what != Erasures::What::kContainers) continue;
    ASSIGN(const log::Entry erase, ErasureAt(log, named.arrival));
    ASSIGN(const bool may, MayEraseRecord(log, erase, document));
    if (!may) continue;
    // A decision can be carried out more than once: what knows one of them is erased by none.
    crdt::ErasureId id{erase.id.bytes};
    ASSIGN(const bool decided, IsDecided(erase));
    if (decided) {
      ASSIGN(const auto stored, log.EntryOf(erase.id));
      ASSIGN(const auto body, log.BodyOf(*stored));
      id.bytes = log::ReadErasure(erase.header, *body)->decision->bytes;
    }
    containers[id].insert(named.keys.begin(), named.keys.end());
  }
  return containers;
}

Result<ErasedFields> Replica::ErasedInContainers(const SpaceLog& log,
                                                 const crdt::DocumentId& document,
                                                 const log::Body& body) const {
  ASSIGN(const ErasedContainers containers, ErasedContainersOf(log, document));
  return FieldsIn(containers, log, document, body);
}

Result<ErasedFields> Replica::FieldsIn(const ErasedContainers& containers, const SpaceLog& log,
                                       const crdt::DocumentId& document,
                                       const log::Body& body) const {
  ErasedFields erased;
  const Bytes* structure = log::FindField(body, "structure");
  const auto head =
      structure == nullptr ? std::nullopt : std::optional(crdt::DecodeChangeHead(*structure));
  std::set<std::string> keys;
  for (const auto& [erasure, named] : containers)
    if (!head || !*head ||
        !std::binary_search((*head)->erasures.begin(), (*head)->erasures.end(), erasure))
      keys.insert(named.begin(), named.end());
  if (keys.empty()) return erased;
  ASSIGN(const crdt::Schema* schema, documents_.SchemaOf(log, document));
  if (head && *head && (*head)->type)
    schema = domain::FindSchema(*(*head)->type, (*head)->schema_version);
  std::optional<ContainerKeys::Fields> fields;
  if (schema != nullptr) {
    ContainerKeys of(log, *schema);
    ASSIGN(fields, of.Of(body));
  }
  erased.known = fields.has_value();
  keys.insert(crdt::kNowhereKey);
  for (std::uint32_t i = 0; fields && i < fields->size(); ++i)
    if (std::any_of((*fields)[i].begin(), (*fields)[i].end(),
                    [&](const std::string& key) { return keys.contains(key); }))
      erased.fields.insert(i + 1);  // behind the structure
  return erased;
}

Result<ErasedFields> Replica::ErasedFieldsOf(const SpaceLog& log, const log::Entry& target,
                                             const std::optional<crdt::DocumentId>& document,
                                             const log::Body& body) const {
  ErasedFields erased;
  if (document) {
    ASSIGN(erased, ErasedInContainers(log, *document, body));
  }
  std::set<std::uint32_t>& fields = erased.fields;
  ASSIGN(const auto all, erasures_.On(log.space(), DocumentIdOf(target.id)));
  for (const Erasures::Named& named : all) {
    if (named.what != Erasures::What::kFields) continue;
    ASSIGN(const log::Entry erase, ErasureAt(log, named.arrival));
    ASSIGN(const bool may, MayErase(log, erase, target, document));
    if (may) fields.insert(named.fields.begin(), named.fields.end());
  }
  ASSIGN(const bool whole, document ? IsErasedIn(log, *document) : Result<bool>(false));
  for (std::uint32_t i = 0; whole && i < target.header.fields; ++i) fields.insert(i);
  erased.known = erased.known || whole;
  fields.erase(fields.begin(), fields.lower_bound(log::FirstErasable(target.header)));
  fields.erase(fields.lower_bound(target.header.fields), fields.end());
  return erased;
}

Result<void> Replica::EraseFrom(SpaceLog& log, const codec::StoredEntry& target, Time now) {
  ASSIGN(auto body, log.BodyOf(target));
  if (!body) return {};
  ASSIGN(const ErasedFields erased, ErasedFieldsOf(log, target.entry, target.document, *body));
  ASSIGN(const bool settled, SettleLock(log, target, erased.fields, now));
  if (erased.fields.empty() && !settled) return {};
  if (settled) {
    ASSIGN(body, log.BodyOf(target));
  }
  const bool taken = body && log::TakeOut(*body, erased.fields);
  if (taken) expunging_.Add(log.ReplaceBody(target, *body), now);
  if (!taken && !settled) return {};
  return ForgetContent(log, target, now);
}

Result<void> Replica::ForgetContent(SpaceLog& log, const codec::StoredEntry& target, Time now) {
  if (log.space() == root_space_) council_.ForgetErased(target.entry.id);
  if (!target.document) return {};
  const crdt::DocumentId document = *target.document;
  conflict_counts_.erase(document);
  // What is typed but not yet cut has been typed into the document as it was.
  TRY(Cut(document, now));
  TRY(documents_.EndFile(log, document));
  documents_.Forget(document);
  expunging_.Add(DraftKey(log.space(), 0), now);
  return {};
}

Result<void> Replica::ApplyErasure(SpaceLog& log, const codec::StoredEntry& erase,
                                   const log::Body& body, Time now) {
  const auto erasure = log::ReadErasure(erase.entry.header, body);
  if (!erasure) return {};
  erase_receipts_.Note(log.space(), erase.arrival);
  view_.Put(ErasureKey(log.space(), erase.arrival), {});
  announced_.Remove(erase.entry.id);
  using What = Erasures::What;
  if (erasure->decision)
    TRY(erasures_.Note(log.space(), DocumentIdOf(*erasure->decision),
                       {erase.arrival, What::kDecision}));
  for (const log::RecordId& record : erasure->documents) {
    const crdt::DocumentId document{record.bytes};
    ASSIGN(const auto first, log.EntryOf(document));
    // Judged once: who may is a function of the basis. Else an erasure that counts for nothing
    // would cost every later reading of what it names.
    ASSIGN(const bool may, first ? MayEraseRecord(log, erase.entry, document) : Result<bool>(true));
    if (!may) continue;
    TRY(erasures_.Note(log.space(), document, {erase.arrival, What::kDocument}));
    TRY(EraseInDocument(log, document, now));
  }
  for (const log::ErasedContainer& container : erasure->containers) {
    const crdt::DocumentId document{container.document.bytes};
    ASSIGN(const auto first, log.EntryOf(document));
    ASSIGN(const bool may, first ? MayEraseRecord(log, erase.entry, document) : Result<bool>(true));
    if (may) TRY(EraseContainer(log, erase, container, now));
  }
  if (!erasure->documents.empty() || !erasure->containers.empty()) TRY(RetryAside(log, now));
  for (const log::EraseTarget& target : erasure->targets) {
    ASSIGN(const auto stored, log.EntryOf(target.entry));
    bool may = true;  // as far as is known: whose a record is says its first change
    if (stored && stored->document) {
      ASSIGN(const auto first, log.EntryOf(*stored->document));
      if (first) {
        ASSIGN(may, MayErase(log, erase.entry, stored->entry, stored->document));
      }
    }
    if (!may) continue;
    TRY(erasures_.Note(log.space(), DocumentIdOf(target.entry),
                       {erase.arrival, What::kFields, target.fields}));
    TRY(EraseEntry(log, target.entry, now));
  }
  return {};
}

Result<void> Replica::EraseEntry(SpaceLog& log, const log::EntryId& entry, Time now) {
  ASSIGN(auto stored, log.EntryOf(entry));
  if (!stored) return {};
  if (stored->body_here) return EraseFrom(log, *stored, now);
  if (const auto aside = erasures_.TakeAside(entry))
    AdmitBody(log, *std::move(stored), *aside, now);
  return {};
}

Result<void> Replica::EraseWhatCountsNow(Time now) {
  SpaceLog& root = *FindLog(root_space_);
  for (const log::EntryId& id : erasures_.TakeCounted()) {
    ASSIGN(const auto stored, root.EntryOf(id));
    if (!stored || !stored->body_here) continue;
    ASSIGN(const auto body, root.BodyOf(*stored));
    const auto erasure = log::ReadErasure(stored->entry.header, *body);
    if (!erasure) continue;
    for (const log::EraseTarget& target : erasure->targets)
      TRY(EraseEntry(root, target.entry, now));
  }
  return {};
}

Result<void> Replica::EraseContainer(SpaceLog& log, const codec::StoredEntry& erase,
                                     const log::ErasedContainer& container, Time now) {
  const crdt::DocumentId document{container.document.bytes};
  // What is typed but not yet cut was typed before anybody here had heard of the erasure.
  TRY(Cut(document, now));
  if (drafts_.Has(document)) TRY(DropDraft(log, document, now));
  TRY(erasures_.Note(log.space(), document,
                     {erase.arrival, Erasures::What::kContainers, {}, {container.key}}));
  ASSIGN(const auto beside, OwnValuesBeside(log, document));
  TRY(EraseInDocument(log, document, now));
  // Members can make a record too large to be written once more: such values go with the rest.
  const auto renewed = WriteAnew(document, beside, now);
  if (!renewed && IsOfStore(renewed.error())) return Fail(renewed.error());
  return {};
}

Result<void> Replica::DropDraft(const SpaceLog& log, const crdt::DocumentId& document, Time now) {
  if (!drafts_.Has(document)) return {};
  ASSIGN(const OpenDocument* open, documents_.Open(log, document));
  const store::Key draft = DraftKey(open->info.space, open->first_arrival);
  view_.Delete(draft);
  drafts_.Done(document);
  documents_.Forget(document);
  expunging_.Add(draft, now);
  return {};
}

Result<void> Replica::RetryAside(SpaceLog& log, Time now) {
  for (const log::EntryId& entry : erasures_.Aside()) {
    ASSIGN(auto stored, log.EntryOf(entry));
    if (!stored || stored->body_here || stored->entry.header.kind != "change") continue;
    if (const auto aside = erasures_.TakeAside(entry))
      AdmitBody(log, *std::move(stored), *aside, now);
  }
  return {};
}

Result<void> Replica::EraseInDocument(SpaceLog& log, const crdt::DocumentId& document, Time now) {
  ASSIGN(const bool whole, IsErasedIn(log, document));
  // It would be erased as soon as it is cut.
  if (whole) TRY(DropDraft(log, document, now));
  ASSIGN(const auto changes, documents_.Changes(log, document));
  for (const codec::StoredEntry& stored : changes) TRY(EraseFrom(log, stored, now));
  return {};
}

Result<void> Replica::EraseAgain(SpaceLog& log, const crdt::ChangeHead& head, const log::Body& body,
                                 Time now) {
  ASSIGN(const auto named, erasures_.On(log.space(), head.document));
  bool makes = head.type.has_value();
  // Lines that name other entries of the document lie under these.
  if (named.empty() && !makes) return {};
  ASSIGN(const crdt::Schema* const schema, documents_.SchemaOf(log, head.document));
  if (!makes && schema != nullptr) {
    const auto decoded = crdt::DecodeChange(EncodedFieldsOf(body), *schema);
    makes = decoded && std::any_of(decoded->edits.begin(), decoded->edits.end(), MakesContainer);
  }
  if (!makes) return {};
  TRY(EraseInDocument(log, head.document, now));
  return RetryAside(log, now);
}

}  // namespace geflecht::replica
