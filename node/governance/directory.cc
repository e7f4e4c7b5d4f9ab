#include "node/governance/directory.h"

#include <algorithm>

namespace geflecht::governance {

Directory::Directory(const log::Founding& founding) {
  for (const log::Card& card : founding.text.founders) Note(card.org(), founding.charter.id, card);
}

void Directory::Note(const OrgId& org, const EntryId& said_by, const log::Card& card) {
  claims_[card.device].push_back({org, said_by, card});
  const Name name{card.org() == org, said_by, card.organisation};
  const auto [at, fresh] = names_.try_emplace(org, name);
  const Name& known = at->second;
  if (!fresh && (name.own != known.own ? name.own : name.said_by < known.said_by))
    at->second = name;
}

void Directory::NoteAdd(const OrgId& org, const EntryId& said_by, const log::Card& card) {
  added_[{org, card.root_key}][card.device].push_back(said_by);
  Note(org, said_by, card);
}

bool Directory::HasAsMany(const OrgId& org, const RootKey& root, std::size_t devices,
                          const std::function<bool(const EntryId&)>& in_past) const {
  const auto added = added_.find({org, root});
  if (added == added_.end() || added->second.size() < devices) return false;
  return static_cast<std::size_t>(
             std::count_if(added->second.begin(), added->second.end(), [&](const auto& device) {
               return std::any_of(device.second.begin(), device.second.end(), in_past);
             })) >= devices;
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

const log::Card* Directory::CardOf(const OrgId& org, const DeviceId& device,
                                   const std::optional<RootKey>& root) const {
  const Claim* chosen = nullptr;
  const auto by_root = [&](const Claim& claim) { return root && claim.card.root_key == *root; };
  for (const Claim& claim : ClaimsOn(device)) {
    if (claim.org != org) continue;
    const bool better =
        chosen == nullptr ||
        (by_root(claim) != by_root(*chosen) ? by_root(claim) : claim.said_by < chosen->said_by);
    if (better) chosen = &claim;
  }
  return chosen == nullptr ? nullptr : &chosen->card;
}

std::string Directory::NameOf(const OrgId& org) const {
  const auto it = names_.find(org);
  return it == names_.end() ? std::string() : it->second.name;
}

}  // namespace geflecht::governance
