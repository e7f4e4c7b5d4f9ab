#include "node/governance/members.h"

#include <algorithm>
#include <tuple>
#include <utility>

#include "base/check.h"
#include "node/governance/kinds.h"

namespace geflecht::governance {
namespace {

template <class Key>
const Member* FindBy(const std::vector<Member>& members, Key Member::*field, const Key& key) {
  const auto it = std::find_if(members.begin(), members.end(),
                               [&](const Member& member) { return member.*field == key; });
  return it == members.end() ? nullptr : &*it;
}

ClockS EndOf(const Observer& observer) {
  constexpr ClockS kDayS = 24 * 3600;
  return (observer.until + 1) * kDayS;
}

}  // namespace

Members Members::Of(const log::Founding& founding) {
  CHECK(founding.Missing().empty());
  std::vector<Member> present;
  for (const log::Card& card : founding.text.founders)
    present.push_back({card.org(), card.organisation, card.root_key, card.device, card.tls_key});
  return Of(founding.network(), std::move(present), {});
}

Members Members::Of(const log::NetworkId& network, std::vector<Member> present,
                    std::vector<Member> former, std::vector<SpaceState> spaces) {
  Members members;
  members.spaces_ = std::move(spaces);
  members.network_ = network;
  members.root_space_ = log::RootSpace(network);
  members.network_space_ = log::NetworkSpace(network);
  members.members_ = std::move(present);
  members.former_ = std::move(former);
  for (auto* list : {&members.members_, &members.former_})
    std::sort(list->begin(), list->end(), [](const Member& a, const Member& b) {
      return std::tie(a.org, a.device) < std::tie(b.org, b.device);
    });
  return members;
}

const Member* Members::ByDevice(const log::DeviceId& device) const {
  return FindBy(members_, &Member::device, device);
}

const Member* Members::ByTlsKey(const crypto::PublicKey& tls_key) const {
  return FindBy(members_, &Member::tls_key, tls_key);
}

const SpaceState* Members::FindSpace(const log::SpaceId& space) const {
  const auto it =
      std::lower_bound(spaces_.begin(), spaces_.end(), space,
                       [](const SpaceState& one, const log::SpaceId& id) { return one.id < id; });
  return it == spaces_.end() || it->id != space ? nullptr : &*it;
}

bool Members::Knows(const log::SpaceId& space) const {
  return space == root_space_ || space == network_space_ || FindSpace(space) != nullptr;
}

bool Members::MayServe(const log::DeviceId& device, const log::SpaceId& space, ClockS now_s) const {
  if (MayWrite(device, space)) return true;
  const Member* const member = ByDevice(device);
  const SpaceState* const circle = FindSpace(space);
  if (member == nullptr || circle == nullptr) return false;
  return std::any_of(circle->observers.begin(), circle->observers.end(), [&](const Observer& one) {
    return one.org == member->org && now_s < EndOf(one);
  });
}

bool Members::MayWrite(const log::DeviceId& device, const log::SpaceId& space) const {
  const Member* const member = ByDevice(device);
  if (member == nullptr) return false;
  return space == root_space_ || space == network_space_ || HasSeat(member->org, space);
}

bool Members::HasSeat(const log::OrgId& org, const log::SpaceId& space) const {
  const SpaceState* const circle = FindSpace(space);
  return circle != nullptr &&
         std::binary_search(circle->members.begin(), circle->members.end(), org);
}

std::optional<ClockS> Members::NextEndOfReading(ClockS now_s) const {
  std::optional<ClockS> next;
  for (const SpaceState& circle : spaces_)
    for (const Observer& one : circle.observers)
      if (const ClockS end = EndOf(one); end > now_s && (!next || end < *next)) next = end;
  return next;
}

const Member* Members::EverByDevice(const log::DeviceId& device) const {
  const Member* member = ByDevice(device);
  return member != nullptr ? member : FindBy(former_, &Member::device, device);
}

std::optional<std::string> Members::WhyNoKind(const log::SpaceId& space,
                                              std::string_view kind) const {
  if (!Knows(space)) return "unknown space";
  if (space == root_space_) {
    if (!IsRootKind(kind)) return "kind not known in the root space";
  } else if (!IsSpaceKind(kind)) {
    return "kind not known in this space";
  }
  return std::nullopt;
}

std::optional<std::string> Members::WhyNotWrite(const log::DeviceId& device,
                                                const log::SpaceId& space,
                                                std::string_view kind) const {
  if (ByDevice(device) == nullptr) return "device of no member";
  if (!MayWrite(device, space)) return "unknown space";
  return WhyNoKind(space, kind);
}

}  // namespace geflecht::governance
