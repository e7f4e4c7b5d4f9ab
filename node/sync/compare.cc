#include "node/sync/compare.h"

#include <set>

#include "base/limits.h"

namespace geflecht::sync {
namespace {

using Line = codec::FrontierLines::Short;

// The same position in both forms: whether the peer's head is the entry that I hold there. Nothing
// if I hold none there.
Result<std::optional<log::EntryId>> EntryIdAt(const Source& source, const log::FeedKey& feed,
                                              const log::FrontierItem& mine, std::uint64_t seq) {
  if (seq > mine.seq) return std::optional<log::EntryId>();
  if (seq == mine.seq) return std::optional(mine.head);
  ASSIGN(const auto entry, source.EntryAt(feed, seq));
  if (!entry) return Fail(Code::kCorruption, "an entry below a feed's head is not here");
  return std::optional(entry->id);
}

// Lines and my feeds by prefix; a null pointer where a prefix stands for more than one.
template <class T>
void AddUnique(std::map<codec::Prefix, const T*>& index, const codec::Prefix& prefix,
               const T* item) {
  const auto [it, added] = index.emplace(prefix, item);
  if (!added) it->second = nullptr;
}

}  // namespace

codec::FrontierLines LinesOf(const log::SpaceId& space, const log::Frontier& frontier, bool full,
                             FeedPrefix prefix_of) {
  codec::FrontierLines lines;
  lines.space = codec::PrefixOf(space);
  log::Frontier with_ids;
  std::set<codec::Prefix> seen;
  for (const auto& [feed, item] : frontier) {
    if (feed.space != space || with_ids.size() == limits::kFeedsPerSpaceMax) continue;
    const codec::Prefix prefix = prefix_of(feed);
    full = full || !seen.insert(prefix).second;
    with_ids.emplace(log::FeedKey{{}, feed.device, feed.life}, item);
    lines.short_lines.push_back({prefix, item.seq, codec::PrefixOf(item.head)});
  }
  if (!full) return lines;
  lines.short_lines.clear();
  lines.full = std::move(with_ids);
  return lines;
}

Result<std::map<log::FeedKey, std::uint64_t>> PeerPositions(const Source& source,
                                                            const log::SpaceId& space,
                                                            const codec::FrontierLines& lines,
                                                            FeedPrefix prefix_of) {
  const log::Frontier& frontier = source.Frontier(space);
  std::map<codec::Prefix, const Line*> by_prefix;
  for (const Line& line : lines.short_lines) AddUnique(by_prefix, line.feed, &line);
  std::map<codec::Prefix, const log::FeedKey*> mine;
  if (!lines.full)
    for (const auto& [feed, item] : frontier) AddUnique(mine, prefix_of(feed), &feed);

  std::map<log::FeedKey, std::uint64_t> next;
  for (const auto& [feed, item] : frontier) {
    if (feed.space != space) continue;
    next[feed] = 0;
    std::uint64_t seq = 0;
    if (lines.full) {
      const auto line = lines.full->find({{}, feed.device, feed.life});
      if (line == lines.full->end()) continue;
      seq = line->second.seq;
      ASSIGN(const auto held, EntryIdAt(source, feed, item, seq));
      next[feed] = !held || *held == line->second.head ? seq + 1 : kNever;
      continue;
    }
    const codec::Prefix prefix = prefix_of(feed);
    const auto line = by_prefix.find(prefix);
    if (line == by_prefix.end() || line->second == nullptr || mine.at(prefix) == nullptr) continue;
    seq = line->second->seq;
    ASSIGN(const auto held, EntryIdAt(source, feed, item, seq));
    next[feed] = !held || codec::PrefixOf(*held) == line->second->head ? seq + 1 : kNever;
  }
  return next;
}

}  // namespace geflecht::sync
