#include "node/replica/pending.h"

#include <utility>

namespace geflecht::replica {
namespace {

// What a run occupies in memory, near enough for a bound.
std::size_t SizeOf(const codec::Run& run) {
  std::size_t bytes = sizeof(codec::Run);
  for (const codec::EntryPart& part : run.entries)
    bytes += sizeof part + (part.seen.size() + part.basis.size()) * sizeof(log::EntryId);
  return bytes;
}

}  // namespace

void Pending::Add(const log::SpaceId& space, codec::Run run) {
  for (const Item& item : items_)
    if (item.space == space && item.run == run) return;
  const std::size_t bytes = SizeOf(run);
  entries_ += run.entries.size();
  bytes_ += bytes;
  items_.push_back({space, std::move(run), bytes});
  while (!items_.empty() && (entries_ > entries_max_ || bytes_ > bytes_max_)) {
    entries_ -= items_.front().run.entries.size();
    bytes_ -= items_.front().bytes;
    items_.pop_front();
  }
}

std::deque<Pending::Item> Pending::TakeAll() {
  entries_ = 0;
  bytes_ = 0;
  return std::exchange(items_, {});
}

}  // namespace geflecht::replica
