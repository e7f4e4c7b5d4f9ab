// The names of docs/formats/entry.md.
#pragma once

#include <cstdint>
#include <string_view>

#include "base/strong_id.h"
#include "node/crypto/hash.h"
#include "node/crypto/sign.h"

namespace geflecht::log {

using NetworkId = StrongId<struct NetworkTag, 32>;  // id of the founding charter
using SpaceId = StrongId<struct SpaceTag, 16>;
using DeviceId = crypto::PublicKey;  // Ed25519 key that signs a device's entries
using LifeId = StrongId<struct LifeTag, 8>;
using EntryId = StrongId<struct EntryTag, 32>;
using OrgId = StrongId<struct OrgTag, 32>;

inline constexpr std::string_view kEntryNamespace = "geflecht-entry@v1";
inline constexpr std::string_view kCharterNamespace = "geflecht-charter@v1";
inline constexpr std::string_view kCardNamespace = "geflecht-card@v1";
inline constexpr std::string_view kDeviceNamespace = "geflecht-device@v1";
inline constexpr std::string_view kBundleNamespace = "geflecht-bundle@v1";

// One writer's sequence of entries in one space.
struct FeedKey {
  SpaceId space;
  DeviceId device;
  LifeId life;
  // Of a forked feed, whose entries form a tree: this node's number of the branch, 0 for the one
  // that came first. It names a place in the node's own store and never leaves it.
  std::uint32_t branch = 0;
  auto operator<=>(const FeedKey&) const = default;
  bool SameFeed(const FeedKey& other) const {
    return space == other.space && device == other.device && life == other.life;
  }
};

// First 16 bytes of SHA-256("geflecht-root@v1" LF network id in hex): members and governance.
SpaceId RootSpace(const NetworkId& network);
// First 16 bytes of SHA-256("geflecht-network@v1" LF network id in hex): documents of all members.
SpaceId NetworkSpace(const NetworkId& network);
// SHA-256("geflecht-org@v1" LF root key in hex); stays the same when the root key is rotated.
OrgId OrgOf(const crypto::PublicKey& first_root_key);

}  // namespace geflecht::log
