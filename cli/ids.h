// Ids as people type them: whole, or a beginning of at least six digits that is unique.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "cli/session.h"

namespace geflecht::cli {

inline constexpr std::size_t kIdDigitsMin = 6;
// What lists show: long enough for tens of thousands of documents.
inline constexpr std::size_t kIdDigitsShown = 10;
// Of an entry; a document's has half of it.
inline constexpr std::size_t kIdOfEntry = 64;

// The one of `ids` that begins with `typed`; upper-case digits count as lower-case ones. kUsage if
// `typed` is too short or no hexadecimal number, kNotFound, kConflict if several begin with it.
Result<std::string> MatchId(std::string_view typed, const std::vector<std::string>& ids);

// The id of a document; asks the node for its list unless `typed` is whole.
Result<std::string> DocumentIdOf(Session& session, std::string_view typed);

// The entry of a change of document `id`, given by its beginning.
Result<std::string> EntryOf(Session& session, const std::string& id, std::string_view typed);

std::string ShortId(std::string_view id);

}  // namespace geflecht::cli
