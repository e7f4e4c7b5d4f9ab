#include "node/governance/kinds.h"

#include <algorithm>
#include <array>

#include "node/log/erase.h"
#include "node/log/fork.h"

namespace geflecht::governance {
namespace {

constexpr std::array kRootKinds = {kDeviceAdd, kDeviceRevoke, kOrgLeave,   kProposal,
                                   kComment,   kVote,         kEnact,      kSeal,
                                   kSealVote,  kGather,       log::kErase, log::kForkEvidence};
constexpr std::array<std::string_view, 4> kNetworkKinds = {"change", kGather, log::kErase,
                                                           log::kForkEvidence};

}  // namespace

bool IsRootKind(std::string_view kind) {
  return std::find(kRootKinds.begin(), kRootKinds.end(), kind) != kRootKinds.end();
}

bool IsNetworkKind(std::string_view kind) {
  return std::find(kNetworkKinds.begin(), kNetworkKinds.end(), kind) != kNetworkKinds.end();
}

bool MayChangeMembers(std::string_view kind) {
  return kind != kProposal && kind != kComment && kind != kVote && kind != kSeal &&
         kind != kGather && kind != log::kErase;
}

}  // namespace geflecht::governance
