#include "node/replica/quarantine.h"

#include <algorithm>
#include <utility>

#include "base/check.h"
#include "proto/codec/wire_codec.h"

namespace geflecht::replica {

bool Quarantine::Add(Item item, const log::Run& entries) {
  CHECK(!entries.empty() && entries.size() == item.run.entries.size());
  Kept kept;
  for (const log::Entry& entry : entries) {
    const codec::ShortId id = codec::ShortOf(entry.id);
    if (by_entry_.contains(id)) return true;
    kept.ids.push_back(id);
  }
  kept.bytes = codec::MemoryOf(item.run);
  std::size_t& used = bytes_[item.run.device];
  if (used + kept.bytes > bytes_max_ || all_bytes_ + kept.bytes > all_bytes_max_) {
    if (used == 0) bytes_.erase(item.run.device);
    return false;
  }
  used += kept.bytes;
  all_bytes_ += kept.bytes;
  kept.prev = item.run.prev;
  kept.behind = log::HeadAfter(entries);
  kept.item = std::move(item);
  entries_ += kept.ids.size();
  for (const codec::ShortId& id : kept.ids) by_entry_.emplace(id, next_);
  kept_.emplace(next_++, std::move(kept));
  return true;
}

std::optional<log::FeedHead> Quarantine::HeadBehind(const log::FeedKey& feed,
                                                    const codec::ShortId& entry) const {
  const auto it = by_entry_.find(entry);
  if (it == by_entry_.end()) return std::nullopt;
  const Kept& kept = kept_.at(it->second);
  // Behind an entry inside of a run another run would be a fork; it waits until this one stands.
  const bool same = kept.item.space == feed.space && kept.item.run.device == feed.device &&
                    kept.item.run.life == feed.life;
  if (!same || kept.ids.back() != entry) return std::nullopt;
  return kept.behind;
}

Quarantine::Item Quarantine::Take(Number number) {
  auto node = kept_.extract(number);
  Kept& kept = node.mapped();
  for (const codec::ShortId& id : kept.ids) by_entry_.erase(id);
  entries_ -= kept.ids.size();
  const auto used = bytes_.find(kept.item.run.device);
  used->second -= kept.bytes;
  all_bytes_ -= kept.bytes;
  if (used->second == 0) bytes_.erase(used);
  return std::move(kept.item);
}

std::vector<Quarantine::Item> Quarantine::TakePast(const codec::ShortId& entry) {
  std::vector<Item> items;
  for (std::optional<codec::ShortId> id = entry; id;) {
    const auto it = by_entry_.find(*id);
    if (it == by_entry_.end()) break;
    const Number number = it->second;
    id = kept_.at(number).prev;
    items.push_back(Take(number));
  }
  std::reverse(items.begin(), items.end());
  return items;
}

std::vector<Quarantine::Item> Quarantine::TakeOf(const log::DeviceId& device) {
  std::vector<Number> numbers;
  for (const auto& [number, kept] : kept_)
    if (kept.item.run.device == device) numbers.push_back(number);
  std::vector<Item> items;
  for (const Number number : numbers) items.push_back(Take(number));
  return items;
}

std::vector<log::DeviceId> Quarantine::Devices() const {
  std::vector<log::DeviceId> devices;
  for (const auto& [device, bytes] : bytes_) devices.push_back(device);
  return devices;
}

}  // namespace geflecht::replica
