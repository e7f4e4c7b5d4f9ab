// Who belongs to the network and what each device may do, as decided. Pure.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "node/governance/state.h"
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

// Seconds since 1970, as the caller's clock has it: observers read until a day.
using ClockS = std::int64_t;

// The members, devices and spaces of one network. Immutable.
class Members {
 public:
  // Of a founding that every founder has signed (Founding::Missing is empty; CHECKed).
  static Members Of(const log::Founding& founding);
  // As decided since. `former` are devices that belonged to it, for what they once wrote.
  static Members Of(const log::NetworkId& network, std::vector<Member> present,
                    std::vector<Member> former, std::vector<SpaceState> spaces = {});

  const log::NetworkId& network() const { return network_; }
  const log::SpaceId& root_space() const { return root_space_; }
  const log::SpaceId& network_space() const { return network_space_; }
  // Ascending by org id, then by device.
  const std::vector<Member>& all() const { return members_; }

  // Devices that belonged to the network once, in the same order.
  const std::vector<Member>& former() const { return former_; }

  // Nullptr if no member has that key. Valid as long as this object.
  const Member* ByDevice(const log::DeviceId& device) const;
  // The same with devices that belonged to the network once.
  const Member* EverByDevice(const log::DeviceId& device) const;
  const Member* ByTlsKey(const crypto::PublicKey& tls_key) const;

  bool operator==(const Members&) const = default;

  // Spaces that decisions have founded, by id. The root space and the network space are none.
  const std::vector<SpaceState>& spaces() const { return spaces_; }
  const SpaceState* FindSpace(const log::SpaceId& space) const;  // nullptr; valid as long as this

  bool Knows(const log::SpaceId& space) const;
  // Whether bodies and headers of `space` go to `device`.
  bool MayServe(const log::DeviceId& device, const log::SpaceId& space, ClockS now_s) const;
  // Whether entries of `device` in `space` stand by themselves: it may write there.
  bool MayWrite(const log::DeviceId& device, const log::SpaceId& space) const;
  // Whether the organisation has a member's seat in a space that a decision has founded.
  bool HasSeat(const log::OrgId& org, const log::SpaceId& space) const;
  // When an observer ceases to read next, after `now_s`; nothing if nobody does.
  std::optional<ClockS> NextEndOfReading(ClockS now_s) const;
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
  std::vector<SpaceState> spaces_;
};

}  // namespace geflecht::governance
