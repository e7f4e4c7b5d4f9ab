// Replica's part in erasures that come before what they depend on: what of them counts, and how
// much may wait for that (docs/formats/erasure.md, At a node).
#include <utility>

#include "node/replica/records.h"
#include "node/replica/replica.h"

namespace geflecht::replica {

Result<std::optional<bool>> Replica::JudgeEntry(
    const SpaceLog& log, const log::Entry& erase, const log::Entry* target,
    const std::optional<crdt::DocumentId>& document) const {
  std::optional<bool> may;
  if (!council_.CountsInFrontOf(erase.header)) return may;
  if (target == nullptr) {
    ASSIGN(const bool decided, IsDecided(erase));
    return decided ? std::optional(true) : may;
  }
  ASSIGN(const bool now, MayErase(log, erase, *target, document));
  if (!now && target->header.kind == "change") {
    // Whose the record is says its first change.
    if (!document) return may;
    ASSIGN(const auto first, log.EntryOf(*document));
    if (!first) return may;
  }
  may = now;
  return may;
}

Result<void> Replica::JudgeNoted(const SpaceLog& log, const log::Entry& target,
                                 const std::optional<crdt::DocumentId>& document) {
  const crdt::DocumentId id = DocumentIdOf(target.id);
  TRY(JudgeNotedOf(log, id, document));
  if (document && *document != id) TRY(JudgeNotedOf(log, *document, std::nullopt));
  return {};
}

Result<void> Replica::JudgeNotedOf(const SpaceLog& log, const crdt::DocumentId& id,
                                   const std::optional<crdt::DocumentId>& document) {
  ASSIGN(const bool any, erasures_.HasUnjudged(log.space(), id));
  if (!any) return {};
  ASSIGN(const auto target, log.EntryOf(id));
  if (!target) return {};
  ASSIGN(auto unjudged, erasures_.Unjudged(log.space(), id));
  std::vector<Erasures::Named> open;
  const std::size_t before = unjudged.size();
  for (Erasures::Named& named : unjudged) {
    ASSIGN(const log::Entry erase, ErasureAt(log, named.arrival));
    std::optional<bool> may;
    if (named.what == Erasures::What::kFields) {
      ASSIGN(may, JudgeEntry(log, erase, &target->entry,
                             target->document ? target->document : document));
    } else {
      ASSIGN(may, MayEraseRecord(log, erase, id));
    }
    if (!may) {
      open.push_back(std::move(named));
    } else if (*may) {
      TRY(erasures_.Note(log.space(), id, std::move(named)));
    }
  }
  return open.size() == before ? Result<void>() : erasures_.SetUnjudged(log.space(), id, open);
}

Result<std::vector<Erasures::Named>> Replica::NotJudgedOf(const SpaceLog& log,
                                                         const log::Entry& erase,
                                                         const log::Erasure& erasure) const {
  using What = Erasures::What;
  std::vector<Erasures::Named> open;
  for (const log::EraseTarget& target : erasure.targets) {
    ASSIGN(const auto stored, log.EntryOf(target.entry));
    ASSIGN(const auto may, JudgeEntry(log, erase, stored ? &stored->entry : nullptr,
                                      stored ? stored->document : std::nullopt));
    if (!may) open.push_back({0, What::kFields, target.fields});
  }
  const auto is_here = [&](const log::RecordId& record) -> Result<bool> {
    ASSIGN(const auto first, log.EntryOf(crdt::DocumentId{record.bytes}));
    return first.has_value();
  };
  for (const log::RecordId& record : erasure.documents) {
    ASSIGN(const bool here, is_here(record));
    if (!here) open.push_back({0, What::kDocument});
  }
  for (const log::ErasedContainer& container : erasure.containers) {
    ASSIGN(const bool here, is_here(container.document));
    if (!here) open.push_back({0, What::kContainers, {}, {container.key}});
  }
  return open;
}

Result<bool> Replica::HasRoomToNote(const SpaceLog& log, const log::Entry& erase,
                                    const log::Body& body) const {
  // What stands behind an entry of the root space counts only if its evidence is here.
  if (log.space() == root_space_) return true;
  const auto erasure = log::ReadErasure(erase.header, body);
  if (!erasure) return true;
  const log::OrgId signer = OrgNow(erase.header.device).value_or(log::OrgId{});
  // However little of it is here.
  Erasures::Room most{erasure->documents.size() + erasure->containers.size(), 0};
  most.bytes = most.lines * Erasures::kLineBytesMax;
  for (const log::EraseTarget& target : erasure->targets)
    most += Erasures::RoomOf({0, Erasures::What::kFields, target.fields});
  ASSIGN(const bool easily, erasures_.HasRoomFor(signer, most));
  if (easily) return true;
  ASSIGN(const auto open, NotJudgedOf(log, erase, *erasure));
  Erasures::Room needed;
  for (const Erasures::Named& named : open) needed += Erasures::RoomOf(named);
  return needed.lines == 0 ? Result<bool>(true) : erasures_.HasRoomFor(signer, needed);
}

}  // namespace geflecht::replica
