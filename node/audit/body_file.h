// bodies/*.jsonl: the bodies of one feed's entries, one JSON line each.
#pragma once

#include <optional>
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

// The text of a field, which is what its leaf hashes (docs/formats/body.md), and back. A field that
// is read may still break the rules of log::CheckBody.
std::string RenderFieldText(const log::Field& field);
std::optional<log::Field> ParseFieldText(std::string_view text);

// The body with a leaf in place of every field.
log::Body Withheld(const log::Body& body);

}  // namespace geflecht::audit
