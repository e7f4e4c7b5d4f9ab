// How often each fault was inflicted and each "sometimes" mark was reached. A range of seeds that
// never reaches one of them proves less than it seems to.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>

namespace geflecht::sim {

enum class Mark : std::size_t {
  // Faults.
  kCrash,
  kCrashKeptPrefix,
  kHalfOpen,
  kLinkCut,
  kFrameLost,
  kDialRefused,
  kPartition,
  kLinkStalled,
  kClockJump,
  kClockYearsAhead,
  kClockYearsBack,
  kDiskFull,
  kRot,
  kBackupRestored,
  kDiskCopied,
  kInjectedTruncated,
  kInjectedOversized,
  kInjectedFlipped,
  kInjectedForeign,
  kInjectedReplay,
  // Attacks, in the order of Attack (actor.h).
  kFirstAttack,
  kReplayer = kFirstAttack,
  kFlooder,
  kGarbler,
  kLoiterer,
  kLiar,
  kWithholder,
  kOversizer,
  kBomber,
  kEquivocator,
  // Sometimes.
  kCrashLostBatch,
  kDraftRestored,
  kDraftCutByRemote,
  kConflictListed,
  kConflictResolved,
  kTextMerged,
  kRunWaited,
  kRunReleased,
  kBodyByNeed,
  kDuplicateDropped,
  kWindowFull,
  kFullFrontier,
  kHostileRefused,
  kPartitionHealed,
  kRestartInCatchUp,
  kEntryRelayed,
  kGroupCommit,
  kRefusedWhileFull,
  kCrashWhileFull,
  kOversizeCut,
  kPendingFull,
  kAttackOverlaps,
  kForkConfirmed,
  kForkKept,
  kRotMet,
  kRefetched,
  kNewLife,
  kReadFromFile,
  kDecided,
  kErased,
  kErasedElsewhere,
  kCount,
};
inline constexpr std::size_t kMarks = static_cast<std::size_t>(Mark::kCount);

inline constexpr std::array<std::string_view, kMarks> kMarkNames = {
    "fault: crash",
    "fault: crash kept a part of the unsynced batches",
    "fault: crash left a connection half-open",
    "fault: connection cut",
    "fault: frame lost in flight",
    "fault: dial refused",
    "fault: partition",
    "fault: connection stalled",
    "fault: wall clock jumped",
    "fault: wall clock ten years ahead",
    "fault: wall clock ten years back",
    "fault: disk full",
    "fault: record rotted",
    "fault: backup restored",
    "fault: machine copied while it runs",
    "fault: truncated frame injected",
    "fault: oversized frame injected",
    "fault: flipped frame injected",
    "fault: foreign frame injected",
    "fault: old frame replayed",
    "attack: replayer",
    "attack: flooder",
    "attack: sender of garbage",
    "attack: one that never finishes",
    "attack: liar about frontiers",
    "attack: withholder",
    "attack: oversized",
    "attack: causes that never arrive",
    "attack: two entries on one position",
    "crash lost an unsynced batch",
    "draft restored after a crash and cut",
    "draft cut by a change of another device",
    "conflict listed",
    "conflict resolved",
    "concurrent text edits merged",
    "run waited for its causes",
    "waiting run released",
    "body came late, by Need",
    "duplicate session dropped",
    "window full",
    "full frontiers repeated",
    "session refused a hostile frame",
    "partition healed",
    "restart during catch-up",
    "entry relayed by a third device",
    "several batches in one sync",
    "edit refused while the disk is full",
    "crash while the disk is full",
    "transport cut a frame over its limit",
    "waiting runs at their limit",
    "several attackers in one run",
    "confirmation of a forked position that was not compared yet",
    "both branches of a fork are everywhere in the end",
    "process ended by a record that cannot be read",
    "empty disk filled again by others",
    "device went on in a new life",
    "document read from its file",
    "decision of the members is in force",
    "document erased",
    "erasure of another device holds here",
};

class Counts {
 public:
  void Hit(Mark mark) { ++values_[static_cast<std::size_t>(mark)]; }
  std::uint64_t Of(std::size_t mark) const { return values_[mark]; }
  void Add(const Counts& other) {
    for (std::size_t i = 0; i < kMarks; ++i) values_[i] += other.values_[i];
  }

 private:
  std::array<std::uint64_t, kMarks> values_{};
};

}  // namespace geflecht::sim
