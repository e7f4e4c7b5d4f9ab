// Comparison of two frontiers of a space. Pure.
#pragma once

#include <cstdint>
#include <map>

#include "node/sync/session.h"

namespace geflecht::sync {

// Nothing of the feed is sent: the peer holds another entry at one of its positions.
inline constexpr std::uint64_t kNever = ~std::uint64_t{0};

// The lines of `frontier` for `space`: short ones, or full ones if `full` or if two feeds share a
// prefix. Feeds of other spaces (the founding charter's) are left out: every member has them.
codec::FrontierLines LinesOf(const log::SpaceId& space, const log::Frontier& frontier, bool full,
                             FeedPrefix prefix_of);

// For each of my feeds of `space` the seq from which on the peer that sent `lines` lacks it. Fails
// only if the source does.
Result<std::map<log::FeedKey, std::uint64_t>> PeerPositions(const Source& source,
                                                            const log::SpaceId& space,
                                                            const codec::FrontierLines& lines,
                                                            FeedPrefix prefix_of);

}  // namespace geflecht::sync
