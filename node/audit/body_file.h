// bodies/*.jsonl: the bodies of one feed's entries, one JSON line each.
#pragma once

#include <string>
#include <string_view>

#include "node/log/body.h"

namespace geflecht::audit {

struct BodyLine {
  log::EntryId entry;
  log::Body body;
};

// With its line feed.
std::string RenderBodyLine(const log::EntryId& entry, const log::Body& body);

// `line` without its line feed. Accepts exactly what RenderBodyLine writes; kMalformed, kTooLarge.
Result<BodyLine> ParseBodyLine(std::string_view line);

// The body with a leaf in place of every field.
log::Body Withheld(const log::Body& body);

}  // namespace geflecht::audit
