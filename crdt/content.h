// Content of edits that comes late or is erased. Structure stays: positions, lengths, containers.
#pragma once

#include <cstddef>
#include <vector>

#include "base/result.h"
#include "crdt/change.h"
#include "crdt/schema.h"

namespace geflecht::crdt {

// Adds what `other`, the same edits with other gaps, knows to `known`: content fills what is
// missing, an erasure replaces everything. So the outcome does not depend on the order of arrival.
// Says whether `known` is different now. kUsage without effect if they are not the same edits.
Result<bool> MergeContent(std::vector<Edit>& known, const std::vector<Edit>& other);

// Takes the content that belongs to the field "content.<field>" out of `edits`. kNotFound if there
// is no such field.
Result<void> TakeContentOut(std::vector<Edit>& edits, const Schema& schema, std::size_t field,
                            Gap gap);

// Whether any content of `edits` is in this gap.
bool HasGap(const std::vector<Edit>& edits, Gap gap);

// What a text shows for each code point that is not here.
inline constexpr char32_t kMissingPoint = U'\u2592';  // a shade
inline constexpr char32_t kErasedPoint = U'\u2588';   // a bar

}  // namespace geflecht::crdt
