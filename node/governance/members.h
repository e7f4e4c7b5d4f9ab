// Who belongs to the network and what each device may do, as decided. Pure.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "node/log/charter.h"

namespace geflecht::governance {

// A device of a member organisation.
struct Member {
  log::OrgId org;
  std::string name;
  crypto::PublicKey root_key;
  log::DeviceId device;
  crypto::PublicKey tls_key;
  bool active = true;  // the organisation; an inactive one reads and writes, but does not count
  bool operator==(const Member&) const = default;
};

// The members and devices of one network. Immutable.
class Members {
 public:
  // Of a founding that every founder has signed (Founding::Missing is empty; CHECKed).
  static Members Of(const log::Founding& founding);
  // As decided since. `former` are devices that belonged to it, for what they once wrote.
  static Members Of(const log::NetworkId& network, std::vector<Member> present,
                    std::vector<Member> former);

  const log::NetworkId& network() const { return network_; }
  const log::SpaceId& root_space() const { return root_space_; }
  const log::SpaceId& network_space() const { return network_space_; }
  // Ascending by org id, then by device.
  const std::vector<Member>& all() const { return members_; }

  // Nullptr if no member has that key. Valid as long as this object.
  const Member* ByDevice(const log::DeviceId& device) const;
  // The same with devices that belonged to the network once.
  const Member* EverByDevice(const log::DeviceId& device) const;
  const Member* ByTlsKey(const crypto::PublicKey& tls_key) const;

  bool operator==(const Members&) const = default;

  bool Knows(const log::SpaceId& space) const;
  // Whether bodies and headers of `space` go to `device`.
  bool MayServe(const log::DeviceId& device, const log::SpaceId& space) const;
  // Why an entry of `kind` in `space` is refused, or nothing (docs/formats/kinds.md).
  std::optional<std::string> WhyNoKind(const log::SpaceId& space, std::string_view kind) const;
  // The same for an entry of a device that is to be a member's now.
  std::optional<std::string> WhyNotWrite(const log::DeviceId& device, const log::SpaceId& space,
                                         std::string_view kind) const;

 private:
  log::NetworkId network_;
  log::SpaceId root_space_;
  log::SpaceId network_space_;
  std::vector<Member> members_;
  std::vector<Member> former_;
};

}  // namespace geflecht::governance
