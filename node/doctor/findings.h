// From facts to findings. Pure; the thresholds stand here and in docs/formats/cli.md.
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "node/doctor/facts.h"

namespace geflecht::doctor {

enum class State { kOk, kWarning, kProblem };

struct Finding {
  std::string check;  // "clock"; stable
  State state = State::kOk;
  // The sentence of base/i18n: "doctor.<check>.<what>", and what to do: the same with "fix." in
  // front, for everything but kOk. `args` fill the placeholders of both.
  std::string what;
  std::vector<std::pair<std::string, std::string>> args;

  std::string key() const { return "doctor." + check + "." + what; }
  std::string fix_key() const { return "fix." + check + "." + what; }
};

inline constexpr std::int64_t kEarliestClock_s = 1'767'225'600;  // 2026-01-01: older is wrong
inline constexpr std::int64_t kAheadWarning_s = 2 * 3600;
inline constexpr std::int64_t kAheadProblem_s = 24 * 3600;
inline constexpr std::int64_t kFarFuture_s = 5LL * 365 * 24 * 3600;  // behind the newest entry
inline constexpr std::uint64_t kFreeProblem = std::uint64_t{64} << 20;
inline constexpr std::uint64_t kFreeWarning = std::uint64_t{512} << 20;
inline constexpr std::int64_t kSyncWarning_us = 100'000;
inline constexpr std::int64_t kSyncProblem_us = 2'000'000;
inline constexpr std::int64_t kSilentWarning_s = 7 * 24 * 3600;
inline constexpr std::int64_t kUnconfirmedWarning_s = 24 * 3600;
inline constexpr std::int64_t kUnconfirmedProblem_s = 7 * 24 * 3600;
inline constexpr std::int64_t kBackupWarning_s = 30LL * 24 * 3600;
inline constexpr std::int64_t kSheetWarning_s = 400LL * 24 * 3600;

Finding CheckClock(const Facts& facts);
Finding CheckDisk(const Facts& facts);
Finding CheckSync(const Facts& facts);
Finding CheckFiles(const Facts& facts);
Finding CheckPort(const Facts& facts);
Finding CheckPartners(const Facts& facts);
Finding CheckUnconfirmed(const Facts& facts);
Finding CheckStore(const Facts& facts);
Finding CheckLock(const Facts& facts);
Finding CheckPassphrase(const Facts& facts);
Finding CheckFormat(const Facts& facts);
Finding CheckBackup(const Facts& facts);
Finding CheckErasures(const Facts& facts);
Finding CheckSheet(const Facts& facts);

// All of them, in the order in which they are shown.
std::vector<Finding> Examine(const Facts& facts);

}  // namespace geflecht::doctor
