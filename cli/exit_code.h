// The exit codes of `geflecht` (docs/formats/cli.md). They are part of the interface.
#pragma once

#include "base/result.h"

namespace geflecht::cli {

inline constexpr int kExitOk = 0;
inline constexpr int kExitFailure = 1;
inline constexpr int kExitUsage = 2;
inline constexpr int kExitPartial = 3;
inline constexpr int kExitNotFound = 4;
inline constexpr int kExitConflict = 5;
inline constexpr int kExitVerification = 6;
inline constexpr int kExitLocked = 7;
inline constexpr int kExitUnreachable = 8;
inline constexpr int kExitNotPermitted = 9;
inline constexpr int kExitNotInitialised = 10;
inline constexpr int kExitInterrupted = 130;

int ExitCodeOf(Code code);

}  // namespace geflecht::cli
