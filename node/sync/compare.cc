#include "node/sync/compare.h"

#include <algorithm>

#include "base/limits.h"

namespace geflecht::sync {
namespace {

// A head of the peer, in either form.
struct Line {
  std::uint64_t seq = 0;
  codec::Prefix prefix;
  std::optional<log::EntryId> head;

  bool Names(const log::EntryId& id) const {
    return head ? *head == id : codec::PrefixOf(id) == prefix;
  }
};

// The peer's lines by feed. Only called with lines that belong to one feed each.
class PeerLines {
 public:
  PeerLines(const codec::FrontierLines& lines, const log::SpaceId& space,
            const log::Frontier& frontier, FeedPrefix prefix_of) {
    if (lines.full) {
      for (const codec::FrontierLines::Full& line : *lines.full)
        by_feed_[{space, line.device, line.life}].push_back(
            {line.seq, codec::PrefixOf(line.head), line.head});
      return;
    }
    // A prefix that stands for two of the lines or two of my feeds says nothing.
    std::map<codec::Prefix, const codec::FrontierLines::Short*> by_prefix;
    for (const codec::FrontierLines::Short& line : lines.short_lines)
      if (const auto [it, added] = by_prefix.emplace(line.feed, &line); !added)
        it->second = nullptr;
    std::map<codec::Prefix, std::optional<log::FeedKey>> mine;
    for (const auto& [feed, item] : frontier) {
      if (feed.space != space || feed.branch != 0) continue;
      if (const auto [it, added] = mine.emplace(prefix_of(feed), feed); !added) it->second.reset();
    }
    for (const auto& [prefix, feed] : mine) {
      const auto line = by_prefix.find(prefix);
      if (!feed || line == by_prefix.end() || line->second == nullptr) continue;
      by_feed_[*feed].push_back({line->second->seq, line->second->head, std::nullopt});
    }
  }

  const std::vector<Line>* Of(const log::FeedKey& feed) const {
    const auto it = by_feed_.find(feed);
    return it == by_feed_.end() ? nullptr : &it->second;
  }

 private:
  std::map<log::FeedKey, std::vector<Line>> by_feed_;  // branch 0
};

// My branch that has the peer's head as an entry of its own.
Result<std::optional<log::FeedKey>> BranchWith(const Source& source, const log::Frontier& frontier,
                                               const std::vector<log::FeedKey>& branches,
                                               const Line& line) {
  for (const log::FeedKey& branch : branches) {
    const log::FrontierItem& mine = frontier.at(branch);
    if (line.seq < mine.from || line.seq > mine.seq) continue;
    log::EntryId id = mine.head;
    if (line.seq != mine.seq) {
      ASSIGN(const auto entry, source.EntryAt(branch, line.seq));
      if (!entry) return Fail(Code::kCorruption, "an entry below a feed's head is not here");
      id = entry->id;
    }
    if (line.Names(id)) return std::optional(branch);
  }
  return std::optional<log::FeedKey>();
}

// The peer holds everything up to `seq` of the branch, and what lies in front of the branch.
void MarkHeld(const log::Frontier& frontier, log::FeedKey branch, std::uint64_t seq,
              PeerPositions& to) {
  for (;;) {
    std::uint64_t& next = to.next.at(branch);
    next = std::max(next, seq + 1);
    if (branch.branch == 0) return;
    const log::FrontierItem& item = frontier.at(branch);
    if (item.from == 0) return;
    seq = item.from - 1;
    branch.branch = item.parent;
  }
}

Result<void> CompareFeed(const Source& source, const log::Frontier& frontier,
                         const std::vector<log::FeedKey>& branches, const std::vector<Line>& lines,
                         Unknown unknown, PeerPositions& to) {
  bool unclear = false;
  for (const Line& line : lines) {
    ASSIGN(const auto branch, BranchWith(source, frontier, branches, line));
    if (branch) {
      MarkHeld(frontier, *branch, line.seq, to);
    } else if (branches.size() == 1 && line.seq > frontier.at(branches.front()).seq &&
               unknown == Unknown::kAhead) {
      MarkHeld(frontier, branches.front(), frontier.at(branches.front()).seq, to);
    } else {
      unclear = true;
    }
  }
  if (unclear) to.unclear.insert(branches.front());
  return {};
}

}  // namespace

codec::FrontierLines LinesOf(const log::SpaceId& space, const log::Frontier& frontier, bool full,
                             FeedPrefix prefix_of) {
  codec::FrontierLines lines;
  lines.space = codec::PrefixOf(space);
  std::vector<codec::FrontierLines::Full> with_ids;
  std::set<codec::Prefix> seen;
  for (const auto& [feed, item] : frontier) {
    if (feed.space != space || with_ids.size() == limits::kFeedsPerSpaceMax) continue;
    const codec::Prefix prefix = prefix_of(feed);
    full = full || !seen.insert(prefix).second;
    with_ids.push_back({feed.device, feed.life, item.seq, item.head});
    lines.short_lines.push_back({prefix, item.seq, codec::PrefixOf(item.head)});
  }
  if (!full) return lines;
  std::sort(with_ids.begin(), with_ids.end());
  lines.short_lines.clear();
  lines.full = std::move(with_ids);
  return lines;
}

Result<PeerPositions> PositionsOf(const Source& source, const log::SpaceId& space,
                                  const codec::FrontierLines& lines, Unknown unknown,
                                  FeedPrefix prefix_of) {
  const log::Frontier& frontier = source.Frontier(space);
  const PeerLines peer(lines, space, frontier, prefix_of);
  PeerPositions positions;
  for (const auto& [feed, item] : frontier)
    if (feed.space == space) positions.next[feed] = item.from;
  for (const auto& [feed, item] : frontier) {
    if (feed.space != space || feed.branch != 0) continue;
    if (const std::vector<Line>* of_feed = peer.Of(feed))
      TRY(CompareFeed(source, frontier, log::BranchesOf(frontier, feed), *of_feed, unknown,
                      positions));
  }
  return positions;
}

}  // namespace geflecht::sync
