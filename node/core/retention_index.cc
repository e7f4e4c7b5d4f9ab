#include "node/core/retention_index.h"

#include <algorithm>
#include <utility>
#include <variant>

namespace geflecht::core {

using governance::Day;

Result<std::size_t> RetentionIndex::Note(replica::Replica& replica, const log::SpaceId& space,
                                         const codec::StoredEntry& stored) {
  std::size_t looked_up = 1;
  const std::string& kind = stored.entry.header.kind;
  const bool erases = kind == log::kErase;
  if (!erases && kind != "change" && !RetentionEntries::MayHold(stored.entry.header))
    return looked_up;
  if (!stored.body_here) {
    waiting_.emplace(space, stored.arrival);
    return looked_up;
  }
  if (!erases && kind != "change") {
    ASSIGN(const bool holds, entries_.Note(replica, stored));
    if (holds) changed_.insert(stored.entry.id);
    return looked_up;
  }
  if (!erases) {
    if (stored.document) changed_.insert(*stored.document);
    return looked_up;
  }
  ASSIGN(const auto body, replica.Log(space).BodyOf(stored));
  if (!body) return looked_up;
  const auto erasure = log::ReadErasure(stored.entry.header, *body);
  if (!erasure) return looked_up;  // counts for nothing
  for (const log::RecordId& document : erasure->documents)
    changed_.insert(crdt::DocumentId{document.bytes});
  for (const log::ErasedContainer& container : erasure->containers)
    changed_.insert(crdt::DocumentId{container.document.bytes});
  for (const log::EraseTarget& target : erasure->targets) {
    ++looked_up;
    ASSIGN(const auto entry, replica.Log(space).EntryOf(target.entry));
    if (!entry) continue;
    if (entry->document) changed_.insert(*entry->document);
    if (entries_.Has(target.entry)) changed_.insert(target.entry);
  }
  return looked_up;
}

Result<void> RetentionIndex::BeginPass(replica::Replica& replica, Day today) {
  if (std::exchange(pass_, true)) return {};
  for (const auto& [id, known] : known_)
    if (const auto* document = std::get_if<crdt::DocumentId>(&id);
        document != nullptr && replica.HasDraft(*document))
      changed_.insert(id);
  again_ = std::exchange(waiting_, {});
  return Refresh(replica, today);
}

Result<void> RetentionIndex::Refresh(replica::Replica& replica, Day today) {
  FormerMembers former = FormerMembersOf(replica);
  if (former != former_) {
    former_ = std::move(former);
    for (const auto& [id, known] : known_) changed_.insert(id);
  }
  ASSIGN(const auto again, entries_.Refresh(replica, former_, today));
  changed_.insert(again.begin(), again.end());
  return {};
}

Result<std::optional<RetentionRecord>> RetentionIndex::Read(replica::Replica& replica,
                                                            const RetentionId& id) {
  if (const auto* document = std::get_if<crdt::DocumentId>(&id))
    return ReadRetention(replica, *document, former_);
  return entries_.Read(replica, std::get<log::EntryId>(id), former_);
}

void RetentionIndex::Keep(const RetentionId& id, std::optional<RetentionRecord> record) {
  std::optional<RetentionRecord>& known = known_[id];
  if (known && known->ends) ends_.erase({known->until, id});
  endless_.erase(id);
  known = std::move(record);
  if (!known) return;
  if (known->ends) {
    ends_.emplace(known->until, id);
  } else {
    endless_.insert(id);
  }
}

Result<bool> RetentionIndex::Advance(replica::Replica& replica, std::size_t entries,
                                     std::size_t documents) {
  while (entries > 0 && !again_.empty()) {
    const auto [space, arrival] = again_.extract(again_.begin()).value();
    ASSIGN(const auto stored, replica.Log(space).Arrival(arrival));
    std::size_t looked_up = 1;
    if (stored) {
      ASSIGN(looked_up, Note(replica, space, *stored));
    }
    entries -= std::min(entries, looked_up);
  }
  if (entries == 0) return false;
  std::vector<log::SpaceId> spaces = replica.DocumentSpaces();
  spaces.push_back(replica.members().root_space());
  for (const log::SpaceId& space : spaces) {
    std::uint64_t& read = read_[space];
    if (read >= replica.Log(space).last_arrival()) continue;
    ASSIGN(const auto next, replica.Log(space).Arrivals(read + 1, entries));
    if (next.empty()) return Fail(Code::kCorruption, "an entry is not in the log");
    for (const codec::StoredEntry& stored : next) {
      ASSIGN(const std::size_t looked_up, Note(replica, space, stored));
      read = stored.arrival;
      entries -= std::min(entries, looked_up);
      if (entries == 0) break;
    }
    return false;
  }
  for (; documents > 0 && !changed_.empty(); --documents) {
    const RetentionId id = *changed_.begin();
    ASSIGN(auto record, Read(replica, id));
    Keep(id, std::move(record));
    changed_.erase(id);
  }
  if (changed_.empty()) pass_ = false;
  return changed_.empty();
}

const RetentionRecord* RetentionIndex::Find(const RetentionId& id) const {
  const auto known = known_.find(id);
  return known == known_.end() || !known->second ? nullptr : &*known->second;
}

std::ranges::subrange<std::set<RetentionId>::const_iterator> RetentionIndex::Endless(
    const std::optional<RetentionId>& after) const {
  return {after ? endless_.upper_bound(*after) : endless_.begin(), endless_.end()};
}

std::ranges::subrange<std::set<RetentionIndex::Place>::const_iterator> RetentionIndex::Before(
    Day end, const std::optional<Place>& after) const {
  const auto last = ends_.lower_bound({end, RetentionId()});
  const auto first = after ? ends_.upper_bound(*after) : ends_.begin();
  return {after && after->first >= end ? last : first, last};
}

}  // namespace geflecht::core
