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

// Some value is left that could be erased.
bool HasErasable(const log::Header& header, const log::Body& body) {
  const auto first = std::min<std::size_t>(log::FirstErasable(header), body.slots.size());
  return std::any_of(body.slots.begin() + static_cast<std::ptrdiff_t>(first), body.slots.end(),
                     [](const auto& slot) { return std::holds_alternative<log::Field>(slot); });
}

// Under other keys nothing lies; one line is enough for what lies nowhere.
void KeepDeclared(std::vector<std::string>& keys, const crdt::Schema* schema) {
  if (schema == nullptr) return;
  const auto declared = [&](const std::string& key) { return schema->Find(key) != nullptr; };
  const auto rest = std::stable_partition(keys.begin(), keys.end(), declared);
  keys.erase(rest == keys.begin() ? keys.begin() + 1 : rest, keys.end());
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
  ASSIGN(const ErasedDocument erased, erasures_.OnDocument(log.space(), document));
  return erased.whole;
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

Result<ErasedFields> Replica::FieldsIn(const ErasedContainers& containers, const SpaceLog& log,
                                       const crdt::DocumentId& document,
                                       const log::Body& body) const {
  ErasedFields erased;
  const Bytes* structure = log::FindField(body, "structure");
  const auto head =
      structure == nullptr ? std::nullopt : std::optional(crdt::DecodeChangeHead(*structure));
  if (containers.empty()) return erased;
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
                                             const ErasedDocument& of_document,
                                             const log::Body& body) const {
  ErasedFields erased;
  if (document) {
    ASSIGN(erased, FieldsIn(of_document.containers, log, *document, body));
  }
  std::set<std::uint32_t>& fields = erased.fields;
  ASSIGN(const auto all, erasures_.On(log.space(), DocumentIdOf(target.id)));
  for (const Erasures::Named& named : all)
    if (named.what == Erasures::What::kFields)
      fields.insert(named.fields.begin(), named.fields.end());
  for (std::uint32_t i = 0; of_document.whole && i < target.header.fields; ++i) fields.insert(i);
  erased.known = erased.known || of_document.whole;
  fields.erase(fields.begin(), fields.lower_bound(log::FirstErasable(target.header)));
  fields.erase(fields.lower_bound(target.header.fields), fields.end());
  return erased;
}

Result<bool> Replica::EraseFrom(SpaceLog& log, const codec::StoredEntry& target,
                                const ErasedDocument& of_document, Time now) {
  ASSIGN(auto body, log.BodyOf(target));
  if (!body) return true;
  ASSIGN(const auto locked, view_.Get(LockedKey(log.space(), target.arrival)));
  if (!locked && !HasErasable(target.entry.header, *body)) return true;
  TRY(JudgeNoted(log, target.entry, target.document));
  ASSIGN(const ErasedFields erased,
         ErasedFieldsOf(log, target.entry, target.document, of_document, *body));
  ASSIGN(const bool settled, SettleLock(log, target, erased.fields, now));
  if (erased.fields.empty() && !settled) return erased.known;
  if (settled) {
    ASSIGN(body, log.BodyOf(target));
  }
  const bool taken = body && log::TakeOut(*body, erased.fields);
  if (taken) expunging_.Add(log.ReplaceBody(target, *body), now);
  if (taken || settled) TRY(ForgetContent(log, target, now));
  return erased.known;
}

Result<bool> Replica::EraseFrom(SpaceLog& log, const codec::StoredEntry& target, Time now) {
  ErasedDocument of_document;
  if (target.document) {
    ASSIGN(of_document, erasures_.OnDocument(log.space(), *target.document));
  }
  return EraseFrom(log, target, of_document, now);
}

Result<void> Replica::ForgetContent(SpaceLog& log, const codec::StoredEntry& target, Time now) {
  if (log.space() == root_space_) council_.ForgetErased(target.entry.id);
  if (!target.document) return {};
  const crdt::DocumentId document = *target.document;
  conflict_counts_.erase(document);
  // What is typed but not yet cut has been typed into the document as it was.
  TRY(CutFirst(document, now));
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
  std::optional<Announced::Item> announced;
  if (announced_.Has(erase.entry.id)) announced = announced_.At(erase.entry.id);
  announced_.Remove(erase.entry.id);
  ASSIGN(const bool decided, IsDecided(erase.entry));
  if (decided)
    TRY(erasures_.Note(log.space(), DocumentIdOf(*erasure->decision),
                       {erase.arrival, Erasures::What::kDecision}));
  TRY(EraseDocuments(log, erase, *erasure, decided, now));
  const log::OrgId signer = OrgNow(erase.entry.header.device).value_or(log::OrgId{});
  for (const log::EraseTarget& target : erasure->targets) {
    const Erasures::Named named{erase.arrival, Erasures::What::kFields, target.fields, {}, {},
                                signer};
    ASSIGN(const auto stored, log.EntryOf(target.entry));
    ASSIGN(const auto may, JudgeEntry(log, erase.entry, stored ? &stored->entry : nullptr,
                                      stored ? stored->document : std::nullopt));
    const crdt::DocumentId id = DocumentIdOf(target.entry);
    if (!may) TRY(erasures_.NoteUnjudged(log.space(), id, named));
    if (!may || !*may) continue;
    TRY(erasures_.Note(log.space(), id, named));
    TRY(EraseEntry(log, target.entry, now));
  }
  // What has been locked by a look at today's devices comes back if it should not have been.
  if (announced && !announced->judged) TRY(GiveBack(*announced, now));
  return {};
}

Result<void> Replica::EraseDocuments(SpaceLog& log, const codec::StoredEntry& erase,
                                     const log::Erasure& erasure, bool decided, Time now) {
  // No document lies there, and numbers of arrival mean something else.
  if (log.space() == root_space_) return {};
  using What = Erasures::What;
  std::map<crdt::DocumentId, std::vector<Erasures::Named>> by_document;
  for (const log::RecordId& record : erasure.documents)
    by_document[{record.bytes}].push_back({erase.arrival, What::kDocument});
  for (const log::ErasedContainer& container : erasure.containers) {
    auto& named = by_document[{container.document.bytes}];
    // A decision can be carried out more than once: what knows one of them is erased by none.
    if (named.empty() || named.back().what != What::kContainers)
      named.push_back({erase.arrival, What::kContainers, {}, {},
                       {decided ? erasure.decision->bytes : erase.entry.id.bytes}});
    named.back().keys.push_back(container.key);
  }
  for (auto& [document, named] : by_document) {
    ASSIGN(const auto first, log.EntryOf(document));
    if (!first && !decided) {
      for (Erasures::Named& one : named) {
        one.signer = OrgNow(erase.entry.header.device).value_or(log::OrgId{});
        TRY(erasures_.NoteUnjudged(log.space(), document, one));
      }
      continue;
    }
    // Judged once: who may is a function of the basis. What counts for nothing costs no reading.
    ASSIGN(const bool may, decided ? true : MayEraseRecord(log, erase.entry, document));
    if (may) TRY(EraseDocument(log, document, std::move(named), now));
  }
  return {};
}

Result<void> Replica::EraseDocument(SpaceLog& log, const crdt::DocumentId& document,
                                    std::vector<Erasures::Named> named, Time now) {
  ASSIGN(const bool erased, IsErasedIn(log, document));
  const bool containers = named.back().what == Erasures::What::kContainers;
  if (containers && !erased) {
    // What is typed but not yet cut was typed before anybody here had heard of the erasure.
    TRY(CutFirst(document, now));
    TRY(DropDraft(log, document, now));
    ASSIGN(const crdt::Schema* const schema, documents_.SchemaOf(log, document));
    KeepDeclared(named.back().keys, schema);
  }
  for (Erasures::Named& one : named)
    TRY(erasures_.Note(log.space(), document, std::move(one)));
  // Nothing is left of it, and what comes is erased as it comes.
  if (erased) return {};
  Values beside;
  if (containers) {
    ASSIGN(beside, OwnValuesBeside(log, document));
  }
  TRY(EraseInDocument(log, document, now));
  // Members can make a record too large to be written once more: such values go with the rest.
  const auto renewed = WriteAnew(document, beside, now);
  if (!renewed && FailsTheStore(renewed.error().code)) return renewed;
  return RetryAside(log, document, now);
}

Result<void> Replica::EraseEntry(SpaceLog& log, const log::EntryId& entry, Time now) {
  ASSIGN(auto stored, log.EntryOf(entry));
  if (!stored) return {};
  if (stored->body_here) {
    TRY(EraseFrom(log, *stored, now));
    return {};
  }
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
    ASSIGN(const bool decided, IsDecided(stored->entry));
    if (decided) {
      ASSIGN(const bool noted, IsCarriedOut(root, *erasure->decision));
      if (!noted)
        TRY(erasures_.Note(root_space_, DocumentIdOf(*erasure->decision),
                           {stored->arrival, Erasures::What::kDecision}));
    }
    for (const log::EraseTarget& target : erasure->targets)
      TRY(EraseEntry(root, target.entry, now));
  }
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

Result<void> Replica::RetryAside(SpaceLog& log, const crdt::DocumentId& document, Time now) {
  for (const log::EntryId& entry : erasures_.AsideOf(document)) {
    ASSIGN(auto stored, log.EntryOf(entry));
    if (!stored || stored->body_here) continue;
    if (const auto aside = erasures_.TakeAside(entry))
      AdmitBody(log, *std::move(stored), *aside, now);
  }
  return {};
}

Result<void> Replica::EraseInDocument(SpaceLog& log, const crdt::DocumentId& document, Time now) {
  ASSIGN(const ErasedDocument erased, erasures_.OnDocument(log.space(), document));
  // It would be erased as soon as it is cut.
  if (erased.whole) TRY(DropDraft(log, document, now));
  ASSIGN(const auto changes, documents_.Changes(log, document));
  bool known = true;
  for (const codec::StoredEntry& stored : changes) {
    ASSIGN(const bool known_of_it, EraseFrom(log, stored, erased, now));
    known = known && known_of_it;
  }
  // What comes later is not stored before it is known what of it is erased.
  if (known && !erased.containers.empty()) settled_.insert(document);
  if (!known) settled_.erase(document);
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
  if (head.type || !settled_.contains(head.document))
    TRY(EraseInDocument(log, head.document, now));
  return RetryAside(log, head.document, now);
}

}  // namespace geflecht::replica
