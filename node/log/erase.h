// What an `erase` entry says: which fields of which entries of its space no node keeps any more
// (docs/formats/erasure.md). Says nothing about whether its writer may ask for that.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "base/rng.h"
#include "base/strong_id.h"
#include "node/log/body.h"

namespace geflecht::log {

inline constexpr std::string_view kErase = "erase";
inline constexpr std::size_t kEraseTargetsMax = 4'096;
// Why: never a text, which could hold what is to be erased.
inline constexpr std::array<std::string_view, 6> kEraseReasons = {
    "request", "consent", "purpose", "retention", "unlawful", "mistake"};

struct EraseTarget {
  EntryId entry;
  std::vector<std::uint32_t> fields;  // ascending, not empty; counted from 0 in the body
  bool operator==(const EraseTarget&) const = default;
};
// The document that a change begins or belongs to.
using RecordId = StrongId<struct RecordTag, 16>;
// What a document holds under a declared key of its root map, at any depth.
struct ErasedContainer {
  RecordId document;
  std::string key;  // IsContainerKey
  auto operator<=>(const ErasedContainer&) const = default;
};
struct Erasure {
  std::string reason;                    // one of kEraseReasons
  std::vector<EraseTarget> targets;      // ascending by entry
  std::vector<RecordId> documents = {};  // with all that was and will be written in them; ascending
  // With all that is written there by changes that do not name this erasure; ascending.
  std::vector<ErasedContainer> containers = {};
  // The proposal whose decision asks for it: then the writer's organisation does not matter.
  std::optional<EntryId> decision = std::nullopt;
  bool operator==(const Erasure&) const = default;
};
// 1 to 64 of a-z 0-9 _, a letter first.
bool IsContainerKey(std::string_view key);

// All fields are evidence, so that no erasure is ever erased. kMalformed or kTooLarge if `erasure`
// is none, or names nothing.
inline constexpr std::uint32_t kEraseEvidence = 2;  // one more with a decision
Result<Body> SayErasure(const Erasure& erasure, Random& random);
// kMalformed for every other spelling, and if the header does not call all fields evidence.
Result<Erasure> ReadErasure(const Header& header, const Body& body);

// The same as one text, without the decision: what a proposal says that asks for it. A line with
// the reason, then the targets. What cannot be read back is refused by the reader alone.
std::string RenderErasure(const Erasure& erasure);
// kMalformed, kTooLarge.
Result<Erasure> ParseErasure(std::string_view text);

// Which erasures have been carried out at the device that says so: what they name is in none of its
// files any more. Ascending, not empty, at most kEraseTargetsMax.
inline constexpr std::string_view kEraseReceipt = "erase.receipt";
inline constexpr std::uint32_t kEraseReceiptEvidence = 1;
Result<Body> SayEraseReceipt(const std::vector<EntryId>& erasures, Random& random);
// kMalformed for every other spelling.
Result<std::vector<EntryId>> ReadEraseReceipt(const Header& header, const Body& body);

// Puts their leaves in the place of these fields, counted from 0. Says whether any was there.
bool TakeOut(Body& body, const std::set<std::uint32_t>& fields);

// The first field of a body that may be erased, or their number: evidence stays, and so does the
// structure of a change, without which nobody could tell what the rest of it was.
std::uint32_t FirstErasable(const Header& header);

}  // namespace geflecht::log
