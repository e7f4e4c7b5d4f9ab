#include "node/governance/kinds.h"

#include <algorithm>
#include <array>

#include "node/log/erase.h"
#include "node/log/fork.h"

namespace geflecht::governance {
namespace {

constexpr std::array kRootKinds = {
    kDeviceAdd,         kDeviceRevoke, kOrgLeave,    kPersonAdd, kPersonEnd, kProposal,
    kComment,           kVote,         kEnact,       kSeal,      kSealVote,  kGather,
    log::kForkEvidence, kAuditRequest, kAcknowledge, log::kErase};
constexpr std::array<std::string_view, 5> kLogKinds = {"change", kGather, log::kErase,
                                                       log::kEraseReceipt, log::kForkEvidence};
constexpr std::array kPaperKinds = {kFreeze, kSign, kAmend, kNotice};

}  // namespace

bool IsRootKind(std::string_view kind) {
  return std::find(kRootKinds.begin(), kRootKinds.end(), kind) != kRootKinds.end();
}

bool IsSpaceKind(std::string_view kind) {
  return IsPaperKind(kind) ||
         std::find(kLogKinds.begin(), kLogKinds.end(), kind) != kLogKinds.end();
}

bool IsPaperKind(std::string_view kind) {
  return std::find(kPaperKinds.begin(), kPaperKinds.end(), kind) != kPaperKinds.end();
}

bool HasItsEvidence(const log::Header& header) {
  const std::string_view kind = header.kind;
  std::uint32_t evidence = header.evidence;
  if (kind == kProposal) evidence = header.fields - 1;  // all but the note
  if (kind == kVote || kind == kEnact || kind == kSeal || kind == kDeviceRevoke) evidence = 1;
  if (kind == kDeviceAdd || kind == log::kForkEvidence || kind == kAuditRequest ||
      kind == kPersonAdd)
    evidence = 2;
  return header.evidence == evidence;
}

bool MayChangeMembers(std::string_view kind) {
  return kind != kProposal && kind != kComment && kind != kVote && kind != kSeal &&
         kind != kGather && kind != kAuditRequest && kind != kAcknowledge && kind != kPersonAdd &&
         kind != kPersonEnd && kind != log::kErase;
}

bool MayChangeWriters(std::string_view kind) { return kind == kProposal || MayChangeMembers(kind); }

}  // namespace geflecht::governance
