// Comparison of two frontiers of a space. Pure.
#pragma once

#include <cstdint>
#include <map>
#include <set>

#include "node/sync/session.h"

namespace geflecht::sync {

// The lines of `frontier` for `space`: short ones, or full ones if `full`, if two feeds share a
// prefix or if a feed is forked. Feeds of other spaces (the founding charter's) are left out: every
// member has them.
codec::FrontierLines LinesOf(const log::SpaceId& space, const log::Frontier& frontier, bool full,
                             FeedPrefix prefix_of);

struct PeerPositions {
  // For each of my branches of the space the seq from which on the peer lacks it.
  std::map<log::FeedKey, std::uint64_t> next;
  // Feeds in which the peer may hold a branch that is not here: what is sent of them may be known
  // to it, so their bodies go only where they are asked for. Branch 0 stands for all.
  std::set<log::FeedKey> unclear;
};

// What a head of the peer means that is not here.
enum class Unknown {
  kAhead,   // behind mine: the peer holds all of mine
  kForked,  // whatever its seq, it may be of another branch: nothing of mine is taken as held
};

// Fails only if the source does. A head that is in conflict with mine is never taken as kAhead.
Result<PeerPositions> PositionsOf(const Source& source, const log::SpaceId& space,
                                  const codec::FrontierLines& lines, Unknown unknown,
                                  FeedPrefix prefix_of);

}  // namespace geflecht::sync
