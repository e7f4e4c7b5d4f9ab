// The kinds of entries that exist, by space (docs/formats/kinds.md).
#pragma once

#include <string_view>

#include "node/log/header.h"

namespace geflecht::governance {

inline constexpr std::string_view kDeviceAdd = "device.add";
inline constexpr std::string_view kDeviceRevoke = "device.revoke";
inline constexpr std::string_view kOrgLeave = "org.leave";
inline constexpr std::string_view kPersonAdd = "person.add";
inline constexpr std::string_view kPersonEnd = "person.end";
inline constexpr std::string_view kProposal = "proposal";
inline constexpr std::string_view kComment = "comment";
inline constexpr std::string_view kVote = "vote";
inline constexpr std::string_view kEnact = "enact";
inline constexpr std::string_view kSeal = "seal";
inline constexpr std::string_view kSealVote = "seal-vote";
inline constexpr std::string_view kAuditRequest = "audit.request";
inline constexpr std::string_view kAcknowledge = "acknowledge";
inline constexpr std::string_view kGather = "gather";
inline constexpr std::string_view kFreeze = "freeze";
inline constexpr std::string_view kSign = "sign";
inline constexpr std::string_view kAmend = "amend";
inline constexpr std::string_view kNotice = "notice";

// What stands in the root space beside the charter, and what where documents lie: in the network
// space and in those that decisions have founded.
bool IsRootKind(std::string_view kind);
bool IsSpaceKind(std::string_view kind);
// A paper: neither an edit nor of the log's own affairs.
bool IsPaperKind(std::string_view kind);
// Whether the header counts as many evidence fields as the kind has. With fewer, whoever exports
// a bundle could leave out what the entry says.
bool HasItsEvidence(const log::Header& header);
// Whether an entry of this kind of the root space can change who is a member, or whose device.
bool MayChangeMembers(std::string_view kind);
// The same, or for whom a device signs: a card names a device before anything is decided.
bool MayChangeWriters(std::string_view kind);

}  // namespace geflecht::governance
