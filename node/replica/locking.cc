// Replica's part in erasures that are announced and not yet in the log: what they name is locked
// (docs/formats/erasure.md, Announced).
#include <algorithm>
#include <utility>

#include "base/check.h"
#include "node/governance/read_entry.h"
#include "node/replica/records.h"
#include "node/replica/replica.h"

namespace geflecht::replica {
namespace {

Admitted RefuseErasure(const Error& error) {
  return {Outcome::kRejected, "an announced erasure: " + error.detail};
}

// The entry and what it names; nothing if it is no erasure that anybody would follow.
Result<std::optional<log::Erasure>> Check(const log::NetworkId& network, const log::SpaceId& space,
                                          const codec::ErasureItem& item, log::Header& header) {
  ASSIGN(header, log::ParseHeader(item.header));
  if (header.space != space || header.kind != log::kErase)
    return Fail(Code::kVerification, "another space or kind");
  log::Run run{log::Entry::Of(header, item.signature)};
  TRY(log::VerifyRun(network, {header.seq, header.prev, header.basis}, run));
  TRY(log::CheckBodyOf(header, item.body));
  auto erasure = log::ReadErasure(header, item.body);
  if (!erasure) return std::optional<log::Erasure>();
  return std::optional(*std::move(erasure));
}

// Whether the true rule can judge it.
bool CountsInFrontOf(const Council& council, const log::Entry& erase) {
  const std::vector<log::EntryId> past =
      erase.header.basis.empty() ? governance::ParentsOf(erase.header) : erase.header.basis;
  return std::all_of(past.begin(), past.end(),
                     [&](const log::EntryId& entry) { return council.Counts(entry); });
}

}  // namespace

Admitted Replica::Lock(const log::SpaceId& space, const codec::Erasures& erasures, Time now) {
  SpaceLog* const log = FindLog(space);
  if (log == nullptr) return {Outcome::kRejected, "unknown space"};
  Admitted total{Outcome::kKnown, {}};
  bool room = true;
  for (const codec::ErasureItem& item : erasures.items) {
    log::Header header;
    auto erasure = Check(founding_.network(), space, item, header);
    if (!erasure) return RefuseErasure(erasure.error());
    const log::EntryId id = log::IdOf(item.header);
    const auto stored = log->EntryOf(id);
    CHECK(stored.has_value());
    const bool here = *stored && (*stored)->body_here;
    if (!*erasure || here || announced_.Has(id)) continue;
    if (announced_.Add(header, item.body, **std::move(erasure), members()) == nullptr) {
      room = false;
      continue;
    }
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

Result<std::set<std::uint32_t>> Replica::LockedFieldsOf(
    const SpaceLog& log, const log::Entry& target, const std::optional<crdt::DocumentId>& document,
    const log::Body& body) const {
  std::set<std::uint32_t> locked;
  ErasedContainers containers;
  const auto org_of = [&](const log::DeviceId& device) -> std::optional<log::OrgId> {
    const governance::Member* const member = members().EverByDevice(device);
    return member == nullptr ? std::nullopt : std::optional(member->org);
  };
  const auto items = announced_.On(target.id, document);
  std::optional<log::OrgId> owner;
  if (document && !items.empty()) {
    ASSIGN(const auto first, log.EntryOf(*document));
    if (first) owner = org_of(first->entry.header.device);
  }
  const auto author = org_of(target.header.device);
  for (const Announced::Item* const item : items) {
    if (item->space != log.space()) continue;
    bool of_record = item->org && item->org == owner;
    bool may = of_record || (item->org && item->org == author);
    if (CountsInFrontOf(council_, item->entry)) {
      ASSIGN(of_record, document ? MayEraseRecord(log, item->entry, *document) : false);
      ASSIGN(may, MayErase(log, item->entry, target, document));
    }
    if (!may) continue;
    for (const log::EraseTarget& named : item->erasure.targets)
      if (named.entry == target.id) locked.insert(named.fields.begin(), named.fields.end());
    // Only who may erase the record names a whole document, or a container.
    if (!document || !of_record) continue;
    for (const log::RecordId& named : item->erasure.documents)
      for (std::uint32_t i = 0; named.bytes == document->bytes && i < target.header.fields; ++i)
        locked.insert(i);
    for (const log::ErasedContainer& named : item->erasure.containers)
      if (named.document.bytes == document->bytes) containers[{item->id.bytes}].insert(named.key);
  }
  if (!containers.empty()) {
    ASSIGN(const ErasedFields named, FieldsIn(containers, log, *document, body));
    locked.insert(named.fields.begin(), named.fields.end());
  }
  locked.erase(locked.begin(), locked.lower_bound(log::FirstErasable(target.header)));
  locked.erase(locked.lower_bound(target.header.fields), locked.end());
  return locked;
}

Result<bool> Replica::IsLocked(const crdt::DocumentId& id) {
  const SpaceLog& log = LogOf(id);
  ASSIGN(const auto first, log.EntryOf(id));
  if (!first || announced_.empty()) return false;
  const governance::Member* const owner = members().EverByDevice(first->entry.header.device);
  for (const Announced::Item* const item : announced_.On({}, id)) {
    if (item->space != log.space() || !item->NamesWhole(id)) continue;
    bool may = owner != nullptr && item->org == owner->org;
    if (CountsInFrontOf(council_, item->entry)) {
      ASSIGN(may, MayEraseRecord(log, item->entry, id));
    }
    if (may) return true;
  }
  return false;
}

Result<void> Replica::LockNamed(const log::EntryId& erasure, Time now) {
  // Locking cuts drafts, which admits entries: what is read of the item is read before.
  const Announced::Item item = announced_.At(erasure);
  SpaceLog& log = *FindLog(item.space);
  for (const log::EraseTarget& target : item.erasure.targets) {
    ASSIGN(const auto stored, log.EntryOf(target.entry));
    if (stored && stored->body_here) TRY(LockFrom(log, *stored, now));
  }
  for (const log::RecordId& record : item.erasure.documents) {
    ASSIGN(const auto changes, documents_.Changes(log, crdt::DocumentId{record.bytes}));
    for (const codec::StoredEntry& stored : changes) TRY(LockFrom(log, stored, now));
  }
  for (const log::ErasedContainer& container : item.erasure.containers) {
    const crdt::DocumentId document{container.document.bytes};
    ASSIGN(const auto changes, documents_.Changes(log, document));
    for (const codec::StoredEntry& stored : changes) TRY(LockFrom(log, stored, now));
  }
  return {};
}

Result<void> Replica::LockFrom(SpaceLog& log, const codec::StoredEntry& target, Time now) {
  if (announced_.empty()) return {};
  ASSIGN(auto body, log.BodyOf(target));
  if (!body) return {};
  ASSIGN(const auto locked, LockedFieldsOf(log, target.entry, target.document, *body));
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
  ASSIGN(const auto locked, LockedFieldsOf(log, target.entry, target.document, body));
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

Result<void> Replica::LockWhatIsKnownNow(Time now) {
  const auto counts = [&](const log::Entry& erase) { return CountsInFrontOf(council_, erase); };
  for (const log::EntryId& id : announced_.TakeKnown(members(), council_.tips(), counts))
    TRY(LockNamed(id, now));
  return {};
}

}  // namespace geflecht::replica
