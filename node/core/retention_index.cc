#include "node/core/retention_index.h"

#include <utility>
#include <variant>

namespace geflecht::core {

using governance::Day;

bool RetentionIndex::Wants(const codec::StoredEntry& stored) const {
  return stored.entry.header.kind == "change" || RetentionEntries::MayHold(stored.entry.header);
}

Result<void> RetentionIndex::OnEntry(replica::Replica& replica, const codec::StoredEntry& stored) {
  if (stored.document) {
    changed_.insert(*stored.document);
    return {};
  }
  if (!RetentionEntries::MayHold(stored.entry.header)) return {};
  ASSIGN(const bool holds, entries_.Note(replica, stored));
  if (holds) changed_.insert(stored.entry.id);
  return {};
}

void RetentionIndex::OnErased(const crdt::DocumentId& document) { changed_.insert(document); }

void RetentionIndex::OnErased(const log::EntryId& entry) {
  if (entries_.Has(entry)) changed_.insert(entry);
}

Result<void> RetentionIndex::BeginPass(replica::Replica& replica, Day today) {
  if (std::exchange(pass_, true)) return {};
  for (const auto& [id, known] : known_)
    if (const auto* document = std::get_if<crdt::DocumentId>(&id);
        document != nullptr && replica.HasDraft(*document))
      changed_.insert(id);
  log_.LookAgain();
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
  ASSIGN(const bool read, log_.ReadOn(replica, entries, *this));
  if (!read) return false;
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
