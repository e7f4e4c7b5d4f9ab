// Sizes and intervals of a session beyond base/limits.h. Private to node/sync.
#pragma once

#include <cstddef>
#include <cstdint>

#include "base/limits.h"

namespace geflecht::sync {

// A frame of Run that is accepted can be sent on: there the arrival number may take more bytes.
inline constexpr std::size_t kRunFrameBytesMax = limits::kFrameBytesMax - 64;
// Frames are cut here where that is possible, so that several fit into a window.
inline constexpr std::size_t kFrameBytesSoft = 192 * 1024;

// Control messages: a start for a full list of spaces, then as many as frames call for.
inline constexpr std::uint64_t kTokensAtStart = 4 * limits::kSpacesPerSessionMax;
inline constexpr std::uint64_t kTokensMax = 8 * limits::kSpacesPerSessionMax;
inline constexpr std::uint64_t kTokensPerFrame = 4;
inline constexpr std::int64_t kTokenMs = 20;  // one more after each of these

inline constexpr std::int64_t kRepeatAfterMs = 2'000;    // idle and not equal
inline constexpr std::size_t kRepeatsPerMinute = 3;      // of full frontiers, per session
inline constexpr std::int64_t kAnswerAfterMs = 20'000;   // full lines are not answered more often
inline constexpr std::uint32_t kLinesPerMinuteMax = 16;  // accepted, per space

inline constexpr std::int64_t kAskAfterMs = 1'000;  // for bodies that did not come by themselves
inline constexpr std::size_t kAskedMax = 4096;      // bodies asked for and not here yet
inline constexpr std::size_t kBodiesDueMax = 2 * kAskedMax;
inline constexpr std::size_t kOwedMax = 1024;

}  // namespace geflecht::sync
