// Replica's part in erasures that are announced and not yet in the log: what they name is locked
// (docs/formats/erasure.md, Announced).
#include <algorithm>
#include <utility>

#include "base/check.h"
#include "node/replica/records.h"
#include "node/replica/replica.h"

namespace geflecht::replica {
namespace {

Admitted RefuseErasure(const Error& error) {
  return {Outcome::kRejected, "an announced erasure: " + error.detail};
}

Result<log::Header> ReadHeader(const log::SpaceId& space, const codec::ErasureItem& item) {
  ASSIGN(log::Header header, log::ParseHeader(item.header));
  if (header.space != space || header.kind != log::kErase)
    return Fail(Code::kVerification, "another space or kind");
  return header;
}

Result<void> Verify(const log::NetworkId& network, const log::Header& header,
                    const codec::ErasureItem& item) {
  log::Run run{log::Entry::Of(header, item.signature)};
  TRY(log::VerifyRun(network, {header.seq, header.prev, header.basis}, run));
  return log::CheckBodyOf(header, item.body);
}

bool HasFieldAt(const log::Body& body, std::uint32_t i) {
  return i < body.slots.size() && std::holds_alternative<log::Field>(body.slots[i]);
}

}  // namespace

Admitted Replica::Lock(const log::SpaceId& space, const codec::Erasures& erasures,
                       const log::DeviceId& from, Time now) {
  SpaceLog* const log = FindLog(space);
  if (log == nullptr) return {Outcome::kRejected, "unknown space"};
  Admitted total{Outcome::kKnown, {}};
  bool room = true;
  for (const codec::ErasureItem& item : erasures.items) {
    const log::EntryId id = log::IdOf(item.header);
    const auto stored = log->EntryOf(id);
    CHECK(stored.has_value());
    if ((*stored && (*stored)->body_here) || announced_.Has(id)) continue;
    const auto header = ReadHeader(space, item);
    if (!header) return RefuseErasure(header.error());
    auto erasure = log::ReadErasure(*header, item.body);
    std::optional<Announced::Item> announced;
    if (erasure)
      announced = Announced::Make(*header, item.header, item.body, *std::move(erasure), from,
                                  members());
    // Whoever sends more than there is room for costs no look at signatures.
    if (announced && !announced_.HasRoomFor(*announced)) {
      room = false;
      continue;
    }
    const auto verified = Verify(founding_.network(), *header, item);
    if (!verified) return RefuseErasure(verified.error());
    if (!announced) continue;
    announced->judged = council_.CountsInFrontOf(*header);
    announced_.Add(*std::move(announced), item.header, item.body);
    CHECK(LockNamed(id, now).has_value());
    total.outcome = Outcome::kNew;
  }
  // What there is no room for is erased when its run comes.
  if (!room) return {Outcome::kWaiting, "too many announced erasures"};
  return total;
}

Result<std::vector<codec::StoredEntry>> Replica::ErasuresIn(const log::SpaceId& space,
                                                            std::uint64_t from,
                                                            std::size_t max) const {
  const store::Key first = ErasureKey(space, from);
  std::vector<std::uint64_t> arrivals;
  TRY(view_.Scan(first.table, first.group, from, [&](const store::Record& record) {
    if (arrivals.size() < max) arrivals.push_back(record.order);
    return arrivals.size() < max;
  }));
  std::vector<codec::StoredEntry> erasures;
  for (const std::uint64_t arrival : arrivals) {
    ASSIGN(auto stored, Log(space).Arrival(arrival));
    if (!stored) return Fail(Code::kCorruption, "an erasure is not in the log");
    erasures.push_back(*std::move(stored));
  }
  return erasures;
}

std::optional<log::OrgId> Replica::OrgNow(const log::DeviceId& device) const {
  const governance::Member* const member = members().EverByDevice(device);
  return member == nullptr ? std::nullopt : std::optional(member->org);
}

Result<bool> Replica::MayLockRecord(const SpaceLog& log, const Announced::Item& item,
                                    const crdt::DocumentId& document) const {
  if (council_.CountsInFrontOf(item.entry.header))
    return MayEraseRecord(log, item.entry, document);
  ASSIGN(const auto first, log.EntryOf(document));
  return item.org && first && OrgNow(first->entry.header.device) == item.org;
}

Result<bool> Replica::MayLock(const SpaceLog& log, const Announced::Item& item,
                              const log::Entry& target,
                              const std::optional<crdt::DocumentId>& document) const {
  if (council_.CountsInFrontOf(item.entry.header))
    return MayErase(log, item.entry, target, document);
  if (item.org && OrgNow(target.header.device) == item.org) return true;
  return document ? MayLockRecord(log, item, *document) : Result<bool>(false);
}

Result<std::set<std::uint32_t>> Replica::LockedFieldsOf(
    const SpaceLog& log, const std::vector<const Announced::Item*>& items,
    const log::Entry& target, const std::optional<crdt::DocumentId>& document,
    const log::Body& body) const {
  std::set<std::uint32_t> locked;
  ErasedContainers containers;
  for (const Announced::Item* const item : items) {
    if (item->space != log.space()) continue;
    const auto& targets = item->erasure.targets;
    const auto named = std::lower_bound(
        targets.begin(), targets.end(), target.id,
        [](const log::EraseTarget& one, const log::EntryId& id) { return one.entry < id; });
    if (named != targets.end() && named->entry == target.id) {
      ASSIGN(const bool may, MayLock(log, *item, target, document));
      if (may) locked.insert(named->fields.begin(), named->fields.end());
    }
    // Only who may erase the record names a whole document, or a container.
    if (!document || !item->Names(*document)) continue;
    ASSIGN(const bool may, MayLockRecord(log, *item, *document));
    if (!may) continue;
    for (std::uint32_t i = 0; item->NamesWhole(*document) && i < target.header.fields; ++i)
      locked.insert(i);
    const auto keys = item->KeysOf(*document);
    if (keys.empty()) continue;
    // As changes will name it that know it.
    ASSIGN(const bool decided, IsDecided(item->entry));
    const auto& id = decided ? item->erasure.decision->bytes : item->id.bytes;
    containers[{id}].insert(keys.begin(), keys.end());
  }
  if (!containers.empty()) {
    ASSIGN(const ErasedFields named, FieldsIn(containers, log, *document, body));
    locked.insert(named.fields.begin(), named.fields.end());
  }
  locked.erase(locked.begin(), locked.lower_bound(log::FirstErasable(target.header)));
  locked.erase(locked.lower_bound(target.header.fields), locked.end());
  return locked;
}

Result<bool> Replica::IsLockedBut(const SpaceLog& log, const crdt::DocumentId& id,
                                  const log::EntryId& but) const {
  if (announced_.empty()) return false;
  for (const Announced::Item* const item : announced_.On({}, id)) {
    if (item->id == but || item->space != log.space() || !item->NamesWhole(id)) continue;
    ASSIGN(const bool may, MayLockRecord(log, *item, id));
    if (may) return true;
  }
  return false;
}

Result<bool> Replica::IsLocked(const crdt::DocumentId& id) {
  return IsLockedBut(LogOf(id), id, {});
}

Result<void> Replica::LockNamed(const log::EntryId& erasure, Time now) {
  // Locking cuts drafts, which admits entries: what is read of the item is read before.
  const Announced::Item item = announced_.At(erasure);
  SpaceLog& log = *FindLog(item.space);
  for (const log::EraseTarget& target : item.erasure.targets) {
    ASSIGN(const auto stored, log.EntryOf(target.entry));
    if (stored && stored->body_here) TRY(LockFrom(log, *stored, {&item}, now));
  }
  // No document lies in the root space, and numbers of arrival mean something else there.
  if (item.space == root_space_) return {};
  for (const crdt::DocumentId& document : item.Documents()) {
    // All that one erases another one needs not look at.
    ASSIGN(const bool locked, IsLockedBut(log, document, item.id));
    ASSIGN(const bool may, MayLockRecord(log, item, document));
    if (locked || !may) continue;
    ASSIGN(const auto changes, documents_.Changes(log, document));
    for (const codec::StoredEntry& stored : changes) TRY(LockFrom(log, stored, {&item}, now));
  }
  return {};
}

Result<void> Replica::LockFrom(SpaceLog& log, const codec::StoredEntry& target, Time now) {
  if (announced_.empty()) return {};
  const auto items = announced_.On(target.entry.id, target.document);
  return items.empty() ? Result<void>() : LockFrom(log, target, items, now);
}

Result<void> Replica::LockFrom(SpaceLog& log, const codec::StoredEntry& target,
                               const std::vector<const Announced::Item*>& items, Time now) {
  ASSIGN(auto body, log.BodyOf(target));
  bool left = false;
  for (std::uint32_t i = log::FirstErasable(target.entry.header); body && i < body->slots.size();
       ++i)
    left = left || HasFieldAt(*body, i);
  if (!left) return {};
  ASSIGN(const auto locked, LockedFieldsOf(log, items, target.entry, target.document, *body));
  if (locked.empty()) return {};
  const log::Body before = *body;
  if (!log::TakeOut(*body, locked)) return {};
  const store::Key key = LockedKey(log.space(), target.arrival);
  ASSIGN(const auto kept, view_.Get(key));
  // What is locked already is only in the record.
  if (!kept) view_.Put(key, codec::EncodeBody(before));
  log.ReplaceBody(target, *body);
  return ForgetContent(log, target, now);
}

Result<bool> Replica::SettleLock(SpaceLog& log, const codec::StoredEntry& target,
                                 const std::set<std::uint32_t>& erased, Time now) {
  const store::Key key = LockedKey(log.space(), target.arrival);
  ASSIGN(const auto kept, view_.Get(key));
  if (!kept) return false;
  ASSIGN(log::Body body, codec::DecodeBody(*kept));
  log::TakeOut(body, erased);
  const auto items = announced_.On(target.entry.id, target.document);
  ASSIGN(const auto locked, LockedFieldsOf(log, items, target.entry, target.document, body));
  log::Body shown = body;
  if (log::TakeOut(shown, locked)) {
    view_.Put(key, codec::EncodeBody(body));
  } else {
    view_.Delete(key);
  }
  const store::Key shown_key = log.ReplaceBody(target, shown);
  // What stood here in full may be erased later, when nothing names this record any more.
  expunging_.Add(key, now);
  if (!erased.empty()) expunging_.Add(shown_key, now);
  return true;
}

Result<void> Replica::GiveBack(const Announced::Item& item, Time now) {
  SpaceLog& log = *FindLog(item.space);
  for (const log::EraseTarget& target : item.erasure.targets) {
    ASSIGN(const auto stored, log.EntryOf(target.entry));
    if (!stored) continue;
    ASSIGN(const auto locked, view_.Get(LockedKey(log.space(), stored->arrival)));
    if (locked) TRY(EraseFrom(log, *stored, now));
  }
  if (item.space == root_space_) return {};
  for (const crdt::DocumentId& document : item.Documents()) {
    // Only what was its own by today's devices has been locked.
    ASSIGN(const auto first, log.EntryOf(document));
    if (!first || !item.org || OrgNow(first->entry.header.device) != item.org) continue;
    ASSIGN(const bool may, MayEraseRecord(log, item.entry, document));
    if (!may) TRY(EraseInDocument(log, document, now));
  }
  return {};
}

Result<void> Replica::LockWhatIsKnownNow(Time now) {
  const auto counts = [&](const log::Entry& erase) {
    return council_.CountsInFrontOf(erase.header);
  };
  for (const log::EntryId& id : announced_.TakeKnown(members(), council_.tips(), counts)) {
    TRY(LockNamed(id, now));
    const Announced::Item item = announced_.At(id);
    if (item.judged) TRY(GiveBack(item, now));
  }
  return {};
}

}  // namespace geflecht::replica
