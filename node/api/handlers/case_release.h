// What lets a text through that the case guard refuses: a reason, and the yes of another
// organisation (docs/decisions/0031-case-guard.md).
#pragma once

#include <string>
#include <string_view>

#include "node/api/context.h"

namespace geflecht::api {

// Stands for `text` in a proposal, 32 digits: a hash of the device's signature of it, so that
// nobody else can try out what the text may have been. The same for the same text at this device.
std::string CaseMark(const Context& context, std::string_view text);

// The line of a proposal's text that releases the text of `mark`.
std::string ReleaseLine(std::string_view mark);

// Whether there is a proposal of matter "content" by this organisation with that line, and another
// organisation's vote on it is yes.
bool IsReleased(Context& context, std::string_view text);

}  // namespace geflecht::api
