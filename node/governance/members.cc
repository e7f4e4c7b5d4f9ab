#include "node/governance/members.h"

#include <algorithm>

#include "base/check.h"
#include "node/log/fork.h"

namespace geflecht::governance {
namespace {

template <class Key>
const Member* FindBy(const std::vector<Member>& members, Key Member::*field, const Key& key) {
  const auto it = std::find_if(members.begin(), members.end(),
                               [&](const Member& member) { return member.*field == key; });
  return it == members.end() ? nullptr : &*it;
}

}  // namespace

Members Members::Of(const log::Founding& founding) {
  CHECK(founding.Missing().empty());
  Members members;
  members.network_ = founding.network();
  members.root_space_ = log::RootSpace(members.network_);
  members.network_space_ = log::NetworkSpace(members.network_);
  for (const log::Card& card : founding.text.founders)
    members.members_.push_back(
        {card.org(), card.organisation, card.root_key, card.device, card.tls_key});
  std::sort(members.members_.begin(), members.members_.end(),
            [](const Member& a, const Member& b) { return a.org < b.org; });
  return members;
}

const Member* Members::ByDevice(const log::DeviceId& device) const {
  return FindBy(members_, &Member::device, device);
}

const Member* Members::ByTlsKey(const crypto::PublicKey& tls_key) const {
  return FindBy(members_, &Member::tls_key, tls_key);
}

bool Members::Knows(const log::SpaceId& space) const {
  return space == root_space_ || space == network_space_;
}

bool Members::MayServe(const log::DeviceId& device, const log::SpaceId& space) const {
  return Knows(space) && ByDevice(device) != nullptr;
}

std::optional<std::string> Members::WhyNotWrite(const log::DeviceId& device,
                                                const log::SpaceId& space,
                                                std::string_view kind) const {
  if (ByDevice(device) == nullptr) return "device of no member";
  if (space == root_space_) return "kind not known in the root space";
  if (space != network_space_) return "unknown space";
  if (kind != "change" && kind != "gather" && kind != log::kForkEvidence)
    return "kind not known in this space";
  return std::nullopt;
}

}  // namespace geflecht::governance
