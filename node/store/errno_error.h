// The error of a system call as an Error.
#pragma once

#include <string_view>

#include "base/result.h"

namespace geflecht::store {

// kNotFound, kNotPermitted, kNoSpace or kIo for the errno value `number`. `action` goes into the
// detail ("fsync of lock"): a file name at most, no directories, since these may name persons.
Error ErrnoError(int number, std::string_view action);

}  // namespace geflecht::store
