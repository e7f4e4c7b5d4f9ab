// Replica's part in erasures: what this node asks for itself (docs/formats/erasure.md).
#include <algorithm>
#include <set>
#include <utility>

#include "crdt/path.h"
#include "node/domain/envelope.h"
#include "node/replica/container_keys.h"
#include "node/replica/records.h"
#include "node/replica/replica.h"

namespace geflecht::replica {
namespace {

tl::unexpected<Error> NotYours() {
  return Fail(Code::kNotPermitted, "neither the author's nor the record's organisation",
              "hint.erase-not-yours");
}

tl::unexpected<Error> Nothing() {
  return Fail(Code::kNotFound, "nothing to erase", "hint.erase-nothing");
}

// Keys of the root map whose value stands in a content field of these edits.
std::set<std::string> RootKeysIn(const std::vector<crdt::Edit>& edits, const crdt::Schema& schema,
                                 std::size_t field) {
  std::set<std::string> keys;
  std::vector<crdt::Edit> without = edits;
  if (!crdt::TakeContentOut(without, schema, field, crdt::Gap::kErased)) return keys;
  for (std::size_t i = 0; i < edits.size(); ++i) {
    const auto* set = std::get_if<crdt::SetKey>(&edits[i]);
    if (set != nullptr && set->map.empty() && !set->absent_key && without[i] != edits[i])
      keys.insert(set->key);
  }
  return keys;
}

crdt::DocumentId DocumentOf(const log::RecordId& record) { return {record.bytes}; }

}  // namespace

log::Entry Replica::OwnErasure(const SpaceLog& log) const {
  log::Entry erase;
  erase.header.space = log.space();
  erase.header.device = self();
  erase.header.basis = council_.tips();
  return erase;
}

Result<void> Replica::CheckMayErase(const SpaceLog& log, const log::EraseTarget& target) const {
  ASSIGN(const auto stored, log.EntryOf(target.entry));
  if (!stored) return Fail(Code::kNotFound, "no entry " + target.entry.Hex());
  ASSIGN(const bool may, MayErase(log, OwnErasure(log), stored->entry, stored->document));
  if (!may) return NotYours();
  return {};
}

Result<void> Replica::CheckMayEraseRecord(const SpaceLog& log,
                                          const crdt::DocumentId& document) const {
  ASSIGN(const bool may, MayEraseRecord(log, OwnErasure(log), document));
  if (!may) return NotYours();
  return {};
}

Result<void> Replica::CheckNotHeld(const crdt::DocumentId& document) {
  const auto open = Open(document);
  if (!open) {
    // Of a type that this program does not know, or not here.
    const Code code = open.error().code;
    if (code == Code::kNotFound || code == Code::kFormatVersion) return {};
    return Fail(open.error());
  }
  const auto held = (*open)->document.Get("/" + std::string(domain::kRestricted));
  if (!held) return {};
  const auto restricts = [](const crdt::Writing& writing) {
    const auto* value = std::get_if<crdt::Value>(&writing.slot);
    return !writing.removed && value != nullptr && domain::IsRestricted(*value);
  };
  if (std::none_of(held->writings.begin(), held->writings.end(), restricts)) return {};
  return Fail(Code::kNotPermitted, "the record is restricted", "hint.erase-restricted");
}

Result<void> Replica::CheckTargets(const SpaceLog& log, const log::Erasure& erasure) {
  std::set<crdt::DocumentId> documents;
  for (const log::EraseTarget& target : erasure.targets) {
    ASSIGN(const auto stored, log.EntryOf(target.entry));
    if (!stored || !stored->body_here)
      return Fail(Code::kNotFound, "no entry " + target.entry.Hex() + " with its body");
    const log::Header& header = stored->entry.header;
    if (target.fields.empty() || target.fields.front() < log::FirstErasable(header))
      return Fail(Code::kNotPermitted, "evidence and structure are not erased",
                  "hint.erase-evidence");
    if (target.fields.back() >= header.fields) return Fail(Code::kNotFound, "no such field");
    if (stored->document) documents.insert(*stored->document);
  }
  for (const log::RecordId& record : erasure.documents) documents.insert(DocumentOf(record));
  for (const log::ErasedContainer& container : erasure.containers)
    documents.insert(DocumentOf(container.document));
  for (const crdt::DocumentId& document : documents) {
    ASSIGN(const auto first, log.EntryOf(document));
    if (!first) return Fail(Code::kNotFound, "no document " + document.Hex());
    TRY(CheckNotHeld(document));
  }
  return {};
}

Result<void> Replica::CheckErase(const log::SpaceId& space, const log::Erasure& erasure) {
  TRY(CheckMayWrite());
  const SpaceLog* const log = FindLog(space);
  if (log == nullptr) return Fail(Code::kNotFound, "no such space");
  // What is decided was looked at when it was proposed, and is judged by all.
  if (erasure.decision) return {};
  TRY(CheckTargets(*log, erasure));
  for (const log::EraseTarget& target : erasure.targets) TRY(CheckMayErase(*log, target));
  for (const log::RecordId& record : erasure.documents)
    TRY(CheckMayEraseRecord(*log, DocumentOf(record)));
  for (const log::ErasedContainer& container : erasure.containers)
    TRY(CheckMayEraseRecord(*log, DocumentOf(container.document)));
  return {};
}

Result<log::EntryId> Replica::Erase(const log::SpaceId& space, const log::Erasure& erasure,
                                    Time now) {
  TRY(CheckErase(space, erasure));
  SpaceLog* const log = FindLog(space);
  ASSIGN(const log::Body body, log::SayErasure(erasure, random_));
  const auto evidence = static_cast<std::uint32_t>(body.slots.size());
  return WriteOwn(*log, {log::kErase, std::nullopt, &body, evidence}, now);
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

Result<ContentOfKey> Replica::ContentUnder(const crdt::DocumentId& id, const std::string& key) {
  const SpaceLog& log = LogOf(id);
  TRY(Open(id));
  const crdt::Schema& schema = documents_.FindOpen(id)->document.schema();
  // A key that the schema lacks is content: only the values tell whose it is.
  const bool declared = schema.Find(key) != nullptr;
  ContainerKeys keys(log, schema);
  ASSIGN(const auto changes, documents_.Changes(log, id));
  ContentOfKey content;
  for (const codec::StoredEntry& stored : changes) {
    ASSIGN(const auto body, log.BodyOf(stored));
    ASSIGN(const auto fields, keys.Of(*body));
    const auto change = crdt::DecodeChange(EncodedFieldsOf(*body), schema);
    if (!fields || !change) continue;
    log::EraseTarget target{stored.entry.id, {}};
    for (std::uint32_t i = 0; i < fields->size(); ++i) {
      if (!std::holds_alternative<log::Field>(body->slots[i + 1])) continue;
      std::set<std::string> with = RootKeysIn(change->edits, schema, i);
      if (!(declared ? (*fields)[i].contains(key) : with.contains(key))) continue;
      target.fields.push_back(i + 1);  // behind the structure
      content.beside.merge(with);
    }
    if (!target.fields.empty()) content.targets.push_back(std::move(target));
  }
  content.beside.erase(key);
  std::sort(content.targets.begin(), content.targets.end(),
            [](const log::EraseTarget& a, const log::EraseTarget& b) { return a.entry < b.entry; });
  return content;
}

Result<Replica::Values> Replica::ValuesOf(const crdt::DocumentId& id,
                                          const std::set<std::string>& keys,
                                          const std::function<bool(const crdt::ChangeId&)>& goes) {
  Values values;
  TRY(Open(id));
  ASSIGN(const auto map, documents_.FindOpen(id)->document.Map(""));
  for (const crdt::Register& item : map) {
    if (!keys.contains(item.key) || item.writings.empty()) continue;
    const crdt::Writing& shown = item.writings.front();
    const auto* value = std::get_if<crdt::Value>(&shown.slot);
    if (!goes(shown.change) || shown.removed || value == nullptr ||
        std::holds_alternative<crdt::Absent>(*value))
      continue;
    if (item.writings.size() > 1)
      return Fail(Code::kConflict, "a value that goes with it is in conflict",
                  "hint.erase-conflict");
    values.emplace_back(item.key, *value);
  }
  return values;
}

Result<Replica::Values> Replica::OwnValuesBeside(SpaceLog& log, const crdt::DocumentId& document) {
  Values values;
  ASSIGN(const crdt::Schema* const schema, documents_.SchemaOf(log, document));
  ASSIGN(const ErasedDocument erased, erasures_.OnDocument(log.space(), document));
  if (schema == nullptr || erased.whole || !CheckMayWrite() || !MayWriteIn(log.space()))
    return values;
  std::set<crdt::ChangeId> own;
  std::set<std::string> keys;
  ASSIGN(const auto changes, documents_.Changes(log, document));
  for (const codec::StoredEntry& stored : changes) {
    if (stored.entry.header.device != self()) continue;
    ASSIGN(const auto body, log.BodyOf(stored));
    ASSIGN(const ErasedFields taken, FieldsIn(erased.containers, log, document, *body));
    const auto change = crdt::DecodeChange(EncodedFieldsOf(*body), *schema);
    if (!change || taken.fields.empty()) continue;
    own.insert({stored.entry.id.bytes});
    for (const std::uint32_t field : taken.fields)
      keys.merge(RootKeysIn(change->edits, *schema, field - 1));
  }
  for (const auto& [erasure, named] : erased.containers)
    for (const std::string& key : named) keys.erase(key);
  const auto goes = [&](const crdt::ChangeId& change) { return own.contains(change); };
  for (const std::string& key : keys) {
    auto found = ValuesOf(document, {key}, goes);
    // Whoever decides a conflict has to see both sides; one of them is erased now.
    if (!found && found.error().code == Code::kConflict) continue;
    if (!found) return Fail(found.error());
    values.insert(values.end(), found->begin(), found->end());
  }
  return values;
}

Result<void> Replica::WriteAnew(const crdt::DocumentId& id, const Values& values, Time now) {
  if (values.empty()) return {};
  const auto set = [&](crdt::Transaction& edit) -> Result<void> {
    for (const auto& [key, value] : values) TRY(edit.Set(crdt::JoinPath("", key), value));
    return {};
  };
  TRY(Edit(id, set, now));
  return Cut(id, now);
}

Result<std::vector<crdt::ErasureId>> Replica::ErasuresKnownTo(const SpaceLog& log,
                                                              const crdt::DocumentId& document) {
  ASSIGN(const ErasedDocument erased, erasures_.OnDocument(log.space(), document));
  std::vector<crdt::ErasureId> known;
  for (const auto& [erasure, keys] : erased.containers) known.push_back(erasure);
  return known;
}

Result<std::vector<crdt::ErasureId>> Replica::ErasuresToName(
    const OpenDocument& open, const std::vector<crdt::Edit>& edits,
    const std::vector<crdt::ErasureId>& known) {
  std::vector<crdt::ErasureId> named;
  if (known.empty()) return named;
  const SpaceLog& log = Log(open.info.space);
  ContainerKeys of(log, open.document.schema());
  ASSIGN(const auto fields, of.Of(edits));
  ASSIGN(const ErasedDocument erased, erasures_.OnDocument(log.space(), open.info.id));
  const ErasedContainers& containers = erased.containers;
  for (const crdt::ErasureId& erasure : known) {
    const auto keys = containers.find(erasure);
    const auto touches = [&](const std::set<crdt::RootKey>& field) {
      return std::any_of(field.begin(), field.end(),
                         [&](const auto& key) { return keys->second.contains(key); });
    };
    if (keys == containers.end()) continue;
    if (!fields || std::any_of(fields->begin(), fields->end(), touches)) named.push_back(erasure);
  }
  return named;
}

Result<std::vector<log::EntryId>> Replica::EraseWhole(const crdt::DocumentId& id,
                                                      std::string_view reason, Time now) {
  const SpaceLog& log = LogOf(id);
  ASSIGN(const auto first, log.EntryOf(id));
  if (!first || !first->body_here) return Fail(Code::kNotFound, "no document " + id.Hex());
  ASSIGN(const bool erased, IsErased(id));
  if (erased) return Nothing();
  ASSIGN(const log::EntryId entry,
         Erase(log.space(), {std::string(reason), {}, {log::RecordId{id.bytes}}}, now));
  return std::vector<log::EntryId>{entry};
}

Result<log::Erasure> Replica::ErasureOf(const crdt::DocumentId& id,
                                        const std::optional<std::string>& key,
                                        std::string_view reason) {
  log::Erasure erasure{std::string(reason), {}};
  const log::RecordId record{id.bytes};
  if (!key) {
    erasure.documents.push_back(record);
    return erasure;
  }
  TRY(Open(id));
  const crdt::Schema& schema = documents_.FindOpen(id)->document.schema();
  if (schema.Find(*key) == nullptr)
    return Fail(Code::kUsage, "no field of this kind of record", "hint.erase-no-field");
  erasure.containers.push_back({record, *key});
  return erasure;
}

Result<std::vector<log::EntryId>> Replica::EraseDocument(const crdt::DocumentId& id,
                                                         const std::optional<std::string>& field,
                                                         std::string_view reason, Time now) {
  TRY(CheckMayWrite());
  if (!field) return EraseWhole(id, reason, now);
  TRY(Cut(id, now));
  ASSIGN(const ContentOfKey content, ContentUnder(id, *field));
  if (content.targets.empty()) return Nothing();
  TRY(CheckNotHeld(id));
  const SpaceLog& log = LogOf(id);
  // Whoever only wrote something of it names that; so does everybody for a key that is content.
  const bool declared = documents_.FindOpen(id)->document.schema().Find(*field) != nullptr;
  const bool whole = declared && CheckMayEraseRecord(log, id).has_value();
  for (const log::EraseTarget& target : content.targets)
    if (!whole) TRY(CheckMayErase(log, target));
  ASSIGN(const Values values, ValuesOf(id, content.beside, [&](const crdt::ChangeId& change) {
           return std::any_of(
               content.targets.begin(), content.targets.end(),
               [&](const auto& target) { return target.entry.bytes == change.bytes; });
         }));
  TRY(WriteAnew(id, values, now));
  std::vector<log::Erasure> erasures;
  if (whole) {
    erasures.push_back({std::string(reason), {}, {}, {{log::RecordId{id.bytes}, *field}}});
  } else {
    for (std::size_t i = 0; i < content.targets.size(); i += log::kEraseTargetsMax) {
      const auto from = content.targets.begin() + static_cast<std::ptrdiff_t>(i);
      const std::size_t count = std::min(content.targets.size() - i, log::kEraseTargetsMax);
      erasures.push_back({std::string(reason), {from, from + static_cast<std::ptrdiff_t>(count)}});
    }
  }
  std::vector<log::EntryId> written;
  for (const log::Erasure& erasure : erasures) {
    ASSIGN(const log::EntryId entry, Erase(SpaceOf(id), erasure, now));
    written.push_back(entry);
  }
  return written;
}

}  // namespace geflecht::replica
