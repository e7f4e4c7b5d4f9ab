// Whose device is whose, as cards say it: the charter's, and those in proposals and device.add.
// Says nothing about who is a member. Pure.
#pragma once

#include <cstddef>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "node/governance/entry.h"
#include "node/log/charter.h"

namespace geflecht::governance {

// Devices of an organisation that device.adds of one root key bring, ever. Each may open feeds, and
// every feed costs each later entry memory.
inline constexpr std::size_t kAddedDevicesMax = 64;

class Directory {
 public:
  struct Claim {
    OrgId org;
    EntryId said_by;  // the entry that holds the card
    log::Card card;
  };

  explicit Directory(const log::Founding& founding);

  void Note(const OrgId& org, const EntryId& said_by, const log::Card& card);

  // The same for a card in a device.add.
  void NoteAdd(const OrgId& org, const EntryId& said_by, const log::Card& card);
  // Whether device.adds in `in_past` hold the root key's cards of so many devices. Only who has the
  // key makes cards: nobody uses up another's number.
  bool HasAsMany(const OrgId& org, const RootKey& root, std::size_t devices,
                 const std::function<bool(const EntryId&)>& in_past) const;
  // In the order in which they came; empty for a key that is on no card.
  const std::vector<Claim>& ClaimsOn(const DeviceId& device) const;
  // The organisation for which a device signs: that of a card which `in_past` holds of the entry,
  // of several (the device has then proven that it belongs to each) the lowest. Nothing if there is
  // none: the entry counts for nobody.
  std::optional<OrgId> OrgOfDevice(const DeviceId& device,
                                   const std::function<bool(const EntryId&)>& in_past) const;
  // Of several cards that of `root`, then the one in the entry with the lowest id: whatever came
  // first. Or nullptr.
  const log::Card* CardOf(const OrgId& org, const DeviceId& device,
                          const std::optional<RootKey>& root = std::nullopt) const;
  // As on a card that the organisation's first root key has signed, in the entry with the lowest
  // id; then as on any. "" if there is none.
  std::string NameOf(const OrgId& org) const;

 private:
  std::map<DeviceId, std::vector<Claim>> claims_;
  std::map<std::pair<OrgId, RootKey>, std::map<DeviceId, std::vector<EntryId>>> added_;
  struct Name {
    bool own = false;  // by the first root key
    EntryId said_by;
    std::string name;
  };
  std::map<OrgId, Name> names_;
};

}  // namespace geflecht::governance
