// Earlier versions of a document, what became different between two of them, and who wrote what.
// All of it is read from the history and does not touch the document, which may have an open
// change.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "crdt/document.h"

namespace geflecht::crdt {

// The document as it was when these changes were its heads, with their history. kNotFound if one of
// them is not merged here.
Result<Document> Checkout(const Document& document, const Heads& version);

// The changes that are merged here and not in the past of `version`, parents first. kNotFound as
// above.
Result<std::vector<ChangeId>> ChangesSince(const Document& document, const Heads& version);

}  // namespace geflecht::crdt
