// The own-head anchor: what the device has written last, kept outside the store and outside its
// backups (docs/formats/store.md, "Anchor"). A store that lacks what the anchor names is older than
// what the device once gave away; a missing anchor means a copy or a restored backup.
#pragma once

#include <optional>

#include "node/log/ids.h"
#include "node/store/store.h"

namespace geflecht::replica {

struct Anchor {
  log::DeviceId device;
  log::LifeId life;
  struct Last {
    log::SpaceId space;
    std::uint64_t seq = 0;
    log::EntryId id;
    bool operator==(const Last&) const = default;
  };
  std::optional<Last> last;  // nothing: no entry of this life yet
  bool operator==(const Anchor&) const = default;
};

// Always the same size, so that it is overwritten in place.
inline constexpr std::size_t kAnchorBytes = 512;
Bytes EncodeAnchor(const Anchor& anchor);
// Nothing if the bytes were not written by EncodeAnchor as a whole.
std::optional<Anchor> DecodeAnchor(ByteView bytes);

// Whether the device may go on in `life`: the anchor is this device's, of this life, and the store
// has the entry that it names. Fails only if the store does.
Result<bool> AnchorFits(const std::optional<Anchor>& anchor, const log::DeviceId& device,
                        const log::LifeId& life, const store::View& durable);

}  // namespace geflecht::replica
