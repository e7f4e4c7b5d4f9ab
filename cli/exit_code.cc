#include "cli/exit_code.h"

namespace geflecht::cli {

int ExitCodeOf(Code code) {
  switch (code) {
    case Code::kUsage:
      return kExitUsage;
    case Code::kIncomplete:
      return kExitPartial;
    case Code::kNotFound:
      return kExitNotFound;
    case Code::kConflict:
      return kExitConflict;
    case Code::kVerification:
      return kExitVerification;
    case Code::kLocked:
    case Code::kWrongPassphrase:
      return kExitLocked;
    case Code::kUnreachable:
      return kExitUnreachable;
    case Code::kNotPermitted:
    case Code::kCaseData:
      return kExitNotPermitted;
    case Code::kNotInitialised:
      return kExitNotInitialised;
    case Code::kInternal:
    case Code::kMalformed:
    case Code::kTooLarge:
    case Code::kCorruption:
    case Code::kNoSpace:
    case Code::kIo:
    case Code::kFormatVersion:
      return kExitFailure;
  }
  return kExitFailure;
}

}  // namespace geflecht::cli
