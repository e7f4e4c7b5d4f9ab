// What every record says about itself: why it may be kept, on what basis, for how long, whose it is
// and who may see it. Source: GDPR Art. 5(1)(b), 6, 13, 14, 18; docs/formats/contacts.md.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "crdt/change.h"
#include "crdt/schema.h"

namespace geflecht::domain {

inline constexpr std::string_view kPurpose = "purpose";
inline constexpr std::string_view kLegalBasis = "legal_basis";
inline constexpr std::string_view kRetentionClass = "retention_class";
inline constexpr std::string_view kOwnerOrg = "owner_org";
inline constexpr std::string_view kVisibility = "visibility";
inline constexpr std::string_view kRestricted = "restricted";
inline constexpr std::string_view kSource = "source";

// The keys above as fields of a schema. None is personal.
const std::vector<crdt::FieldSpec>& EnvelopeFields();

// The values that `key` may have: stable English identifiers, part of schema version 1. Empty if
// `key` is no enumeration.
std::span<const std::string_view> AllowedValues(std::string_view key);

// Why processing of a record is restricted: GDPR Art. 18(1) a to d, and Art. 17(3). The value of
// `restricted`; false, or true without a reason, else.
std::span<const std::string_view> RestrictionReasons();
// Whether `value` of `restricted` says so.
bool IsRestricted(const crdt::Value& value);

// Why a change of a document has no effect at any node, or nothing. Pure function of the change's
// structure, so that it stays the same when content comes late or is erased
// (docs/decisions/0028): a document's first change has to set purpose, legal basis and retention
// class to a text; none may be removed or become something else, by this or any other change. The
// reason is a stable English identifier: "purpose-missing", "legal_basis-removed",
// "retention_class-no-text".
std::optional<std::string> VoidReason(bool first_change, const std::vector<crdt::Edit>& edits);

// The same for a change that is about to be made here, and whether the values are among
// AllowedValues: "retention_class-unknown".
std::optional<std::string> WhyNotMade(bool first_change, const std::vector<crdt::Edit>& edits);

}  // namespace geflecht::domain
