// Who belongs to the network and what each device may do. Pure: computed from the founding charter.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "node/log/charter.h"

namespace geflecht::governance {

struct Member {
  log::OrgId org;
  std::string name;
  crypto::PublicKey root_key;
  log::DeviceId device;
  crypto::PublicKey tls_key;
};

// The members and devices of one network. Immutable.
class Members {
 public:
  // Of a founding that every founder has signed (Founding::Missing is empty; CHECKed).
  static Members Of(const log::Founding& founding);

  const log::NetworkId& network() const { return network_; }
  const log::SpaceId& root_space() const { return root_space_; }
  const log::SpaceId& network_space() const { return network_space_; }
  const std::vector<Member>& all() const { return members_; }  // ascending by org id

  // Nullptr if nobody has that key. Valid as long as this object.
  const Member* ByDevice(const log::DeviceId& device) const;
  const Member* ByTlsKey(const crypto::PublicKey& tls_key) const;

  bool Knows(const log::SpaceId& space) const;
  // Whether bodies and headers of `space` go to `device`.
  bool MayServe(const log::DeviceId& device, const log::SpaceId& space) const;
  // Why an entry of `kind` by `device` in `space` is refused, or nothing (docs/formats/kinds.md).
  std::optional<std::string> WhyNotWrite(const log::DeviceId& device, const log::SpaceId& space,
                                         std::string_view kind) const;

 private:
  log::NetworkId network_;
  log::SpaceId root_space_;
  log::SpaceId network_space_;
  std::vector<Member> members_;
};

}  // namespace geflecht::governance
