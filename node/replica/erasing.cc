// Replica's part in erasures: which fields are erased, and what becomes of them here
// (docs/formats/erasure.md).
#include <algorithm>
#include <set>
#include <utility>

#include "base/check.h"
#include "crdt/content.h"
#include "crdt/path.h"
#include "node/governance/read_entry.h"
#include "node/replica/records.h"
#include "node/replica/replica.h"

namespace geflecht::replica {
namespace {

const std::vector<log::EntryId>& PastOf(const log::Header& header,
                                        const std::vector<log::EntryId>& parents) {
  return header.basis.empty() ? parents : header.basis;
}

tl::unexpected<Error> NotYours() {
  return Fail(Code::kNotPermitted, "neither the author's nor the record's organisation",
              "hint.erase-not-yours");
}

// The content fields of a change whose loss takes something from what it wrote at `path`, a key of
// the root map; ascending. `keys`: what else goes with them, by key of the root map.
std::vector<std::uint32_t> FieldsAt(const std::vector<crdt::Edit>& edits,
                                    const crdt::Schema& schema, const std::string& path,
                                    std::set<std::string>& keys) {
  std::vector<std::uint32_t> fields;
  const auto key_of = [](const crdt::Edit& edit) -> std::string {
    const auto* set = std::get_if<crdt::SetKey>(&edit);
    if (set != nullptr && set->map.empty()) return "/" + set->key;
    return crdt::ContainerOf(edit);
  };
  for (std::uint32_t field = 0;; ++field) {
    std::vector<crdt::Edit> without = edits;
    if (!crdt::TakeContentOut(without, schema, field, crdt::Gap::kErased)) return fields;
    std::set<std::string> lost;
    for (std::size_t i = 0; i < edits.size(); ++i)
      if (without[i] != edits[i]) lost.insert(key_of(edits[i]));
    if (!lost.contains(path)) continue;
    fields.push_back(field + 1);  // behind the structure
    keys.merge(lost);
  }
}

}  // namespace

Result<bool> Replica::MayErase(const SpaceLog& log, const log::Entry& erase,
                               const log::Entry& target,
                               const std::optional<crdt::DocumentId>& document) const {
  const std::vector<log::EntryId> parents = governance::ParentsOf(erase.header);
  const std::vector<log::EntryId>& basis = PastOf(erase.header, parents);
  const auto org = council_.OrgAt(erase.header.device, basis);
  if (!org) return false;
  if (council_.OrgAt(target.header.device, basis) == org) return true;
  if (!document) return false;
  return OwnsRecord(log, erase, *document);
}

Result<bool> Replica::OwnsRecord(const SpaceLog& log, const log::Entry& erase,
                                 const crdt::DocumentId& document) const {
  const std::vector<log::EntryId> parents = governance::ParentsOf(erase.header);
  const std::vector<log::EntryId>& basis = PastOf(erase.header, parents);
  const auto org = council_.OrgAt(erase.header.device, basis);
  ASSIGN(const auto first, log.EntryOf(document));
  return org && first && council_.OrgAt(first->entry.header.device, basis) == org;
}

Result<bool> Replica::IsErasedIn(const SpaceLog& log, const crdt::DocumentId& document) const {
  ASSIGN(const auto all, erasures_.On(log.space(), document));
  for (const Erasures::Named& named : all) {
    if (!named.fields.empty()) continue;
    ASSIGN(const auto erase, log.Arrival(named.arrival));
    if (!erase) return Fail(Code::kCorruption, "an erasure is not in the log");
    ASSIGN(const bool owns, OwnsRecord(log, erase->entry, document));
    if (owns) return true;
  }
  return false;
}

Result<bool> Replica::IsErased(const crdt::DocumentId& id) { return IsErasedIn(LogOf(id), id); }

Result<void> Replica::CheckNotErased(const crdt::DocumentId& id) {
  ASSIGN(const bool erased, IsErased(id));
  ASSIGN(const bool locked, IsLocked(id));
  if (!erased && !locked) return {};
  return Fail(Code::kNotPermitted, "the document is erased", "hint.document-erased");
}

Result<std::set<std::uint32_t>> Replica::ErasedFieldsOf(
    const SpaceLog& log, const log::Entry& target,
    const std::optional<crdt::DocumentId>& document) const {
  std::set<std::uint32_t> erased;
  ASSIGN(const auto all, erasures_.On(log.space(), DocumentIdOf(target.id)));
  for (const Erasures::Named& named : all) {
    ASSIGN(const auto erase, log.Arrival(named.arrival));
    if (!erase) return Fail(Code::kCorruption, "an erasure is not in the log");
    ASSIGN(const bool may, MayErase(log, erase->entry, target, document));
    if (may) erased.insert(named.fields.begin(), named.fields.end());
  }
  ASSIGN(const bool whole, document ? IsErasedIn(log, *document) : Result<bool>(false));
  for (std::uint32_t i = 0; whole && i < target.header.fields; ++i) erased.insert(i);
  erased.erase(erased.begin(), erased.lower_bound(log::FirstErasable(target.header)));
  erased.erase(erased.lower_bound(target.header.fields), erased.end());
  return erased;
}

Result<void> Replica::EraseFrom(SpaceLog& log, const codec::StoredEntry& target, Time now) {
  ASSIGN(const auto erased, ErasedFieldsOf(log, target.entry, target.document));
  ASSIGN(const bool settled, SettleLock(log, target, erased, now));
  if (erased.empty() && !settled) return {};
  ASSIGN(auto body, log.BodyOf(target));
  const bool taken = body && log::TakeOut(*body, erased);
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
  for (const log::RecordId& record : erasure->documents) {
    const crdt::DocumentId document{record.bytes};
    TRY(erasures_.Note(log.space(), document, {erase.arrival, {}}));
    TRY(EraseInDocument(log, document, now));
  }
  if (!erasure->documents.empty()) TRY(RetryAside(log, now));
  for (const log::EraseTarget& target : erasure->targets) {
    const crdt::DocumentId begun = DocumentIdOf(target.entry);
    TRY(erasures_.Note(log.space(), begun, {erase.arrival, target.fields}));
    ASSIGN(auto stored, log.EntryOf(target.entry));
    if (!stored) continue;
    if (stored->body_here) {
      TRY(EraseFrom(log, *stored, now));
    } else if (const auto aside = erasures_.TakeAside(target.entry)) {
      AdmitBody(log, *std::move(stored), *aside, now);
    }
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

// ---- own erasures

Result<void> Replica::CheckMayErase(const SpaceLog& log, const log::EraseTarget& target) const {
  ASSIGN(const auto stored, log.EntryOf(target.entry));
  if (!stored || !stored->body_here)
    return Fail(Code::kNotFound, "no entry " + target.entry.Hex() + " with its body");
  const log::Header& header = stored->entry.header;
  if (target.fields.empty() || target.fields.front() < log::FirstErasable(header))
    return Fail(Code::kNotPermitted, "evidence and structure are not erased",
                "hint.erase-evidence");
  if (target.fields.back() >= header.fields) return Fail(Code::kNotFound, "no such field");
  log::Entry erase;
  erase.header.device = self();
  erase.header.basis = council_.tips();
  ASSIGN(const bool may, MayErase(log, erase, stored->entry, stored->document));
  if (!may) return NotYours();
  return {};
}

Result<void> Replica::CheckOwnsRecord(const SpaceLog& log, const crdt::DocumentId& document) const {
  log::Entry erase;
  erase.header.device = self();
  erase.header.basis = council_.tips();
  ASSIGN(const bool owns, OwnsRecord(log, erase, document));
  if (!owns) return NotYours();
  return {};
}

Result<log::EntryId> Replica::Erase(const log::SpaceId& space, const log::Erasure& erasure,
                                    Time now) {
  TRY(CheckMayWrite());
  SpaceLog* log = FindLog(space);
  if (log == nullptr) return Fail(Code::kNotFound, "no such space");
  for (const log::EraseTarget& target : erasure.targets) TRY(CheckMayErase(*log, target));
  for (const log::RecordId& record : erasure.documents)
    TRY(CheckOwnsRecord(*log, crdt::DocumentId{record.bytes}));
  ASSIGN(const log::Body body, log::SayErasure(erasure, random_));
  return WriteOwn(*log, {log::kErase, std::nullopt, &body, log::kEraseEvidence}, now);
}

Result<log::EraseTarget> Replica::AllOf(const log::EntryId& entry) const {
  ASSIGN(const auto stored, EntryOf(entry));
  if (!stored) return Fail(Code::kNotFound, "no entry " + entry.Hex());
  log::EraseTarget target{entry, {}};
  const log::Header& header = stored->entry.header;
  for (std::uint32_t i = log::FirstErasable(header); i < header.fields; ++i)
    target.fields.push_back(i);
  return target;
}

Result<std::vector<log::EraseTarget>> Replica::ContentOf(const crdt::DocumentId& id,
                                                         const std::string& path,
                                                         std::set<std::string>& keys) {
  const SpaceLog& log = LogOf(id);
  const crdt::Schema schema = documents_.FindOpen(id)->document.schema();
  ASSIGN(const auto changes, documents_.Changes(log, id));
  std::vector<log::EraseTarget> targets;
  for (const codec::StoredEntry& stored : changes) {
    ASSIGN(const auto body, log.BodyOf(stored));
    log::EraseTarget target{stored.entry.id, {}};
    const auto decoded = DecodeBody(log, stored, *body, schema);
    if (!decoded) continue;
    target.fields = FieldsAt(decoded->change.edits, schema, path, keys);
    std::erase_if(target.fields, [&](std::uint32_t i) {
      return !std::holds_alternative<log::Field>(body->slots[i]);
    });
    if (!target.fields.empty()) targets.push_back(std::move(target));
  }
  std::sort(targets.begin(), targets.end(),
            [](const log::EraseTarget& a, const log::EraseTarget& b) { return a.entry < b.entry; });
  return targets;
}

Result<void> Replica::SayAnew(const crdt::DocumentId& id, const std::set<std::string>& keys,
                              const std::vector<log::EraseTarget>& targets, Time now) {
  const crdt::Document& document = documents_.FindOpen(id)->document;
  ASSIGN(const auto map, document.Map(""));
  std::vector<std::pair<std::string, crdt::Value>> values;
  for (const crdt::Register& item : map) {
    const std::string path = crdt::JoinPath("", item.key);
    if (!keys.contains("/" + item.key) || item.writings.empty()) continue;
    const crdt::Writing& shown = item.writings.front();
    const bool goes = std::any_of(targets.begin(), targets.end(), [&](const auto& target) {
      return target.entry.bytes == shown.change.bytes;
    });
    const auto* value = std::get_if<crdt::Value>(&shown.slot);
    if (!goes || shown.removed || value == nullptr || std::holds_alternative<crdt::Absent>(*value))
      continue;
    if (item.writings.size() > 1)
      return Fail(Code::kConflict, "a value that goes with it is in conflict",
                  "hint.erase-conflict");
    values.emplace_back(path, *value);
  }
  if (values.empty()) return {};
  TRY(Edit(
      id,
      [&](crdt::Transaction& edit) -> Result<void> {
        for (const auto& [path, value] : values) TRY(edit.Set(path, value));
        return {};
      },
      now));
  return Cut(id, now);
}

Result<std::vector<log::EntryId>> Replica::EraseWhole(const crdt::DocumentId& id,
                                                      std::string_view reason, Time now) {
  const SpaceLog& log = LogOf(id);
  ASSIGN(const auto first, log.EntryOf(id));
  if (!first || !first->body_here) return Fail(Code::kNotFound, "no document " + id.Hex());
  ASSIGN(const bool erased, IsErased(id));
  if (erased) return Fail(Code::kNotFound, "nothing to erase", "hint.erase-nothing");
  ASSIGN(const log::EntryId entry,
         Erase(log.space(), {std::string(reason), {}, {log::RecordId{id.bytes}}}, now));
  return std::vector<log::EntryId>{entry};
}

Result<std::vector<log::EntryId>> Replica::EraseDocument(const crdt::DocumentId& id,
                                                         const std::optional<std::string>& field,
                                                         std::string_view reason, Time now) {
  TRY(CheckMayWrite());
  if (!field) return EraseWhole(id, reason, now);
  TRY(Cut(id, now));
  TRY(Open(id));
  std::set<std::string> keys;
  const std::string path = "/" + *field;
  ASSIGN(const auto targets, ContentOf(id, path, keys));
  if (targets.empty()) return Fail(Code::kNotFound, "nothing to erase", "hint.erase-nothing");
  for (const log::EraseTarget& target : targets) TRY(CheckMayErase(LogOf(id), target));
  keys.erase(path);
  TRY(SayAnew(id, keys, targets, now));
  std::vector<log::EntryId> written;
  for (std::size_t i = 0; i < targets.size(); i += log::kEraseTargetsMax) {
    const auto from = targets.begin() + static_cast<std::ptrdiff_t>(i);
    const std::size_t count = std::min(targets.size() - i, log::kEraseTargetsMax);
    ASSIGN(const log::EntryId entry,
           Erase(SpaceOf(id),
                 {std::string(reason), {from, from + static_cast<std::ptrdiff_t>(count)}}, now));
    written.push_back(entry);
  }
  return written;
}

}  // namespace geflecht::replica
