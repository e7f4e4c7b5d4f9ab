// Content of edits that comes late or is erased. Structure stays: positions, lengths, containers.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <set>
#include <string>
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

// Under which key of the root map something lies, at whatever depth: a declared key, "" for all
// that are content, or kNowhereKey, in a container that no edit has made.
using RootKey = std::string;
inline constexpr const char* kNowhereKey = "/";
// Of the container that event `event` of a change made, whose edits are given: the key, or nothing
// and in `in` the container of an earlier change that it lies in.
struct Lies {
  std::optional<RootKey> key;
  ContainerId in;
};
Lies WhereMade(const std::vector<Edit>& edits, const Schema& schema, std::uint64_t event);

// For each content field of a change the keys under which its content lies. `elsewhere` says it of
// containers that other changes made; nothing as soon as it cannot. Whether content is here makes
// no difference.
using KeyOfContainer = std::function<std::optional<RootKey>(const ContainerId&)>;
std::optional<std::vector<std::set<RootKey>>> KeysOfFields(const std::vector<Edit>& edits,
                                                           const Schema& schema,
                                                           const KeyOfContainer& elsewhere);

// What a text shows for each code point that is not here.
inline constexpr char32_t kMissingPoint = U'\u2592';  // a shade
inline constexpr char32_t kErasedPoint = U'\u2588';   // a bar

}  // namespace geflecht::crdt
