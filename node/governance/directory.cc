#include "node/governance/directory.h"

#include <algorithm>

namespace geflecht::governance {

Directory::Directory(const log::Founding& founding) {
  for (const log::Card& card : founding.text.founders) Note(card.org(), founding.charter.id, card);
}

void Directory::Note(const OrgId& org, const EntryId& said_by, const log::Card& card) {
  claims_[card.device].push_back({org, said_by, card});
  names_.try_emplace(org, card.organisation);
}

const std::vector<Directory::Claim>& Directory::ClaimsOn(const DeviceId& device) const {
  static const std::vector<Claim> kNoClaims;
  const auto it = claims_.find(device);
  return it == claims_.end() ? kNoClaims : it->second;
}

std::optional<OrgId> Directory::OrgOfDevice(
    const DeviceId& device, const std::function<bool(const EntryId&)>& in_past) const {
  std::optional<OrgId> org;
  for (const Claim& claim : ClaimsOn(device))
    if ((!org || claim.org < *org) && in_past(claim.said_by)) org = claim.org;
  return org;
}

const log::Card* Directory::CardOf(const OrgId& org, const DeviceId& device) const {
  for (const Claim& claim : ClaimsOn(device))
    if (claim.org == org) return &claim.card;
  return nullptr;
}

std::string Directory::NameOf(const OrgId& org) const {
  const auto it = names_.find(org);
  return it == names_.end() ? std::string() : it->second;
}

}  // namespace geflecht::governance
