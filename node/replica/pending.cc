#include "node/replica/pending.h"

#include <algorithm>
#include <utility>

#include "base/check.h"
#include "proto/codec/wire_codec.h"

namespace geflecht::replica {
namespace {

// What an item occupies beside the run: nodes of the maps, and for each missing entry its id twice,
// a number and a node.
constexpr std::size_t kItemBytes = 512;
constexpr std::size_t kMissingBytes = 2 * codec::ShortId::kSize + 96;

std::size_t BytesOf(const codec::Run& run, std::size_t missing) {
  return codec::MemoryOf(run) + kItemBytes + missing * kMissingBytes;
}

}  // namespace

void Pending::Add(Item item, const std::vector<codec::ShortId>& missing) {
  CHECK(!missing.empty() && !item.run.entries.empty());
  const crypto::Signature signature =
      item.run.entries.back().signature.value_or(crypto::Signature());
  Peer& peer = peers_[item.from];
  const Number number = next_++;
  if (!peer.runs.emplace(signature, number).second) return;
  peer.order.emplace(number, signature);
  const Size size{item.run.entries.size(), BytesOf(item.run, missing.size())};
  for (Size* held : {&held_, &peer.held}) {
    held->entries += size.entries;
    held->bytes += size.bytes;
  }
  for (const codec::ShortId& id : missing) by_missing_[id].push_back(number);
  waiting_.emplace(number, Waiting{std::move(item), missing, missing.size(), size});
  MakeRoom();
}

void Pending::MakeRoom() {
  while (held_.entries > room_.entries || held_.bytes > room_.bytes) {
    const auto takes = held_.entries > room_.entries ? &Size::entries : &Size::bytes;
    const auto most = std::max_element(
        peers_.begin(), peers_.end(),
        [&](const auto& a, const auto& b) { return a.second.held.*takes < b.second.held.*takes; });
    Take(most->second.order.begin()->first);
  }
}

Pending::Item Pending::Take(Number number) {
  auto node = waiting_.extract(number);
  Waiting& waiting = node.mapped();
  for (const codec::ShortId& id : waiting.missing) {
    const auto others = by_missing_.find(id);
    if (others == by_missing_.end()) continue;  // has arrived
    const auto at = std::lower_bound(others->second.begin(), others->second.end(), number);
    others->second.erase(at);
    if (others->second.empty()) by_missing_.erase(others);
  }
  const auto peer = peers_.find(waiting.item.from);
  const auto order = peer->second.order.find(number);
  peer->second.runs.erase(order->second);
  peer->second.order.erase(order);
  for (Size* held : {&held_, &peer->second.held}) {
    held->entries -= waiting.size.entries;
    held->bytes -= waiting.size.bytes;
  }
  if (peer->second.order.empty()) peers_.erase(peer);
  return std::move(waiting.item);
}

bool Pending::AwaitedByStanding(const codec::ShortId& id) const {
  const auto it = by_missing_.find(id);
  return it != by_missing_.end() &&
         std::any_of(it->second.begin(), it->second.end(),
                     [&](Number number) { return waiting_.at(number).item.stands; });
}

std::vector<Pending::Item> Pending::Arrived(const codec::ShortId& id) {
  std::vector<Item> free;
  auto node = by_missing_.extract(id);
  if (node.empty()) return free;
  for (const Number number : node.mapped())
    if (--waiting_.at(number).still_missing == 0) free.push_back(Take(number));
  return free;
}

}  // namespace geflecht::replica
