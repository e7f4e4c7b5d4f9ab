// Whose device is whose, as cards say it: the charter's, and those in proposals and device.add.
// Says nothing about who is a member. Pure.
#pragma once

#include <functional>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "node/governance/entry.h"
#include "node/log/charter.h"

namespace geflecht::governance {

class Directory {
 public:
  struct Claim {
    OrgId org;
    EntryId said_by;  // the entry that holds the card
    log::Card card;
  };

  explicit Directory(const log::Founding& founding);

  void Note(const OrgId& org, const EntryId& said_by, const log::Card& card);

  // In the order in which they came; empty for a key that is on no card.
  const std::vector<Claim>& ClaimsOn(const DeviceId& device) const;
  // The organisation for which a device signs: that of a card which `in_past` holds of the entry,
  // of several (the device has then proven that it belongs to each) the lowest. Nothing if there is
  // none: the entry counts for nobody.
  std::optional<OrgId> OrgOfDevice(const DeviceId& device,
                                   const std::function<bool(const EntryId&)>& in_past) const;
  const log::Card* CardOf(const OrgId& org, const DeviceId& device) const;  // or nullptr
  // As on the first card that names it; "" if none does.
  std::string NameOf(const OrgId& org) const;

 private:
  std::map<DeviceId, std::vector<Claim>> claims_;
  std::map<OrgId, std::string> names_;
};

}  // namespace geflecht::governance
