// The document types and their schemas. A schema never changes once released: what changes gets the
// next version, and a document keeps the version of its first change.
#pragma once

#include <cstdint>
#include <string_view>

#include "crdt/schema.h"

namespace geflecht::domain {

inline constexpr std::string_view kContact = "contact";
inline constexpr std::string_view kNote = "note";
inline constexpr std::string_view kAgreement = "agreement";
inline constexpr std::string_view kMeeting = "meeting";
inline constexpr std::string_view kTask = "task";
inline constexpr std::string_view kOrganisation = "organisation";
// Of an organisation's record: its last day of a pause in erasing, or "open", and why.
inline constexpr std::string_view kRetentionPause = "retention_pause";
inline constexpr std::string_view kRetentionPauseReason = "retention_pause_reason";
inline constexpr std::uint32_t kSchemaVersion = 1;  // of new documents of every type

// The schema of `type` ("contact", "note", "meeting", "task", "agreement", "organisation") in
// `version`, or nullptr. Lives as long as the program.
const crdt::Schema* FindSchema(std::string_view type, std::uint32_t version);

// Whether records of `schema` take declared keys only. Only notes take others. Of contacts: there
// is no field for a private address, a birthday, a photo, religion, health or family, and none can
// be added by hand.
bool IsClosed(const crdt::Schema& schema);

// Whether the case guard refuses case data in documents of this type. In others the writer may
// confirm that a text is none.
bool RefusesCaseData(const crdt::Schema& schema);

}  // namespace geflecht::domain
